/**
 * Makes `specified-names.json`, the list that the loader is checked against: each configuration name of the
 * specification and, where the text gives a plain value, its documented default (timedeltas as seconds).
 *
 *     node test/parity/list-specified-names.mjs <specification.txt>
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = process.argv[2];
if (path === undefined) throw new Error('usage: list-specified-names.mjs <specification.txt>');
const text = readFileSync(path, 'utf8');
const chapter = text.slice(text.indexOf('\n1.4 Configuration\n'), text.indexOf('\n1.5 Models\n'));

/** A heading is a line with nothing but a name; the scan has lost some of the underscores. */
const heading = /^(?:SECURITY[_ ][A-Z0-9_ ]*[A-Z0-9]|SECRET_KEY)$/;
const entries = new Map();
let current;
let before = '';
for (const line of chapter.split('\n').map((raw) => raw.trim())) {
  if (line === '') continue;
  if (heading.test(line) && !before.endsWith('endpoints:')) {
    current = line.replaceAll(' ', '_');
    if (!entries.has(current)) entries.set(current, undefined);
  } else if (/^1\.4\.\d+ |^Additional relevant/.test(line)) current = undefined;
  else if (current !== undefined && entries.get(current) === undefined) {
    const written = /^Default:+\s*(.+)$/.exec(line)?.[1];
    if (written !== undefined) entries.set(current, plainValue(written));
  }
  before = line;
}
for (const [, key] of chapter.matchAll(/^- (SECURITY_MSG_[A-Z0-9_]+)$/gm)) entries.set(key, undefined);
/** Names of the parts around that the text mentions without an entry of their own. */
const around =
  /\b(?:WTF_CSRF|SESSION_COOKIE|REMEMBER_COOKIE|MAIL)_[A-Z_]*[A-Z]\b|\b(?:SERVER_NAME|APPLICATION_ROOT|LOGIN_DISABLED)\b/g;
for (const [name] of text.matchAll(around)) if (!entries.has(name)) entries.set(name, undefined);

/** The Python literal that a text begins with, as JSON has it; `undefined` if it begins with none. */
function plainValue(written) {
  const age = /^timedelta\(hours=(\d+)\)/.exec(written);
  if (age) return Number(age[1]) * 3600;
  const literal = /^(?:_\()?("[^"]*"|-?\d+|True|False|None|\[[^\]]*\]|\([^)]*\)|\{[^}]*\})/.exec(written)?.[1];
  if (literal === undefined) return undefined;
  const json = literal
    .replaceAll("'", '"')
    .replace(/^\((.*)\)$/, '[$1]')
    .replace(/,\s*([\]}])/, '$1')
    .replace(/\b(None|NONE)\b/g, 'null')
    .replace(/\b(True|False)\b/g, (word) => word.toLowerCase());
  return JSON.parse(json === '"auth token"' ? '"auth_token"' : json);
}

const lines = [...entries].map(([name, documented]) => JSON.stringify({ name, documented }));
writeFileSync(fileURLToPath(new URL('specified-names.json', import.meta.url)), `[\n${lines.join(',\n')}\n]\n`);
