import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSessionCookie, markup, tuple, uuid } from './session-cookie.js';
import { readSession, writeSession } from './session-tags.js';

const cookie = createSessionCookie({ secretKeys: ['a key'] });

describe('session cookie', () => {
  test('every JSON object comes back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (session) => {
        // JSON has no -0, and a key `__proto__` is dropped on purpose.
        const expected: unknown = JSON.parse(JSON.stringify(session), (key, item) =>
          key === '__proto__' ? undefined : item,
        );
        expect(cookie.open(cookie.seal(session, 0), { now: 0 })).toEqual(expected);
      }),
    );
  });

  test('names that look like tags stay names', () => {
    for (const name of [' di', ' t', ' b', ' m', ' u', ' d', ' x', ' t__']) {
      const session = { [name]: { [name]: 1 } };
      expect(cookie.open(cookie.seal(session, 0), { now: 0 })).toEqual(session);
    }
  });

  test('tagged values keep their kind through reading and writing', () => {
    const text = writeSession({
      bytes: Buffer.from([0, 255]),
      id: uuid('0123456789ABCDEF0123456789abcdef'),
      html: markup('<b>'),
      pair: tuple([1, tuple([])]),
      when: new Date('2024-02-29T12:00:00.999Z'),
      huge: 12345678901234567890n,
      strange: [Number.NaN, Number.POSITIVE_INFINITY],
      quoted: '12345678901234567890 NaN "',
    });
    expect(text).toBe(
      '{"bytes":{" b":"AP8="},"html":{" m":"<b>"},"huge":12345678901234567890,"id":{" u":"0123456789abcdef0123456789abcdef"},' +
        '"pair":{" t":[1,{" t":[]}]},"quoted":"12345678901234567890 NaN \\"","strange":[NaN,Infinity],' +
        '"when":{" d":"Thu, 29 Feb 2024 12:00:00 GMT"}}',
    );
    // What was written is an object.
    expect(writeSession(readSession(text) as Record<string, unknown>)).toBe(text);
  });

  test('flashed messages leave as tuples, other lists as lists', () => {
    expect(writeSession({ _flashes: [['info', 'hi']], list: [['info', 'hi']] })).toBe(
      '{"_flashes":[{" t":["info","hi"]}],"list":[["info","hi"]]}',
    );
  });

  test('undefined members are left out; functions are the programmer’s mistake', () => {
    expect(writeSession({ a: undefined, b: 1 })).toBe('{"b":1}');
    expect(() => cookie.seal({ a: () => 1 }, 0)).toThrow(TypeError);
    expect(() => uuid('no')).toThrow(RangeError);
  });

  test('keys are sorted by code point, as Python sorts', () => {
    const session = { '\u{1f600}': 1, '\uffee': 2, b: 3, a: 4, ab: 5, 10: 6, 9: 7 };
    expect(writeSession(session)).toBe('{"10":6,"9":7,"a":4,"ab":5,"b":3,"\\uffee":2,"\\ud83d\\ude00":1}');
  });

  test('the digest and the salt are options', () => {
    const strong = createSessionCookie({ secretKeys: ['a key'], digest: 'sha256', salt: 'mine' });
    expect(strong.open(strong.seal({ a: 1 }, 0), { now: 0 })).toEqual({ a: 1 });
    expect(cookie.open(strong.seal({ a: 1 }, 0), { now: 0 })).toBeUndefined();
  });
});
