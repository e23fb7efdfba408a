import { parseDuration } from '../core/duration.js';
import type { NameKind } from './specified-names.js';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

/** What a value of each kind looks like. */
const kinds: Readonly<Record<NameKind, { accepts: Check; expected: string }>> = {
  switch: { accepts: orNull(isFlag), expected: 'true or false' },
  flag: { accepts: orNull(isFlag), expected: 'true or false' },
  text: { accepts: isText, expected: 'a text' },
  'optional text': { accepts: orNull(isText), expected: 'a text or null' },
  path: {
    accepts: (value) => typeof value === 'string' && value.startsWith('/'),
    expected: 'a path that begins with "/"',
  },
  view: { accepts: orNull(isText), expected: 'a path, a URL, the name of an endpoint, or null' },
  duration: {
    accepts: orNull((value) =>
      typeof value === 'number'
        ? Number.isFinite(value)
        : typeof value === 'string' && parseDuration(value) !== undefined,
    ),
    expected: 'a number of seconds, or a text such as "5 days"',
  },
  count: { accepts: (value) => Number.isInteger(value) && Number(value) >= 0, expected: 'a whole number' },
  texts: { accepts: orNull((value) => Array.isArray(value) && value.every(isText)), expected: 'a list of texts' },
  dictionary: {
    accepts: orNull((value) => typeof value === 'object' && !Array.isArray(value)),
    expected: 'an object',
  },
  function: { accepts: (value) => typeof value === 'function', expected: 'a function' },
  anything: { accepts: () => true, expected: 'anything' },
};

/** What is wrong with the form of a value, if anything. */
export function problemWithKind(kind: NameKind, value: unknown): string | undefined {
  const { accepts, expected } = kinds[kind];
  return accepts(value) ? undefined : `expected ${expected}`;
}

/** Lists come as arrays or sets; inside, everything is an array. */
export function plainValue(value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}
