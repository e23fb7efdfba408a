import { parseJson } from '../crypto/json.js';
import { isJsonType, mediaType } from './accept.js';
import type { RequestBody } from './types.js';

/** A form may have this many fields (attack line A6). */
export const maximumFormFields = 200;
const maximumJsonDepth = 32;

/** Is this a type of body that we read at all? */
export function isParsable(contentType: string | undefined): boolean {
  const type = mediaType(contentType);
  return type === 'application/x-www-form-urlencoded' || isJsonType(type);
}

/** Parses the bytes of a body by its `Content-Type`. Bodies of other types count as none. */
export function parseBody(contentType: string | undefined, bytes: Uint8Array): RequestBody {
  const type = mediaType(contentType);
  if (bytes.byteLength === 0) return isJsonType(type) ? { kind: 'json', value: {} } : { kind: 'none' };
  if (isJsonType(type)) return readJson(bytes);
  if (type === 'application/x-www-form-urlencoded') return parseForm(new TextDecoder().decode(bytes));
  return { kind: 'none' };
}

function readJson(bytes: Uint8Array): RequestBody {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { kind: 'invalid', status: 400, reason: 'The body is not UTF-8.' };
  }
  if (depthOf(text) > maximumJsonDepth)
    return { kind: 'invalid', status: 400, reason: 'The JSON is nested too deeply.' };
  try {
    return { kind: 'json', value: parseJson(text) };
  } catch {
    return { kind: 'invalid', status: 400, reason: 'The body is not valid JSON.' };
  }
}

/** Deepest nesting of brackets outside of strings: counted before parsing, so that depth costs nothing. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 92) index += 1;
      else if (code === 34) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return deepest;
}

/** Parses `application/x-www-form-urlencoded` text. */
export function parseForm(text: string): RequestBody {
  let separators = 0;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) separators += 1;
  if (separators >= maximumFormFields) return { kind: 'invalid', status: 413, reason: 'The form has too many fields.' };
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    // The body is left for the application's handlers, who may copy it by assignment (attack line P11).
    if (name === '__proto__') continue;
    const values = fields.get(name);
    if (values) values.push(value);
    else fields.set(name, [value]);
  }
  return { kind: 'form', fields };
}

/**
 * Takes over what the application's own body parser has already made of the body. Nested values of an "extended" form
 * parser are kept as they are and become field errors later, as everything that is not text.
 */
export function adoptParsedBody(contentType: string | undefined, parsed: unknown): RequestBody {
  const type = mediaType(contentType);
  if (isJsonType(type)) {
    return depthOfValue(parsed, 0) > maximumJsonDepth
      ? { kind: 'invalid', status: 400, reason: 'The JSON is nested too deeply.' }
      : { kind: 'json', value: parsed };
  }
  if (type !== 'application/x-www-form-urlencoded' && type !== 'multipart/form-data') return { kind: 'none' };
  if (typeof parsed === 'string') return parseForm(parsed);
  if (typeof parsed !== 'object' || parsed === null) return { kind: 'none' };
  const fields = new Map<string, string[]>();
  for (const [name, value] of Object.entries(parsed)) {
    const values = Array.isArray(value) ? value : [value];
    fields.set(name, values.every((entry) => typeof entry === 'string') ? values : []);
  }
  if (fields.size > maximumFormFields) return { kind: 'invalid', status: 413, reason: 'The form has too many fields.' };
  return { kind: 'form', fields };
}

function depthOfValue(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > maximumJsonDepth) return depth;
  return Object.values(value).reduce<number>(
    (deepest, entry) => Math.max(deepest, depthOfValue(entry, depth + 1)),
    depth,
  );
}
