import { describe, expect, it } from 'vitest';
import {
  atOnce,
  existing,
  freshHash,
  makeCredential,
  makeSession,
  makeUser,
  type Subject,
  winners,
} from './subject.js';

const callers = 20;

export function races(subject: Subject): void {
  describe('races', () => {
    it('T1 consume: twenty at once, one wins; again when the mark is past its end', async () => {
      const row = { hash: freshHash(), purpose: 'p', subject: 's', expires_at: 5000 };
      expect(winners(await atOnce(subject(), callers, (datastore) => datastore.consume(row, 1)))).toBe(1);
      const later = { ...row, expires_at: 9000 };
      expect(winners(await atOnce(subject(), callers, (datastore) => datastore.consume(later, 5000)))).toBe(1);
    });

    it('T1 redeem: twenty at once, one wins', async () => {
      const row = { hash: freshHash(), purpose: 'p', subject: 's', expires_at: 5000 };
      await subject().datastore.issue(row);
      expect(winners(await atOnce(subject(), callers, (datastore) => datastore.redeem(row, 1)))).toBe(1);
    });

    it('T6 hit: twenty at once count one to twenty', async () => {
      const key = freshHash();
      const counts = async (now: number) =>
        (await atOnce(subject(), callers, (datastore) => datastore.hit(key, 1000, now)))
          .map(({ count }) => count)
          .sort((a, b) => a - b);
      const expected = Array.from({ length: callers }, (_, index) => index + 1);
      expect(await counts(10_000)).toEqual(expected);
      expect(await counts(11_000)).toEqual(expected);
    });

    it('S8 rotateRememberSeries: twenty at once, one wins', async () => {
      const { datastore } = subject();
      const from = freshHash();
      const user = await makeUser(datastore);
      const { id_hash } = await makeSession(datastore, user, { kind: 'remember', secret_hash: from });
      const rotated = await atOnce(subject(), callers, (one) =>
        one.rotateRememberSeries(id_hash, from, freshHash(), 1),
      );
      expect(winners(rotated)).toBe(1);
    });

    it('F3 mfDeleteRecoveryCode: twenty at once, one wins; two codes of one list, one wins', async () => {
      const { datastore } = subject();
      const user = await datastore.mfSetRecoveryCodes(await makeUser(datastore), ['a', 'b', 'c', 'd']);
      expect(winners(await atOnce(subject(), callers, (one) => one.mfDeleteRecoveryCode(user, 1)))).toBe(1);
      const left = existing(await datastore.findUser({ email: user.email }));
      expect(datastore.mfGetRecoveryCodes(left)).toEqual(['a', 'c', 'd']);
      expect(winners(await atOnce(subject(), callers, (one, index) => one.mfDeleteRecoveryCode(left, index % 3)))).toBe(
        1,
      );
    });

    it('T1 compareAndSet: twenty at once, one wins', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const set = await atOnce(subject(), callers, (one, index) =>
        one.compareAndSet(user, { tf_totp_secret: null }, { tf_totp_secret: `secret-${index}` }),
      );
      expect(winners(set)).toBe(1);
      const credential = await makeCredential(datastore, user);
      const counted = await atOnce(subject(), callers, (one) =>
        one.compareAndSetWebauthn(credential, { sign_count: 7 }, { sign_count: 8 }),
      );
      expect(winners(counted)).toBe(1);
    });

    it('createUser: twenty at once with one address make one user', async () => {
      const { datastore } = subject();
      const email = `${freshHash()}@example.com`;
      const made = await atOnce(subject(), callers, (one) =>
        one.createUser({ email }).then(
          () => true,
          (error: Error) => {
            expect(error.name).toBe('DuplicateError');
            return false;
          },
        ),
      );
      expect(winners(made)).toBe(1);
      expect(await datastore.findUser({ email })).not.toBeNull();
    });

    it('permissions, roles and secrets: of many changes at once none is lost', async () => {
      const { datastore } = subject();
      const name = freshHash();
      const roles = await atOnce(subject(), 8, (one) => one.findOrCreateRole(name));
      expect(new Set(roles.map(({ id }) => id)).size).toBe(1);
      await atOnce(subject(), 8, (one, index) => one.addPermissionsToRole(name, `p${index}`));
      expect(existing(await datastore.findRole(name)).permissions).toHaveLength(8);
      const user = await makeUser(datastore);
      await atOnce(subject(), 8, (one, index) => one.usSet(user, `m${index}`, { totpSecret: `s${index}` }));
      const fresh = existing(await datastore.findUser({ email: user.email }));
      expect(Object.keys(datastore.usGetTotpSecrets(fresh))).toHaveLength(8);
    });

    it('transactions: twenty at once all commit', async () => {
      const { datastore } = subject();
      const subjectName = freshHash();
      const rows = Array.from({ length: callers }, () => ({
        hash: freshHash(),
        purpose: freshHash(),
        subject: subjectName,
        expires_at: 5000,
      }));
      await atOnce(subject(), callers, async (one, index) => one.issue(existing(rows[index]), { replace: true }));
      for (const row of rows) expect(await datastore.redeem(row, 1)).toBe(true);
    });
  });
}
