import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64urlDecode, base64urlEncode, constantTimeEqual, randomHex, randomToken, sha256Hex } from './encoding.js';

describe('base64url', () => {
  test('comes back as it went', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = base64urlEncode(bytes);
        expect(text).toMatch(/^[\w-]*$/);
        expect(base64urlDecode(text)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('any other text is either refused or its own canonical form', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), (text) => {
        const bytes = base64urlDecode(text);
        if (bytes !== undefined) expect(base64urlEncode(bytes)).toBe(text);
      }),
    );
  });

  test.each(['YQ==', 'YR', 'Y', 'YWI+', 'YW/i', 'YQ\n', ' YQ', 'Y\u0131Q', 'YQ.'])('refuses %j', (text) => {
    expect(base64urlDecode(text)).toBeUndefined();
  });

  test('takes text as UTF-8', () => expect(base64urlEncode('ü')).toBe('w7w'));
});

test('sha256Hex is the published digest of "abc"', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('T12 constantTimeEqual agrees with equality of bytes and never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(constantTimeEqual(a, a)).toBe(true);
      expect(constantTimeEqual(a, b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
      expect(constantTimeEqual(a, Buffer.from(a))).toBe(true);
    }),
  );
});

test('random values have the size asked for and do not repeat', () => {
  expect(randomToken()).toMatch(/^[\w-]{43}$/);
  expect(randomHex(4)).toMatch(/^[0-9a-f]{8}$/);
  expect(new Set(Array.from({ length: 1000 }, () => randomToken(16))).size).toBe(1000);
});
