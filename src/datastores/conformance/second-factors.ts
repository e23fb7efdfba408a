import { describe, expect, it } from 'vitest';
import { fresh, makeUser, type Subject } from './subject.js';

export function secondFactorStories(subject: Subject): void {
  describe('second factors', () => {
    it('sets and resets two-factor values, keeping what is not given', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      const set = await datastore.tfSet(user, 'sms', { totpSecret: 'secret', phone: '+41441112233' });
      expect(set).toMatchObject({
        tf_primary_method: 'sms',
        tf_totp_secret: 'secret',
        tf_phone_number: '+41441112233',
      });
      const changed = await datastore.tfSet(set, 'email');
      expect(changed).toMatchObject({ tf_primary_method: 'email', tf_totp_secret: 'secret' });
      const reset = await datastore.tfReset(changed);
      expect(reset).toMatchObject({ tf_primary_method: null, tf_totp_secret: null, tf_phone_number: null });
    });

    it('keeps one unified sign-in secret for each method', async () => {
      const { datastore } = subject();
      const phone = `+${Math.random()}`;
      let user = await makeUser(datastore);
      expect(datastore.usGetTotpSecrets(user)).toEqual({});
      user = await datastore.usSet(user, 'sms', { totpSecret: 'one', phone });
      user = await datastore.usSet(user, 'authenticator', { totpSecret: 'two' });
      expect(datastore.usGetTotpSecrets(user)).toEqual({ sms: 'one', authenticator: 'two' });
      user = await datastore.usReset(user, 'sms');
      expect(datastore.usGetTotpSecrets(user)).toEqual({ authenticator: 'two' });
      expect(user.us_phone_number).toBeNull();
      user = await datastore.usSet(user, 'sms', { phone });
      expect(user.us_phone_number).toBe(phone);
      user = await datastore.usReset(user);
      expect(user).toMatchObject({ us_totp_secrets: null, us_phone_number: null });
      user = await datastore.usPutTotpSecrets(user, { email: 'three' });
      expect(JSON.parse(String(user.us_totp_secrets))).toEqual({ email: 'three' });
      expect((await datastore.usPutTotpSecrets(user, null)).us_totp_secrets).toBeNull();
    });

    it('does not undo another secret that came meanwhile', async () => {
      const { datastore } = subject();
      const stale = await makeUser(datastore);
      await datastore.usSet(stale, 'sms', { totpSecret: 'one' });
      const user = await datastore.usSet(stale, 'email', { totpSecret: 'two' });
      expect(datastore.usGetTotpSecrets(user)).toEqual({ sms: 'one', email: 'two' });
    });

    it('deletes the recovery code at an index, if the list is still the same', async () => {
      const { datastore } = subject();
      const user = await datastore.mfSetRecoveryCodes(await makeUser(datastore), ['aa', 'bb', 'cc']);
      expect(datastore.mfGetRecoveryCodes(user)).toEqual(['aa', 'bb', 'cc']);
      for (const index of [3, -1, 0.5, Number.NaN])
        expect(await datastore.mfDeleteRecoveryCode(user, index)).toBe(false);
      expect(await datastore.mfDeleteRecoveryCode(user, 1)).toBe(true);
      expect(await datastore.mfDeleteRecoveryCode(user, 0)).toBe(false);
      const left = await fresh(datastore, user);
      expect(datastore.mfGetRecoveryCodes(left)).toEqual(['aa', 'cc']);
      expect(await datastore.mfDeleteRecoveryCode(left, 1)).toBe(true);
      expect(await datastore.mfDeleteRecoveryCode(await fresh(datastore, user), 0)).toBe(true);
      expect(datastore.mfGetRecoveryCodes(await fresh(datastore, user))).toEqual([]);
      expect(await datastore.mfDeleteRecoveryCode(await fresh(datastore, user), 0)).toBe(false);
      await expect(datastore.mfSetRecoveryCodes(user, ['a,b'])).rejects.toThrow(TypeError);
    });
  });
}
