import { randomHex } from './encoding.js';
import { parseJson } from './json.js';

/** A text that Python keeps as something else: it reads as text here and goes back as what it was. */
export interface TaggedText {
  readonly tag: 'uuid' | 'markup';
  readonly value: string;
  toString(): string;
  toJSON(): string;
}

// Kept beside the values, not in them: nobody can forge a kind with a JSON object, and arrays stay plain arrays.
const tuples = new WeakSet<object>();
const taggedTexts = new WeakSet<object>();

/** Marks an array to be written as a Python tuple; it stays an ordinary array. */
export const tuple = <T extends readonly unknown[]>(values: T): T => {
  tuples.add(values);
  return values;
};

const taggedText = (tag: TaggedText['tag'], value: string): TaggedText => {
  const text: TaggedText = Object.freeze({ tag, value, toString: () => value, toJSON: () => value });
  taggedTexts.add(text);
  return text;
};

/** Text that Python's templates take as safe HTML. */
export const markup = (html: string): TaggedText => taggedText('markup', html);

/**
 * A Python UUID.
 * @throws RangeError when the text is not 32 hexadecimal digits, with or without hyphens.
 */
export const uuid = (text: string): TaggedText => {
  const digits = text.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) throw new RangeError('not a UUID');
  const part = (from: number, to: number): string => digits.slice(from, to);
  return taggedText('uuid', [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join('-'));
};

const isTaggedText = (value: object): value is TaggedText => taggedTexts.has(value);

const tagNames = new Set([' di', ' t', ' b', ' m', ' u', ' d']);
const maximumDepth = 100;

// Python escapes everything beyond printable ASCII, DEL included.
const beyondAscii = /[\u007f-\uffff]/;
const writeText = (text: string): string => {
  const json = JSON.stringify(text);
  if (!beyondAscii.test(json)) return json;
  return json.replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
};

const exotic = /[\ud800-\uffff]/;

// By code point, as Python sorts; UTF-16 order differs only where surrogates are.
const compareKeys = (a: string, b: string): number => {
  if (exotic.test(a) && exotic.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
};

const writeList = (values: readonly unknown[], depth: number): string =>
  `[${values.map((value) => write(value, depth)).join(',')}]`;

const writeObject = (value: object, depth: number): string => {
  const entries = Object.entries(value).filter(([key, item]) => item !== undefined && key !== '__proto__');
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && tagNames.has(first[0])) {
    return `{" di":{${writeText(`${first[0]}__`)}:${write(first[1], depth)}}}`;
  }
  entries.sort(([a], [b]) => compareKeys(a, b));
  return `{${entries.map(([key, item]) => `${writeText(key)}:${write(item, depth)}`).join(',')}}`;
};

const writeSpecial = (value: object): string | undefined => {
  if (value instanceof Uint8Array) return `{" b":"${Buffer.from(value).toString('base64')}"}`;
  if (value instanceof Date) return `{" d":${writeText(value.toUTCString())}}`;
  if (!isTaggedText(value)) return undefined;
  return value.tag === 'markup' ? `{" m":${writeText(value.value)}}` : `{" u":"${value.value.replaceAll('-', '')}"}`;
};

const write = (value: unknown, depth = maximumDepth): string => {
  if (depth === 0) throw new TypeError('the session is nested too deeply');
  switch (typeof value) {
    case 'string':
      return writeText(value);
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'number':
      return String(value);
    case 'undefined':
      return 'null';
    case 'object': {
      if (value === null) return 'null';
      if (!Array.isArray(value)) return writeSpecial(value) ?? writeObject(value, depth - 1);
      const list = writeList(value, depth - 1);
      return tuples.has(value) ? `{" t":${list}}` : list;
    }
    default:
      throw new TypeError(`a session cannot hold a ${typeof value}`);
  }
};

const asTuple = (value: unknown): unknown => (Array.isArray(value) && value.length === 2 ? tuple(value) : value);

/**
 * A session as Flask's TaggedJSONSerializer writes it: keys sorted, ASCII only. Flashed messages go out as tuples.
 * @throws TypeError when a value has no form in it (a function, a symbol) or is nested more than 100 deep.
 */
export const writeSession = (session: Readonly<Record<string, unknown>>): string =>
  write(Array.isArray(session._flashes) ? { ...session, _flashes: session._flashes.map(asTuple) } : session);

// Whole numbers that a double cannot hold, NaN and Infinity are somebody else's and must not change on the way.
const numberMark = `\u0000${randomHex(16)}:`;
const perhapsUnsafe = /\d{16}|NaN|Infinity/;
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity/g;

const keepNumber = (token: string): string => {
  if (token.startsWith('"')) return token;
  if (/^-?\d+$/.test(token) ? String(Number(token)) === token : Number.isFinite(Number(token))) return token;
  return JSON.stringify(numberMark + token);
};

const readNumber = (text: string): bigint | number => (/^-?\d+$/.test(text) ? BigInt(text) : Number(text));

const readTagged = (tag: string, content: unknown, depth: number): unknown => {
  if (tag === ' t' && Array.isArray(content)) return tuple(content.map((item) => read(item, depth)));
  if (tag === ' di' && typeof content === 'object' && content !== null) {
    const [entry] = Object.entries(content);
    // `__proto__` is the only name that must not come out; cutting two characters could otherwise make it.
    if (entry !== undefined && tagNames.has(entry[0].slice(0, -2))) {
      return { [entry[0].slice(0, -2)]: read(entry[1], depth) };
    }
  }
  if (typeof content === 'string') {
    if (tag === ' b') return Buffer.from(content, 'base64');
    if (tag === ' m') return markup(content);
    if (tag === ' u') return uuid(content);
    if (tag === ' d') {
      const date = new Date(content);
      return Number.isNaN(date.getTime()) ? null : date;
    }
  }
  throw new TypeError(`malformed tag ${tag}`);
};

const read = (value: unknown, depth = maximumDepth): unknown => {
  if (depth === 0) throw new TypeError('the session is nested too deeply');
  if (typeof value === 'string') {
    return value.startsWith(numberMark) ? readNumber(value.slice(numberMark.length)) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => read(item, depth - 1));
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && tagNames.has(first[0])) {
    return readTagged(first[0], first[1], depth - 1);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, read(item, depth - 1)]));
};

/**
 * Reads what Flask's TaggedJSONSerializer wrote. Tuples become arrays (and remember it), bytes Buffers, datetimes Dates, UUID and
 * Markup {@link TaggedText}, whole numbers that a double cannot hold bigints. Keys `__proto__` are dropped.
 * @throws SyntaxError, TypeError or RangeError when the text is malformed.
 */
export const readSession = (text: string): unknown =>
  read(parseJson(perhapsUnsafe.test(text) ? text.replace(stringOrNumber, keepNumber) : text));
