import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTimedSerializer } from './serializer.js';

const serializer = createTimedSerializer({ secretKeys: ['a key'], salt: 'test' });

describe('timed serializer', () => {
  test('every JSON value comes back, with its time', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4_000_000_000), (value, seconds) => {
        // JSON has no -0, and a key `__proto__` is dropped on purpose.
        const expected: unknown = JSON.parse(JSON.stringify(value), (key, item) =>
          key === '__proto__' ? undefined : item,
        );
        const token = serializer.dumps(value, seconds * 1000 + 999);
        expect(token).toMatch(/^[\w.-]+$/);
        expect(serializer.loads(token, { maxAge: 0, now: seconds * 1000 })).toEqual({
          ok: true,
          value: expected,
          issuedAt: seconds * 1000,
        });
      }),
    );
  });

  test('compresses when that is shorter, and only then', () => {
    const long = serializer.dumps('x'.repeat(5000), 0);
    expect(long.startsWith('.')).toBe(true);
    expect(long.length).toBeLessThan(100);
    expect(serializer.loads(long, { now: 0 })).toMatchObject({ ok: true, value: 'x'.repeat(5000) });
    expect(serializer.dumps('short', 0).startsWith('.')).toBe(false);
  });

  test('an expired token still says what it was for', () => {
    const token = serializer.dumps(['id'], 1000);
    expect(serializer.loads(token, { maxAge: 5, now: 60_000 })).toEqual({
      ok: false,
      reason: 'expired',
      value: ['id'],
      issuedAt: 1000,
    });
  });

  test('values without a JSON form are the programmer’s mistake', () => {
    for (const value of [undefined, () => 1, Symbol('x'), 1n])
      expect(() => serializer.dumps(value, 0)).toThrow(TypeError);
  });

  test.each([[[]], [['']], [['good', '']]])('refuses to start with the keys %j', (secretKeys) => {
    expect(() => createTimedSerializer({ secretKeys, salt: 'x' })).toThrow(RangeError);
  });
});
