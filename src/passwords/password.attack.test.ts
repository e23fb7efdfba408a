import { describe, expect, it } from 'vitest';
import { passwordLengthValidator } from './length.js';
import { isHashablePassword, normalizePassword } from './normalize.js';
import { createPasswordUtil } from './password-util.js';

const util = createPasswordUtil({ passwordComplexityChecker: 'zxcvbn' });

describe('P5 length and content (modern, flask)', () => {
  it.each([
    ['a megabyte', 'x'.repeat(1_000_000), 'PASSWORD_TOO_LONG'],
    ['a million emoji', '\u{1f511}'.repeat(1_000_000), 'PASSWORD_TOO_LONG'],
    ['a million accents', `a${'\u0301'.repeat(1_000_000)}`, 'PASSWORD_TOO_LONG'],
    ['129 characters', 'x'.repeat(129), 'PASSWORD_TOO_LONG'],
    ['129 emoji', '\u{1f511}'.repeat(129), 'PASSWORD_TOO_LONG'],
    ['few characters that normalize into many', '\ufdfa'.repeat(128), 'PASSWORD_TOO_MANY_BYTES'],
    ['a NUL', 'long enough\0 and more', 'PASSWORD_ILLEGAL_CHARACTERS'],
    ['a NUL at the end', 'long enough\0', 'PASSWORD_ILLEGAL_CHARACTERS'],
    ['a lone high surrogate', 'long enough\ud83d', 'PASSWORD_ILLEGAL_CHARACTERS'],
    ['a lone low surrogate', '\udd11long enough', 'PASSWORD_ILLEGAL_CHARACTERS'],
    ['surrogates the wrong way round', 'long \udd11\ud83d enough', 'PASSWORD_ILLEGAL_CHARACTERS'],
    ['nothing', '', 'PASSWORD_INVALID_LENGTH'],
    ['one ligature of eighteen letters', '\ufdfa', 'PASSWORD_INVALID_LENGTH'],
    ['four letters with accents of their own', 'e\u0301'.repeat(4), 'PASSWORD_INVALID_LENGTH'],
  ])('P5 %s is refused as a new password, before it could be hashed', async (_name, password, message) => {
    const { errors } = await util.validate(password, true, {});
    expect(errors.map((error) => error.message)).toEqual([message]);
  });

  it.each([
    ['a megabyte', 'x'.repeat(1_000_000)],
    ['a million emoji', '\u{1f511}'.repeat(1_000_000)],
    ['4097 bytes', 'é'.repeat(2049)],
    ['a NUL', 'a\0b'],
    ['a lone surrogate', 'a\ud800'],
    ['an array', ['password']],
    ['an object', { toString: () => 'password' }],
    ['nothing', undefined],
    ['null', null],
    ['a number', 12345678],
  ])('P5 %s is no password to log in with either', (_name, password) => {
    expect(isHashablePassword(password)).toBe(false);
  });

  it('P5 long passwords of any script within the limit pass', async () => {
    for (const password of ['x'.repeat(128), '\u{1f511}'.repeat(128), '한'.repeat(128)]) {
      expect(isHashablePassword(password)).toBe(true);
      expect(passwordLengthValidator(password)).toEqual([]);
    }
  });

  it('P5 normalization leaves alone what must not be hashed', () => {
    const long = 'ﬁ'.repeat(1_000_000);
    expect(normalizePassword(long)).toBe(long);
  });
});

describe('P6 normalization (modern, flask)', () => {
  it('P6 every composition of one password is one password', () => {
    const typed = 'Ångström ﬁancé Ａ1';
    const forms = (['NFC', 'NFD', 'NFKC', 'NFKD'] as const).map((form) => util.normalize(typed.normalize(form)));
    expect(new Set(forms).size).toBe(1);
    expect(util.normalize('\u212bngström')).toBe(util.normalize('Ångström'));
    expect(util.normalize('ﬁ')).toBe('fi');
    expect(util.normalize('ｐａｓｓ')).toBe('pass');
  });

  it('P6 what is another password stays another: case, spaces, the dotless i', () => {
    for (const [one, other] of [
      ['pass', 'Pass'],
      ['pass', 'pass '],
      ['pıss', 'piss'],
      ['a b', 'ab'],
    ] as const) {
      expect(util.normalize(one)).not.toBe(util.normalize(other));
    }
  });
});

describe('A6 the complexity check (modern, flask)', () => {
  // zxcvbn asked about all 128 characters takes seconds for each of these.
  it.each([
    '4@8({[<369&#!1/|0$5+7%2'.repeat(6),
    'p@ssw0rd'.repeat(16),
    '1.1.2011'.repeat(16),
    '0123456789'.repeat(12),
    '\u{1f511}'.repeat(128),
  ])('A6 judges no more than its first 48 characters: %s', async (password) => {
    const cut = await util.validate([...password].slice(0, 128).join(''), true, {});
    const tail = await util.validate(`${password.slice(0, 48)}password`, true, {});
    expect(cut.errors).toEqual(tail.errors);
  });
});
