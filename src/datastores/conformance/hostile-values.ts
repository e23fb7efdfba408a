import { describe, expect, it } from 'vitest';
import { existing, fresh, makeUser, type Subject } from './subject.js';

const injections = [
  "' OR '1'='1",
  '\'; DROP TABLE "user"; --',
  '" OR ""="',
  '\\',
  "\\' OR 1=1 -- ",
  '%',
  '_%',
  '$1',
  '?',
  ':p0',
];

export function hostileValues(subject: Subject): void {
  describe('hostile values', () => {
    const shapes: unknown[] = [
      { $gt: '' },
      { $ne: null },
      { toString: () => 'x' },
      [],
      ['x'],
      [[]],
      null,
      undefined,
      Symbol('x'),
      () => 'x',
      new Date(Number.NaN),
      Number.NaN,
      Number.POSITIVE_INFINITY,
      new Uint8Array([120]),
    ];

    it('P10 nothing but text, number, bigint, boolean or Date ever matches', async () => {
      const { datastore } = subject();
      await makeUser(datastore);
      for (const value of shapes) {
        for (const column of [
          'email',
          'username',
          'active',
          'login_count',
          'confirmed_at',
          'mf_recovery_codes',
          'id',
        ]) {
          expect(await datastore.findUser({ [column]: value })).toBeNull();
          expect(await datastore.findUser({ [column]: value }, { caseInsensitive: true })).toBeNull();
        }
      }
    });

    it('P10 a value of another kind than the column does not match', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore, { username: `0-${Math.random()}`, login_count: 1 });
      expect(await datastore.findUser({ username: 0 })).toBeNull();
      expect(await datastore.findUser({ email: 0 })).toBeNull();
      expect(await datastore.findUser({ email: false })).toBeNull();
      expect(await datastore.findUser({ active: 1, email: user.email })).toBeNull();
      expect(await datastore.findUser({ active: 'true', email: user.email })).toBeNull();
      expect(await datastore.findUser({ login_count: '1abc', email: user.email })).toBeNull();
      expect(await datastore.findUser({ login_count: 1.5, email: user.email })).toBeNull();
      expect(await datastore.findUser({ login_count: 2n ** 80n, email: user.email })).toBeNull();
      expect(await datastore.findUser({ login_count: 2 ** 40, email: user.email })).toBeNull();
      expect(await datastore.findUser({ confirmed_at: 'now', email: user.email })).toBeNull();
      expect(await datastore.findUser({ login_count: 1, email: user.email })).toEqual(user);
    });

    it('A11 text that is SQL stays text', async () => {
      const { datastore } = subject();
      for (const [index, text] of injections.entries()) {
        expect(await datastore.findUser({ email: text })).toBeNull();
        expect(await datastore.findRole(text)).toBeNull();
        const email = `${text}-${index}-${Math.random()}`;
        const user = await makeUser(datastore, { email, us_totp_secrets: text });
        expect(await datastore.findUser({ email })).toMatchObject({ email, us_totp_secrets: text });
        expect(
          await datastore.compareAndSet(user, { us_totp_secrets: text }, { us_totp_secrets: `${text}${text}` }),
        ).toBe(true);
        expect((await fresh(datastore, user)).us_totp_secrets).toBe(`${text}${text}`);
        await datastore.revoke(text, text);
        expect(await datastore.redeem({ hash: text, purpose: text, subject: text }, 0)).toBe(false);
        expect(await datastore.findSession(text, { now: 0, idleSince: -1 })).toBeNull();
      }
    });

    it('A11 wildcards of LIKE match nothing but themselves', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      for (const pattern of ['%', '_%', user.email.replace('user', 'use_'), user.email.slice(0, -3).concat('%')]) {
        expect(await datastore.findUser({ email: pattern }, { caseInsensitive: true })).toBeNull();
      }
    });

    it('P10 a NUL, a lone surrogate or a huge text is a value that no user has', async () => {
      const { datastore } = subject();
      for (const email of ['a\0b', '\0', '\ud800', 'x\udfff', 'x'.repeat(100_000), '\u{1f600}'.repeat(1000)]) {
        expect(await datastore.findUser({ email })).toBeNull();
        expect(await datastore.findUser({ email }, { caseInsensitive: true })).toBeNull();
        expect(await datastore.findRole(email)).toBeNull();
      }
    });

    it('keeps any text of the basic and the other planes', async () => {
      const { datastore } = subject();
      const password = 'ﬁ é é \u{1f600} \u2028 "\'`\\ \t\r\n, ;';
      const user = await makeUser(datastore, { password });
      expect(existing(await datastore.findUser({ password, email: user.email })).password).toBe(password);
    });

    it('P9 names that every object has are unknown columns', async () => {
      const { datastore } = subject();
      for (const name of ['constructor', 'toString', 'hasOwnProperty', 'id; --', 'email"', 'email`', 'EMAIL']) {
        await expect(datastore.findUser({ [name]: 'x' })).rejects.toThrow(TypeError);
        await expect(makeUser(datastore, { [name]: 'x' })).rejects.toThrow(TypeError);
      }
    });
  });
}
