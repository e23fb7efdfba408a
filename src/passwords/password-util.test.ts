import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passwordComplexityValidator } from './complexity.js';
import { passwordLengthValidator } from './length.js';
import { createPasswordUtil } from './password-util.js';
import { passwordTexts } from './types.js';
import { zxcvbnMessage, zxcvbnTexts } from './zxcvbn-texts.js';

const messages = (errors: { message: string }[]) => errors.map(({ message }) => message);

describe('PasswordUtil', () => {
  it('normalizes, then judges, and answers with the normalized password', async () => {
    const util = createPasswordUtil();
    expect(await util.validate('caf\u00e9 au lait', true, {})).toEqual({ errors: [], password: 'cafe\u0301 au lait' });
    expect(await util.validate('short', true, {})).toEqual({
      errors: [{ message: 'PASSWORD_INVALID_LENGTH', parameters: { length: 8 } }],
      password: '',
    });
  });

  it('keeps to its form', () => {
    expect(createPasswordUtil({ passwordNormalizeForm: null }).normalize('ﬁ\u00e9')).toBe('ﬁ\u00e9');
    expect(createPasswordUtil({ passwordNormalizeForm: 'NFC' }).normalize('ﬁe\u0301')).toBe('ﬁ\u00e9');
    expect(createPasswordUtil().normalize(' ﬁ ')).toBe(' fi ');
  });

  it('keeps to its limits', async () => {
    const util = createPasswordUtil({ passwordLengthMin: 10, passwordLengthMax: 64, passwordBytesMax: 72 });
    const judge = async (password: string) => messages((await util.validate(password, true, {})).errors);
    expect(await judge('a'.repeat(9))).toEqual(['PASSWORD_INVALID_LENGTH']);
    expect(await judge('a'.repeat(10))).toEqual([]);
    expect(await judge('a'.repeat(64))).toEqual([]);
    expect(await judge('a'.repeat(65))).toEqual(['PASSWORD_TOO_LONG']);
    expect(await judge('\u{1f511}'.repeat(18))).toEqual([]);
    expect(await judge('\u{1f511}'.repeat(19))).toEqual(['PASSWORD_TOO_MANY_BYTES']);
  });

  it.each([
    { passwordLengthMin: 0 },
    { passwordLengthMin: 1.5 },
    { passwordLengthMin: Number.NaN },
    { passwordLengthMax: 63 },
    { passwordLengthMin: 100, passwordLengthMax: 99 },
    { passwordBytesMax: 71 },
    { passwordBytesMax: 5000 },
  ])('refuses limits that cannot be met: %j', (options) => {
    expect(() => createPasswordUtil(options)).toThrow(RangeError);
  });

  it('accepts every ordinary password of 8 to 128 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 }), (password) => {
        const length = [...password.normalize('NFC')].length;
        const expected = length > 128 ? ['PASSWORD_TOO_LONG'] : [];
        if (!password.includes('\0')) expect(messages(passwordLengthValidator(password))).toEqual(expected);
      }),
    );
  });
});

describe('zxcvbn', () => {
  const options = { passwordComplexityChecker: 'zxcvbn' } as const;
  const judge = async (
    password: string,
    isRegister: boolean,
    context: Parameters<typeof passwordComplexityValidator>[2],
  ) => messages(await passwordComplexityValidator(password, isRegister, context, options));

  it('is off unless asked for', async () => {
    expect(await passwordComplexityValidator('password', true, {})).toEqual([]);
  });

  it('refuses what is guessed early and says why', async () => {
    expect(await judge('password1', true, {})).toEqual([
      'PASSWORD_TOO_SIMPLE',
      'ZXCVBN_WARNING_COMMON',
      'ZXCVBN_SUGGESTION_ANOTHER_WORD',
    ]);
    expect(await judge('correct horse battery staple', true, {})).toEqual([]);
  });

  it('follows the minimum score', async () => {
    const lenient = { ...options, zxcvbnMinimumScore: 0 };
    expect(await passwordComplexityValidator('password1', true, {}, lenient)).toEqual([]);
  });

  it('counts what is known of the user as guessable, whole and in words', async () => {
    const unknown = 'zanzibarine.quokkaville';
    expect(await judge(unknown, true, { fields: {} })).toEqual([]);
    expect(await judge(unknown, true, { fields: { email: `${unknown}@example.com` } })).toContain(
      'ZXCVBN_WARNING_USER_INPUTS',
    );
    expect(await judge('zanzibarine', false, { user: { name: 'Q. Zanzibarine', age: 7, boss: null } })).toContain(
      'PASSWORD_TOO_SIMPLE',
    );
    expect(await judge(unknown, false, { fields: { username: unknown } })).toEqual([]);
  });

  it('does not hold the password field against the password', async () => {
    const password = 'zanzibarine.quokkaville';
    expect(await judge(password, true, { fields: { password, password_confirm: password } })).toEqual([]);
  });

  it('is part of the whole, and can be loaded ahead', async () => {
    const util = createPasswordUtil(options);
    await util.prepare?.();
    expect(messages((await util.validate('password1', true, {})).errors)[0]).toBe('PASSWORD_TOO_SIMPLE');
  });

  it('has an English text for every key that zxcvbn knows', async () => {
    const { translations } = await import('@zxcvbn-ts/language-en');
    const keys = [
      ...Object.keys(translations.warnings).map((key) => zxcvbnMessage('WARNING', key)),
      ...Object.keys(translations.suggestions).map((key) => zxcvbnMessage('SUGGESTION', key)),
    ];
    expect(Object.keys(zxcvbnTexts).toSorted()).toEqual(keys.toSorted());
    expect(Object.keys(passwordTexts)).toContain('PASSWORD_TOO_LONG');
  });
});
