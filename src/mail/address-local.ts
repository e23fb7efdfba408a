/** RFC 5321 4.5.3.1.1, counted in characters as mail software does for internationalized names. */
const maximumLocalLength = 64;

/** RFC 5322 3.2.3 `atext`, the dot, and RFC 6531's everything beyond ASCII (judged further below). */
const dotAtomCharacters = /^[\w.!#$%&'*+\-/=?^`{|}~\u{80}-\u{10ffff}]+$/u;
/** RFC 5322 3.2.4: what may stand between quotes, escapes already undone. */
const quotedCharacters = /^[ -~\u{80}-\u{10ffff}]*$/u;
/**
 * Separators, control, format (bidirectional, zero width), surrogate, private and unassigned characters, and
 * letters and marks that show nothing.
 */
const invisible = /[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u;

export interface LocalOptions {
  allowSmtputf8?: boolean;
  allowEmptyLocal?: boolean;
  allowQuotedLocal?: boolean;
  allowCompatibilityCharacters?: boolean;
  lowercase?: boolean;
}

/** The canonical form of what stands before the `@`, or `undefined`. */
export function normalizeLocal(text: string, options: LocalOptions): string | undefined {
  if (text === '') return options.allowEmptyLocal === true ? '' : undefined;
  const quoted = text.length >= 2 && text.startsWith('"') && text.endsWith('"');
  if (quoted && options.allowQuotedLocal !== true) return undefined;
  const content = quoted ? unquote(text.slice(1, -1)) : text;
  if (content === undefined) return undefined;

  // Judged after normalization: U+037E becomes a semicolon, U+212A the letter K.
  const composed = content.normalize('NFC');
  const local = options.lowercase === false ? composed : composed.toLowerCase().normalize('NFC');
  if (!isSafe(local, quoted, options)) return undefined;
  if (!quoted && !isDotAtom(local)) return undefined;
  const canonical = isDotAtom(local) ? local : `"${local.replace(/["\\]/g, '\\$&')}"`;
  return [...canonical].length > maximumLocalLength ? undefined : canonical;
}

function isSafe(local: string, quoted: boolean, options: LocalOptions): boolean {
  if (/^[ -~]*$/.test(local)) return true;
  if (options.allowSmtputf8 === false) return false;
  if (invisible.test(quoted ? local.replaceAll(' ', '') : local) || /^\p{M}/u.test(local)) return false;
  // Full-width `＠`, `，` and the like never pass: mail software on the way may fold them into what they look like.
  const folded = local.normalize('NFKC');
  if (!(quoted ? quotedCharacters : dotAtomCharacters).test(folded)) return false;
  return folded === local || options.allowCompatibilityCharacters === true;
}

function isDotAtom(local: string): boolean {
  return dotAtomCharacters.test(local) && !local.startsWith('.') && !local.endsWith('.') && !local.includes('..');
}

/** Undoes backslash escapes; `undefined` if a quote or a backslash stands unescaped. */
function unquote(text: string): string | undefined {
  if (!quotedCharacters.test(text) || !/^(?:[^"\\]|\\.)*$/u.test(text)) return undefined;
  return text.replace(/\\(.)/gu, '$1');
}
