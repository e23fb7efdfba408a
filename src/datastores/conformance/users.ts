import { describe, expect, it } from 'vitest';
import { DuplicateError } from '../contract.js';
import { existing, fresh, makeCredential, makeSession, makeUser, type Subject, uniqueEmail } from './subject.js';

const hex = /^[0-9a-f]{32}$/;

export function userStories(subject: Subject): void {
  describe('users', () => {
    it('creates a user with the specified defaults', async () => {
      const { datastore } = subject();
      const before = Math.floor(Date.now() / 1000) * 1000;
      const email = uniqueEmail();
      const user = await datastore.createUser({ email });
      expect(user).toMatchObject({ email, active: true, password: null, roles: [], mf_recovery_codes: [] });
      expect(user.fs_uniquifier).toMatch(hex);
      expect(user.fs_token_uniquifier).toMatch(hex);
      expect(user.fs_webauthn_user_handle).toMatch(hex);
      expect(user.create_datetime).toBeInstanceOf(Date);
      expect(Number(user.create_datetime)).toBeGreaterThanOrEqual(before);
      expect(Number(user.create_datetime)).toBeLessThanOrEqual(Date.now());
    });

    it('keeps given values, dates to the second at least', async () => {
      const { datastore } = subject();
      const confirmed_at = new Date(Date.UTC(2024, 1, 29, 23, 59, 58));
      const user = await makeUser(datastore, { active: false, confirmed_at, login_count: 3, username: null });
      expect(await fresh(datastore, user)).toMatchObject({
        active: false,
        confirmed_at,
        login_count: 3,
        username: null,
      });
    });

    it('knows its columns', () => {
      const { datastore } = subject();
      expect(datastore.hasUserColumn('fs_token_uniquifier')).toBe(true);
      for (const name of ['nothing', '__proto__', 'constructor', '']) expect(datastore.hasUserColumn(name)).toBe(false);
    });

    it('finds by every condition at once, and throws on an unknown column', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const { email, fs_uniquifier, fs_token_uniquifier } = user;
      expect(await datastore.findUser({ email, fs_uniquifier, active: true })).toEqual(user);
      expect(await datastore.findUser({ fs_token_uniquifier })).toEqual(user);
      expect(await datastore.findUser({ email, active: false })).toBeNull();
      expect(await datastore.findUser({ create_datetime: user.create_datetime, email })).toEqual(user);
      await expect(datastore.findUser({ nothing: 'x' })).rejects.toThrow(TypeError);
      await expect(datastore.findUser({})).rejects.toThrow(TypeError);
    });

    it('compares text exactly, or without regard to case when asked', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const shouted = user.email.toUpperCase();
      expect(await datastore.findUser({ email: shouted })).toBeNull();
      expect(await datastore.findUser({ email: `${user.email} ` })).toBeNull();
      expect(await datastore.findUser({ email: shouted }, { caseInsensitive: true })).toEqual(user);
      expect(await datastore.findUser({ fs_uniquifier: user.fs_uniquifier.toUpperCase() })).toBeNull();
    });

    it('does not take an accented letter for the plain one', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const accented = user.email.replace('user', 'üser');
      expect(await datastore.findUser({ email: accented })).toBeNull();
      expect(await datastore.findUser({ email: accented }, { caseInsensitive: true })).toBeNull();
    });

    it('tells which unique value is taken', async () => {
      const { datastore } = subject();
      const username = `name-${uniqueEmail()}`;
      const user = await makeUser(datastore, { username });
      const again = await datastore.createUser({ email: user.email }).catch((error: unknown) => error);
      expect(again).toBeInstanceOf(DuplicateError);
      expect(again).toMatchObject({ column: 'email' });
      expect(String(again)).not.toContain(user.email);
      const other = await makeUser(datastore);
      const renamed = await datastore.updateUser(other, { username }).catch((error: unknown) => error);
      expect(renamed).toBeInstanceOf(DuplicateError);
      expect(renamed).toMatchObject({ column: 'username' });
    });

    it('updates, and refuses columns that do not exist', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore, { update_datetime: new Date(0) });
      const updated = existing(await datastore.updateUser(user, { password: 'other', login_count: 9 }));
      expect(updated).toMatchObject({ password: 'other', login_count: 9, email: user.email });
      expect(Number(updated.update_datetime)).toBeGreaterThan(1_600_000_000_000);
      await expect(datastore.updateUser(user, { nothing: 1 })).rejects.toThrow(TypeError);
      await expect(datastore.updateUser(user, { roles: ['admin'] })).rejects.toThrow(TypeError);
      await expect(datastore.updateUser(user, JSON.parse('{"__proto__": {"active": false}}'))).rejects.toThrow(
        TypeError,
      );
    });

    it('sets only where the expected values still stand', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      expect(await datastore.compareAndSet(user, { tf_totp_secret: null }, { tf_totp_secret: 'one' })).toBe(true);
      expect(await datastore.compareAndSet(user, { tf_totp_secret: null }, { tf_totp_secret: 'two' })).toBe(false);
      expect(await datastore.compareAndSet(user, { tf_totp_secret: 'ONE' }, { tf_totp_secret: 'two' })).toBe(false);
      expect(await datastore.compareAndSet(user, { tf_totp_secret: { $ne: '' } }, { tf_totp_secret: 'two' })).toBe(
        false,
      );
      await expect(datastore.compareAndSet(user, { tf_totp_secret: undefined }, {})).rejects.toThrow(TypeError);
      const at = new Date(Date.UTC(2025, 0, 1));
      expect(await datastore.compareAndSet(user, { tf_totp_secret: 'one' }, { confirmed_at: at })).toBe(true);
      expect(await datastore.compareAndSet(user, { confirmed_at: at }, { confirmed_at: null })).toBe(true);
    });

    it('activates, deactivates, toggles', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      expect(await datastore.activateUser(user)).toBe(false);
      expect(await datastore.deactivateUser(user)).toBe(true);
      expect(await datastore.deactivateUser(user)).toBe(false);
      expect((await fresh(datastore, user)).active).toBe(false);
      expect(await datastore.toggleActive(user)).toBe(true);
      expect((await fresh(datastore, user)).active).toBe(true);
    });

    it('changes uniquifiers', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const changed = await datastore.setUniquifier(user);
      expect(changed.fs_uniquifier).toMatch(hex);
      expect(changed.fs_uniquifier).not.toBe(user.fs_uniquifier);
      expect(changed.fs_token_uniquifier).toBe(user.fs_token_uniquifier);
      const token = await datastore.setTokenUniquifier(changed, `token-${changed.fs_uniquifier}`);
      expect(token.fs_token_uniquifier).toBe(`token-${changed.fs_uniquifier}`);
    });

    it('resets access after a compromise, the password untouched', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore, {
        tf_primary_method: 'sms',
        tf_totp_secret: 's',
        us_totp_secrets: '{"sms":"x"}',
      });
      await datastore.mfSetRecoveryCodes(user, ['a', 'b']);
      await makeCredential(datastore, user);
      const session = await makeSession(datastore, user);
      const reset = await datastore.resetUserAccess(user);
      expect(reset).toMatchObject({ password: 'a hash', tf_primary_method: null, tf_totp_secret: null });
      expect(reset).toMatchObject({ us_totp_secrets: null, mf_recovery_codes: [] });
      expect(reset.fs_uniquifier).not.toBe(user.fs_uniquifier);
      expect(reset.fs_token_uniquifier).not.toBe(user.fs_token_uniquifier);
      expect(await datastore.webauthnCredentials(reset)).toEqual([]);
      expect(await datastore.deleteSession(session.id_hash)).toBe(false);
    });

    it('deletes a user with everything that is its own', async () => {
      const { datastore } = subject();
      await datastore.findOrCreateRole('deleted-with');
      const user = await makeUser(datastore, { roles: ['deleted-with'] });
      const credential = await makeCredential(datastore, user);
      const session = await makeSession(datastore, user);
      await datastore.deleteUser(user);
      expect(await datastore.findUser({ email: user.email })).toBeNull();
      expect(await datastore.findWebauthn(credential.credential_id)).toBeNull();
      expect(await datastore.findUserFromWebauthn(credential)).toBeNull();
      expect(await datastore.deleteSession(session.id_hash)).toBe(false);
      expect(await datastore.updateUser(user, { active: false })).toBeNull();
      await expect(datastore.setUniquifier(user)).rejects.toThrow('no longer exists');
      expect(await datastore.addRoleToUser(user, 'deleted-with')).toBe(false);
    });
  });
}
