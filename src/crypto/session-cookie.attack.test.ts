import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRememberCookie } from './remember-cookie.js';
import { createTimedSerializer } from './serializer.js';
import { createSessionCookie } from './session-cookie.js';

const keys = ['new key', 'old key'];
const cookie = createSessionCookie({ secretKeys: keys });
const raw = createTimedSerializer({
  secretKeys: keys,
  salt: 'cookie-session',
  keyDerivation: 'hmac',
  codec: { encode: String, decode: String },
});
const open = (json: string) => cookie.open(raw.dumps(json, 0), { now: 0 });

test('P11 no key `__proto__` comes out, at any depth, through any tag', () => {
  const hostile = [
    '{"__proto__":{"admin":true}}',
    '{"a":{"\\u005f\\u005fproto\\u005f\\u005f":{"admin":true}}}',
    '{"a":{" di":{"__proto____":{"admin":true}}}}',
    '{"a":{" t":[{"__proto__":{"admin":true}}]}}',
    '{" di":{"__proto__":1}}',
  ];
  for (const json of hostile) {
    const session = open(json);
    expect(JSON.stringify(session ?? {})).not.toContain('admin');
    expect(Object.assign({}, session, session?.a)).not.toHaveProperty('admin');
  }
});

test('A6 signed nonsense opens as nothing and never throws', () => {
  const malformed = [
    'null',
    '1',
    '[]',
    '"x"',
    '{',
    '{"a":{" t":1}}',
    '{"a":{" di":1}}',
    '{"a":{" di":{"x__":1}}}',
    '{"a":{" u":"x"}}',
    '{"a":{" b":1}}',
    '{" t":[]}',
    `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  ];
  for (const json of malformed) expect(open(json)).toBeUndefined();
  expect(open('{"a":{" d":"yesterday"}}')).toEqual({ a: null });
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => cookie.open(text, { now: 0 }) === undefined));
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]": tdibum_19N\\,') }), (text) => {
      open(text);
      open(`{"a":${text}}`);
    }),
  );
  expect(cookie.open('a'.repeat(1_000_000), { now: 0 })).toBeUndefined();
});

test('T3 the session ends with its age and not before', () => {
  const sealed = cookie.seal({ a: 1 }, 0);
  expect(cookie.open(sealed, { maxAge: 60, now: 60_999 })).toEqual({ a: 1 });
  expect(cookie.open(sealed, { maxAge: 60, now: 61_000 })).toBeUndefined();
  expect(cookie.open(cookie.seal({ a: 1 }, 5000), { maxAge: 60, now: 4999 })).toBeUndefined();
});

test('T11 session and remember cookies: the old key verifies and never signs, a removed one refuses', () => {
  const session = (key: string) => createSessionCookie({ secretKeys: [key] });
  expect(cookie.open(session('old key').seal({ a: 1 }, 0), { now: 0 })).toEqual({ a: 1 });
  expect(cookie.seal({ a: 1 }, 0)).toBe(session('new key').seal({ a: 1 }, 0));
  expect(cookie.open(session('gone').seal({ a: 1 }, 0), { now: 0 })).toBeUndefined();

  const remember = createRememberCookie({ secretKeys: keys });
  const single = (key: string) => createRememberCookie({ secretKeys: [key] });
  expect(remember.open(single('old key').seal('u'))).toBe('u');
  expect(remember.seal('u')).toBe(single('new key').seal('u'));
  expect(remember.open(single('gone').seal('u'))).toBeUndefined();
});

test('T12 remember cookie: nothing but its own text opens it, and nothing throws', () => {
  const remember = createRememberCookie({ secretKeys: keys });
  const sealed = remember.seal('user|1');
  expect(remember.open(sealed)).toBe('user|1');
  const digest = sealed.slice(sealed.lastIndexOf('|') + 1);
  const others = [
    '',
    '|',
    digest,
    `|${digest}`,
    `user|2|${digest}`,
    `user|1|${digest.toUpperCase()}`,
    `${sealed}0`,
    sealed.slice(0, -1),
  ];
  for (const other of [...others, `x${sealed}`, 'a'.repeat(1_000_000)]) expect(remember.open(other)).toBeUndefined();
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => remember.open(text) === undefined));
  fc.assert(fc.property(fc.string({ maxLength: 100 }), (text) => remember.open(remember.seal(text)) === text));
  expect(() => createRememberCookie({ secretKeys: [] })).toThrow(RangeError);
});
