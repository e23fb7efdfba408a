import type { BaseUser, User, UserDatastore } from './contract.js';
import type { Driver, StoredRecord } from './driver.js';
import { asUser, byKey, compareAndSetUser, mustWriteUser, UserGoneError } from './users.js';

type SecondFactors<Row extends BaseUser> = Pick<
  UserDatastore<Row>,
  | 'tfSet'
  | 'tfReset'
  | 'usGetTotpSecrets'
  | 'usPutTotpSecrets'
  | 'usSet'
  | 'usReset'
  | 'mfSetRecoveryCodes'
  | 'mfGetRecoveryCodes'
  | 'mfDeleteRecoveryCode'
>;

const attempts = 100;

/** The JSON object of method to secret; refuses text that is something else. */
function readSecrets(text: unknown): Record<string, string> {
  if (typeof text !== 'string' || text === '') return {};
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('The column us_totp_secrets does not hold a JSON object.');
  }
  return Object.fromEntries(Object.entries(value).map(([method, secret]) => [method, String(secret)]));
}

function writeSecrets(secrets: Record<string, string> | null): string | null {
  return secrets === null || Object.keys(secrets).length === 0 ? null : JSON.stringify(secrets);
}

/** Changes the stored secrets; of several at once none undoes another. */
async function changeSecrets(
  driver: Driver,
  user: StoredRecord,
  change: (secrets: Record<string, string>) => void,
  more: StoredRecord,
): Promise<StoredRecord> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const present = await driver.findUser([byKey(driver, user)]);
    if (present === null) throw new UserGoneError();
    const secrets = readSecrets(present.us_totp_secrets);
    change(secrets);
    const changes = { ...more, us_totp_secrets: writeSecrets(secrets) };
    const expected = { us_totp_secrets: present.us_totp_secrets ?? null };
    if (await compareAndSetUser(driver, user, expected, changes)) return present;
  }
  throw new Error('The unified sign-in secrets of the user change faster than they can be written.');
}

export function secondFactorMethods<Row extends BaseUser>(driver: Driver): SecondFactors<Row> {
  function need(...columns: string[]): void {
    const missing = columns.filter((column) => !driver.hasColumn('user', column));
    if (missing.length > 0) throw new Error(`The user table lacks the column ${missing.join(', ')}.`);
  }
  const write = async (user: User<Row>, changes: StoredRecord) =>
    asUser<Row>(await mustWriteUser(driver, user, changes));
  const present = (column: string, value: unknown): StoredRecord =>
    driver.hasColumn('user', column) ? { [column]: value } : {};

  async function rewrite(user: User<Row>, change: (secrets: Record<string, string>) => void, more: StoredRecord) {
    await changeSecrets(driver, user, change, more);
    const fresh = await driver.findUser([byKey(driver, user)]);
    if (fresh === null) throw new UserGoneError();
    return asUser<Row>(fresh);
  }

  return {
    async tfSet(user, primaryMethod, { totpSecret, phone } = {}) {
      need('tf_primary_method', ...(totpSecret ? ['tf_totp_secret'] : []), ...(phone ? ['tf_phone_number'] : []));
      const changes: StoredRecord = { tf_primary_method: primaryMethod };
      if (totpSecret) changes.tf_totp_secret = totpSecret;
      if (phone) changes.tf_phone_number = phone;
      return write(user, changes);
    },
    async tfReset(user) {
      need('tf_primary_method', 'tf_totp_secret');
      return write(user, { tf_primary_method: null, tf_totp_secret: null, ...present('tf_phone_number', null) });
    },
    usGetTotpSecrets(user) {
      need('us_totp_secrets');
      return readSecrets(user.us_totp_secrets);
    },
    async usPutTotpSecrets(user, secrets) {
      need('us_totp_secrets');
      return write(user, { us_totp_secrets: writeSecrets(secrets) });
    },
    async usSet(user, method, { totpSecret, phone } = {}) {
      need('us_totp_secrets', ...(phone ? ['us_phone_number'] : []));
      const more: StoredRecord = phone ? { us_phone_number: phone } : {};
      if (!totpSecret) return write(user, more);
      return rewrite(user, (secrets) => Object.assign(secrets, { [method]: totpSecret }), more);
    },
    async usReset(user, method) {
      need('us_totp_secrets');
      if (method === undefined) return write(user, { us_totp_secrets: null, ...present('us_phone_number', null) });
      const drop = (secrets: Record<string, string>) => {
        delete secrets[method];
      };
      return rewrite(user, drop, method === 'sms' ? present('us_phone_number', null) : {});
    },
    async mfSetRecoveryCodes(user, codes) {
      need('mf_recovery_codes');
      return write(user, { mf_recovery_codes: codes === null ? null : [...codes] });
    },
    mfGetRecoveryCodes(user) {
      need('mf_recovery_codes');
      return Array.isArray(user.mf_recovery_codes) ? user.mf_recovery_codes.map(String) : [];
    },
    async mfDeleteRecoveryCode(user, index) {
      need('mf_recovery_codes');
      const codes = Array.isArray(user.mf_recovery_codes) ? user.mf_recovery_codes : [];
      if (!Number.isInteger(index) || index < 0 || index >= codes.length) return false;
      const changes = { mf_recovery_codes: codes.toSpliced(index, 1) };
      return compareAndSetUser(driver, user, { mf_recovery_codes: codes }, changes);
    },
  };
}
