import { describe, expect, it } from 'vitest';
import { existing, freshHash, makeSession, makeUser, type Subject } from './subject.js';

const check = { now: 1_500_000, idleSince: 0 };

export function sessionStories(subject: Subject): void {
  describe('sessions', () => {
    it('comes back with its user, roles and permissions', async () => {
      const { datastore } = subject();
      await datastore.findOrCreateRole('session-role', { permissions: 'read,write' });
      const user = await makeUser(datastore, { roles: ['session-role'] });
      const row = await makeSession(datastore, user, { methods: ['password', 'sms'] });
      const found = existing(await datastore.findSession(row.id_hash, check));
      expect(found.session).toEqual(row);
      expect(found.user).toEqual(user);
      expect(found.user.roles).toMatchObject([{ name: 'session-role', permissions: ['read', 'write'] }]);
    });

    it('S7 ends at its absolute end, to the millisecond', async () => {
      const { datastore } = subject();
      const { id_hash } = await makeSession(datastore, await makeUser(datastore));
      expect(await datastore.findSession(id_hash, { now: 1_999_999, idleSince: 0 })).not.toBeNull();
      expect(await datastore.findSession(id_hash, { now: 2_000_000, idleSince: 0 })).toBeNull();
      expect(await datastore.findSession(id_hash, { now: 2_000_001, idleSince: 0 })).toBeNull();
    });

    it('S7 ends when idle, to the millisecond, and touching moves that only forward', async () => {
      const { datastore } = subject();
      const { id_hash } = await makeSession(datastore, await makeUser(datastore));
      const alive = async (idleSince: number) =>
        (await datastore.findSession(id_hash, { now: 1_500_000, idleSince })) !== null;
      expect(await alive(999_999)).toBe(true);
      expect(await alive(1_000_000)).toBe(false);
      await datastore.touchSession(id_hash, 1_100_000);
      await datastore.touchSession(id_hash, 1_050_000);
      expect(await alive(1_099_999)).toBe(true);
      expect(await alive(1_100_000)).toBe(false);
    });

    it('dies with the uniquifier, with the user, and is no remember series', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const { id_hash } = await makeSession(datastore, user);
      expect(await datastore.findRememberSeries(id_hash, 1_500_000)).toBeNull();
      const changed = await datastore.setUniquifier(user);
      expect(await datastore.findSession(id_hash, check)).toBeNull();
      expect(await datastore.updateSession(id_hash, { fs_uniquifier: changed.fs_uniquifier })).toBe(true);
      expect(await datastore.findSession(id_hash, check)).not.toBeNull();
      expect(await datastore.updateSession(id_hash, { fs_uniquifier: changed.fs_uniquifier.toUpperCase() })).toBe(true);
      expect(await datastore.findSession(id_hash, check)).toBeNull();
    });

    it('updates the methods of a live one only', async () => {
      const { datastore } = subject();
      const { id_hash } = await makeSession(datastore, await makeUser(datastore));
      expect(await datastore.updateSession(id_hash, { methods: ['password', 'authenticator'] })).toBe(true);
      expect(existing(await datastore.findSession(id_hash, check)).session.methods).toEqual([
        'password',
        'authenticator',
      ]);
      expect(await datastore.deleteSession(id_hash)).toBe(true);
      expect(await datastore.deleteSession(id_hash)).toBe(false);
      expect(await datastore.updateSession(id_hash, { methods: [] })).toBe(false);
      expect(await datastore.updateSession(id_hash, {})).toBe(false);
      await datastore.touchSession(id_hash, 1_900_000);
      expect(await datastore.findSession(id_hash, check)).toBeNull();
    });

    it('lists the live ones, newest first, and deletes all but the excepted', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const bystander = await makeSession(datastore, await makeUser(datastore));
      const old = await makeSession(datastore, user, { created_at: 1 });
      const middle = await makeSession(datastore, user, { created_at: 2, kind: 'remember' });
      const newest = await makeSession(datastore, user, { created_at: 3 });
      await makeSession(datastore, user, { expires_at: 1_500_000 });
      const listed = await datastore.listSessions(user, 1_500_000);
      expect(listed).toEqual([newest, middle, old]);
      expect(await datastore.deleteUserSessions(user, [newest.id_hash, 'x'])).toBe(3);
      expect(await datastore.listSessions(user, 0)).toEqual([newest]);
      expect(await datastore.deleteUserSessions(user)).toBe(1);
      expect(await datastore.findSession(bystander.id_hash, check)).not.toBeNull();
    });

    it('S8 a remember series rotates from its present secret only', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const [one, two, three] = [freshHash(), freshHash(), freshHash()];
      const { id_hash } = await makeSession(datastore, user, { kind: 'remember', secret_hash: one });
      expect(await datastore.findSession(id_hash, check)).toBeNull();
      expect(existing(await datastore.findRememberSeries(id_hash, 1_500_000)).user).toEqual(user);
      expect(await datastore.rotateRememberSeries(id_hash, one, two, 1_500_000)).toBe(true);
      expect(await datastore.rotateRememberSeries(id_hash, one, three, 1_500_000)).toBe(false);
      const { session } = existing(await datastore.findRememberSeries(id_hash, 1_999_999));
      expect(session).toMatchObject({ secret_hash: two, previous_secret_hash: one, rotated_at: 1_500_000 });
      expect(await datastore.findRememberSeries(id_hash, 2_000_000)).toBeNull();
      expect(await datastore.rotateRememberSeries(id_hash, two, three, 2_000_000)).toBe(false);
      expect(await datastore.rotateRememberSeries(id_hash, two, three, 1_999_999)).toBe(true);
      await datastore.setUniquifier(user);
      expect(await datastore.findRememberSeries(id_hash, 1_500_000)).toBeNull();
    });

    it('S9 a deleted session is not brought back by any write', async () => {
      const { datastore } = subject();
      const { id_hash } = await makeSession(datastore, await makeUser(datastore), {
        kind: 'remember',
        secret_hash: 'a',
      });
      await datastore.deleteSession(id_hash);
      await datastore.touchSession(id_hash, 1_600_000);
      expect(await datastore.rotateRememberSeries(id_hash, 'a', 'b', 1_500_000)).toBe(false);
      expect(await datastore.findRememberSeries(id_hash, 1_500_000)).toBeNull();
    });
  });
}
