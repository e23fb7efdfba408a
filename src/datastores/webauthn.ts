import type { BaseUser, UserDatastore, WebAuthnCredential } from './contract.js';
import { type Driver, equal, type StoredRecord } from './driver.js';
import { asUser, mustWriteUser, newUniquifier } from './users.js';

type WebAuthn<Row extends BaseUser> = Pick<
  UserDatastore<Row>,
  | 'createWebauthn'
  | 'findWebauthn'
  | 'findUserFromWebauthn'
  | 'webauthnCredentials'
  | 'compareAndSetWebauthn'
  | 'deleteWebauthn'
  | 'setWebauthnUserHandle'
  | 'webauthnReset'
>;

function asCredential(record: StoredRecord): WebAuthnCredential {
  // The driver maps each column of web_authn to the kind that columns.ts states; WebAuthnCredential says the same.
  return record as unknown as WebAuthnCredential;
}

export function webauthnMethods<Row extends BaseUser>(driver: Driver): WebAuthn<Row> {
  function need(): void {
    if (!driver.hasTable('web_authn')) throw new Error('The datastore was given no table for WebAuthn credentials.');
  }
  return {
    async createWebauthn(user, values) {
      need();
      const now = new Date();
      const made: StoredRecord = { lastuse_datetime: now, ...values, user_id: driver.keyOf(user) };
      if (driver.hasColumn('web_authn', 'create_datetime')) made.create_datetime = now;
      await driver.insert('web_authn', made);
    },
    async findWebauthn(credentialId) {
      need();
      if (!(credentialId instanceof Uint8Array)) return null;
      const [found] = await driver.find('web_authn', [equal('credential_id', credentialId)]);
      return found === undefined ? null : asCredential(found);
    },
    async findUserFromWebauthn(credential) {
      need();
      const found = await driver.findUser([equal(driver.userKeyColumn, credential.user_id)]);
      return found === null ? null : asUser<Row>(found);
    },
    async webauthnCredentials(user) {
      need();
      return (await driver.find('web_authn', [equal('user_id', driver.keyOf(user))])).map(asCredential);
    },
    async compareAndSetWebauthn(credential, expected, changes) {
      need();
      const where = Object.entries(expected).map(([column, value]) => equal(column, value));
      return (await driver.update('web_authn', { ...changes }, [equal('id', credential.id), ...where])) === 1;
    },
    async deleteWebauthn(credential) {
      need();
      await driver.delete('web_authn', [equal('id', credential.id)]);
    },
    async setWebauthnUserHandle(user, handle) {
      return asUser<Row>(await mustWriteUser(driver, user, { fs_webauthn_user_handle: handle || newUniquifier() }));
    },
    async webauthnReset(user) {
      need();
      await driver.delete('web_authn', [equal('user_id', driver.keyOf(user))]);
    },
  };
}
