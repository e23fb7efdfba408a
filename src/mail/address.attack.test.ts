import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeAddress } from './address.js';
import { splitMailbox } from './mailbox.js';

const canonical = (text: unknown) => normalizeAddress(text)?.address;

describe('P7 addresses that are not what they seem (modern, flask)', () => {
  const profiles = [{}, { lowercase: false, allowCompatibilityCharacters: true }];
  it.each([
    ['a quoted address before another domain', '"e@attacker.com"@victim.com'],
    ['a quoted address with a space', '"e@attacker.com x"@victim.com'],
    ['a list', 'e@attacker.com,u@victim.com'],
    ['a list by semicolon', 'e@attacker.com;u@victim.com'],
    ['a list by space', 'e@attacker.com u@victim.com'],
    ['angle brackets', '<e@victim.com>'],
    ['a name', 'u@victim.com <e@attacker.com>'],
    ['a group', 'g:e@attacker.com;'],
    ['a comment before', '(x)u@victim.com'],
    ['a comment after', 'u@victim.com(x)'],
    ['a source route', '<@attacker.com:u@victim.com>'],
    ['a bang path with a second @', 'u%victim.com@attacker.com@victim.com'],
    ['no @ but a percent', 'u%40victim.com'],
    ['a full-width @', 'u＠victim.com'],
    ['a full-width @ in the local part', 'e＠attacker.com@victim.com'],
    ['a small @', 'e﹫attacker.com@victim.com'],
    ['a full-width comma', 'e，u@victim.com'],
    ['a Greek question mark, which normalizes to a semicolon', 'e\u037eu@victim.com'],
    ['a line break and a header', 'u@victim.com\r\nBcc: e@attacker.com'],
    ['a line break at the end', 'u@victim.com\n'],
    ['a tab at the end', 'u@victim.com\t'],
    ['a NUL', 'u@victim.com\0@attacker.com'],
    ['a NUL in the local part', 'u\0@victim.com'],
    ['DEL', 'u\x7f@victim.com'],
    ['a right-to-left override', 'u\u202e@victim.com'],
    ['a right-to-left mark in the domain', 'u@vic\u200ftim.com'],
    ['a zero-width space', 'u\u200b@victim.com'],
    ['a zero-width joiner in the domain', 'u@vic\u200dtim.com'],
    ['a soft hyphen in the domain', 'u@vic\u00adtim.com'],
    ['a variation selector', 'u\ufe0f@victim.com'],
    ['a Hangul filler', 'u\u3164@victim.com'],
    ['a no-break space', 'u\u00a0x@victim.com'],
    ['half a surrogate pair', 'u\ud800@victim.com'],
    ['a mark that would join what stands before', '\u0301u@victim.com'],
    ['a domain that a browser would cut', 'u@attacker.com/.victim.com'],
    ['a character that looks like a slash', 'u@attacker.com\u2044.victim.com'],
    ['320 characters', `${'a'.repeat(64)}@${`${'b'.repeat(61)}.`.repeat(4)}example`],
  ])('P7 %s is refused', (_name, text) => {
    for (const profile of profiles) expect(normalizeAddress(text, profile)).toBeUndefined();
  });

  it.each([
    [['u@victim.com']],
    [null],
    [undefined],
    [42],
    [true],
    [{}],
    [{ toString: () => 'u@victim.com' }],
    [new String('u@victim.com')],
  ])('P7 a value that is not text is refused: %o', (value) => {
    expect(normalizeAddress(value)).toBeUndefined();
  });

  it('P7 homographs of a domain stay apart, in sight and on the wire', () => {
    const cyrillic = normalizeAddress('u@\u0430pple.com');
    expect(cyrillic?.asciiAddress).toBe('u@xn--pple-43d.com');
    expect(cyrillic?.address).not.toBe(canonical('u@apple.com'));
  });

  it('P6 spellings of one address collide or are refused, none makes a second account (modern)', () => {
    for (const text of [
      'fin@example.com',
      'FIN@example.com',
      ' fin@example.com ',
      'fin@EXAMPLE.com',
      'fin@ｅxample.com',
    ]) {
      expect(canonical(text)).toBe('fin@example.com');
    }
    for (const text of [
      'ﬁn@example.com',
      'ｆin@example.com',
      'fi\u200bn@example.com',
      'ſin@example.com',
      'ⓕin@example.com',
    ]) {
      expect(canonical(text)).toBeUndefined();
    }
    expect(canonical('\u212aate@example.com')).toBe('kate@example.com');
    expect(canonical('e\u0301@example.com')).toBe(canonical('\u00e9@example.com'));
    // The dotless i is a letter of its own: another mailbox, so another address in every form.
    expect(canonical('m\u0131ke@example.com')).toBe('m\u0131ke@example.com');
  });
});

describe('A6 long input', () => {
  it.each(['a', '@', '.', 'a.', '"', '\\', '<', ' ', '(', 'xn--', 'é', '\u0301', 'a@', '" '])(
    'A6 a megabyte of %j is refused unread',
    (piece) => {
      const long = piece.repeat(Math.ceil(1_000_000 / piece.length));
      for (const text of [long, `${long}@example.com`, `a@${long}`, `a@${long}.com`, `${long}<a@example.com>`]) {
        expect(normalizeAddress(text, { allowQuotedLocal: true, allowDisplayName: true })).toBeUndefined();
        expect(splitMailbox(text)).toBeUndefined();
      }
    },
  );

  it('A6 whatever the value, the answer is an address or none', () => {
    fc.assert(fc.property(fc.anything(), (value) => typeof normalizeAddress(value) !== 'string'));
  });
});
