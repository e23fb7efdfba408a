import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitize } from './sanitize.js';
import { createUsernameUtil } from './username-util.js';

const util = createUsernameUtil();
const refusal = (username: string) => util.validate(username).error?.message;

describe('UsernameUtil', () => {
  it.each([
    ['ada1', 'ada1'],
    ['Ada1815', 'Ada1815'],
    ['Ёжики', 'Ёжики'.normalize('NFKD')],
    ['名前はじめ', '名前はじめ'.normalize('NFKD')],
    ['Ⅷabc', 'VIIIabc'],
  ])('takes %j as %j', (username, expected) => {
    expect(util.validate(username)).toEqual({ username: expected });
    expect(util.normalize(username)).toBe(expected);
  });

  it('takes no name for no name', () => {
    expect(util.validate('')).toEqual({ username: null });
    expect(util.normalize('')).toBe('');
    expect(util.normalize('   ')).toBe('');
  });

  it('counts characters', () => {
    const invalidLength = {
      error: { message: 'USERNAME_INVALID_LENGTH', parameters: { min: 4, max: 32 } },
      username: null,
    };
    expect(util.validate('abc')).toEqual(invalidLength);
    expect(util.validate('a'.repeat(33))).toEqual(invalidLength);
    expect(refusal('a'.repeat(32))).toBeUndefined();
    expect(refusal('é'.repeat(32))).toBeUndefined();
    expect(refusal('é'.repeat(3))).toBe('USERNAME_INVALID_LENGTH');
    expect(refusal('𝔸'.repeat(3))).toBe('USERNAME_INVALID_LENGTH');
  });

  it('tells markup from characters that are not allowed', () => {
    for (const name of ['<b>ada1</b>', 'ada<script>', 'ada1 ', ' ada1', 'tom&jerry', 'a<bcd', 'a>bcd']) {
      expect(refusal(name)).toBe('USERNAME_ILLEGAL_CHARACTERS');
    }
    for (const name of [
      'ada.b',
      'ada b',
      'ada_b',
      'ada@example.com',
      'ada!',
      'ada😀',
      'ada\u0301\u0301x',
      "ada'--",
      '½abc',
    ]) {
      expect(refusal(name)).toBe('USERNAME_DISALLOWED_CHARACTERS');
    }
  });

  it('follows its options', () => {
    const own = createUsernameUtil({
      usernameMinLength: 1,
      usernameMaxLength: 3,
      usernameNormalizeForm: null,
      checkUsername: (name) => (name === 'no' ? { message: 'USERNAME_RESERVED', parameters: { name } } : undefined),
    });
    expect(own.validate('a.é')).toEqual({ username: 'a.é' });
    expect(own.validate('no')).toEqual({
      error: { message: 'USERNAME_RESERVED', parameters: { name: 'no' } },
      username: null,
    });
    expect(own.validate('four').error?.message).toBe('USERNAME_INVALID_LENGTH');
    expect(() => createUsernameUtil({ usernameMinLength: 5, usernameMaxLength: 4 })).toThrow(RangeError);
    expect(() => createUsernameUtil({ usernameMinLength: 0 })).toThrow(RangeError);
  });

  it('accepts only names that are their own canonical form, and never throws', () => {
    for (const lowercase of [false, true]) {
      const subject = createUsernameUtil({ usernameLowercase: lowercase, usernameMinLength: 1 });
      fc.assert(
        fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme', maxLength: 6 })), (text) => {
          const { error, username } = subject.validate(text);
          expect(error === undefined || username === null).toBe(true);
          if (username !== null) {
            expect(subject.normalize(text)).toBe(username);
            expect(subject.validate(username)).toEqual({ username });
          }
        }),
        { numRuns: 3000 },
      );
    }
  });
});

describe('sanitize', () => {
  it.each([
    ['plain', 'plain'],
    ['<b>x</b>', 'x'],
    ['a<!-- x -->b', 'ab'],
    ['<scr<script>ipt>alert(1)</script>', '&lt;script&gt;alert(1)'],
    ['1 < 2 & 3 > 2', '1 &lt; 2 &amp; 3 &gt; 2'],
    ['<img src=x onerror=alert(1)', '&lt;img src=x onerror=alert(1)'],
  ])('%j becomes %j', (text, expected) => {
    expect(sanitize(text)).toBe(expected);
  });

  it('leaves no angle bracket, whatever is nested into what', () => {
    const markup = fc.array(fc.constantFrom('<', '>', '&', '/', '!', 'b', 'script', ' ', '"', '--', 'x'), {
      maxLength: 20,
    });
    fc.assert(fc.property(markup, (parts) => !/[<>]/.test(sanitize(parts.join('')))));
  });
});
