import { describe, expect, it } from 'vitest';
import { DuplicateError } from '../contract.js';
import { existing, makeCredential, makeUser, type Subject } from './subject.js';

export function webauthnStories(subject: Subject): void {
  describe('WebAuthn credentials', () => {
    it('stores a credential and finds it and its user', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const credential = await makeCredential(datastore, user);
      expect(credential).toMatchObject({
        sign_count: 7,
        transports: ['internal', 'hybrid'],
        extensions: '{"credProps":true}',
        name: 'laptop',
        usage: 'secondary',
        backup_state: true,
        device_type: 'multi_device',
      });
      expect([...credential.public_key]).toEqual([0, 255, 1, 128, 39]);
      expect(credential.lastuse_datetime).toBeInstanceOf(Date);
      expect(credential.create_datetime).toBeInstanceOf(Date);
      expect(await datastore.findUserFromWebauthn(credential)).toEqual(user);
      expect(await datastore.webauthnCredentials(user)).toHaveLength(1);
      expect(await datastore.findWebauthn(new Uint8Array([1, 2, 3]))).toBeNull();
    });

    it('W3 refuses a credential id that is registered already', async () => {
      const { datastore } = subject();
      const {
        id: _,
        user_id: __,
        create_datetime: ___,
        ...values
      } = await makeCredential(datastore, await makeUser(datastore));
      await expect(datastore.createWebauthn(await makeUser(datastore), values)).rejects.toThrow(DuplicateError);
    });

    it('W4 moves the sign count only from the expected one', async () => {
      const { datastore } = subject();
      const credential = await makeCredential(datastore, await makeUser(datastore));
      const lastuse_datetime = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));
      const changes = { sign_count: 8, lastuse_datetime, backup_state: false };
      expect(await datastore.compareAndSetWebauthn(credential, { sign_count: 7 }, changes)).toBe(true);
      expect(await datastore.compareAndSetWebauthn(credential, { sign_count: 7 }, { sign_count: 9 })).toBe(false);
      expect(existing(await datastore.findWebauthn(credential.credential_id))).toMatchObject(changes);
    });

    it('deletes one, or all of a user', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const bystander = await makeCredential(datastore, await makeUser(datastore));
      const first = await makeCredential(datastore, user);
      await makeCredential(datastore, user);
      await makeCredential(datastore, user);
      await datastore.deleteWebauthn(first);
      expect(await datastore.webauthnCredentials(user)).toHaveLength(2);
      await datastore.webauthnReset(user);
      expect(await datastore.webauthnCredentials(user)).toEqual([]);
      expect(await datastore.findWebauthn(bystander.credential_id)).toEqual(bystander);
    });

    it('gives the user a new handle', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const changed = await datastore.setWebauthnUserHandle(user);
      expect(changed.fs_webauthn_user_handle).not.toBe(user.fs_webauthn_user_handle);
      const handle = `handle-${user.fs_uniquifier}`;
      expect((await datastore.setWebauthnUserHandle(user, handle)).fs_webauthn_user_handle).toBe(handle);
    });
  });
}
