import { randomBytes } from 'node:crypto';
import type { BaseUser, Role, User, UserDatastore, Where } from './contract.js';
import { type Condition, type Driver, equal, type StoredRecord, type StoredUser } from './driver.js';

type Users<Row extends BaseUser> = Pick<
  UserDatastore<Row>,
  | 'hasUserColumn'
  | 'userKey'
  | 'findUser'
  | 'createUser'
  | 'updateUser'
  | 'compareAndSet'
  | 'deleteUser'
  | 'activateUser'
  | 'deactivateUser'
  | 'toggleActive'
  | 'setUniquifier'
  | 'setTokenUniquifier'
  | 'resetUserAccess'
>;

/** Thrown when a method that returns the fresh user finds that it has been deleted meanwhile. */
export class UserGoneError extends Error {
  override readonly name = 'UserGoneError';
  constructor() {
    super('The user no longer exists.');
  }
}

/** 32 hex characters of 128 random bits: the form of the specification's uniquifiers. */
export function newUniquifier(): string {
  return randomBytes(16).toString('hex');
}

/** The record as the application's type. The driver maps every column of the application's own table. */
export function asUser<Row extends BaseUser>(stored: StoredUser): User<Row> {
  // The cast is the seam between the table known at run time and the type inferred from it.
  return stored as User<Row>;
}

export function byKey(driver: Driver, user: StoredRecord): Condition {
  return equal(driver.userKeyColumn, driver.keyOf(user));
}

/** Attack line P10: what may be looked for. */
function isScalar(value: unknown): boolean {
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'bigint' || type === 'boolean' || value instanceof Date;
}

/** The conditions of a lookup; undefined if it cannot match. Throws on an unknown column. */
function lookup(driver: Driver, where: Where, operator: Condition['operator']): Condition[] | undefined {
  const entries = Object.entries(where);
  if (entries.length === 0) throw new TypeError('A lookup needs at least one condition.');
  for (const [column] of entries) {
    if (!driver.hasColumn('user', column)) throw new TypeError('The user table has no such column as was looked for.');
  }
  if (!entries.every(([, value]) => isScalar(value))) return undefined;
  return entries.map(([column, value]) => ({
    column,
    operator: typeof value === 'string' ? operator : 'equal',
    value,
  }));
}

/** Writes columns of one user and reads it back; null when it is gone. */
export async function writeUser(driver: Driver, user: StoredRecord, changes: StoredRecord): Promise<StoredUser | null> {
  await driver.update('user', stamped(driver, changes), [byKey(driver, user)]);
  return driver.findUser([byKey(driver, user)]);
}

/** {@link writeUser}, throwing {@link UserGoneError}. */
export async function mustWriteUser(driver: Driver, user: StoredRecord, changes: StoredRecord): Promise<StoredUser> {
  const fresh = await writeUser(driver, user, changes);
  if (fresh === null) throw new UserGoneError();
  return fresh;
}

export async function compareAndSetUser(
  driver: Driver,
  user: StoredRecord,
  expected: Where,
  changes: StoredRecord,
): Promise<boolean> {
  const conditions = Object.entries(expected).map(([column, value]) => {
    if (value === undefined) throw new TypeError('An expected value is undefined; use null for an empty column.');
    return equal(column, value);
  });
  return (await driver.update('user', stamped(driver, changes), [byKey(driver, user), ...conditions])) === 1;
}

function stamped(driver: Driver, changes: StoredRecord): StoredRecord {
  return driver.hasColumn('user', 'update_datetime') ? { update_datetime: new Date(), ...changes } : changes;
}

async function create(driver: Driver, given: StoredRecord, roles: readonly (string | Role)[]): Promise<StoredUser> {
  const now = new Date();
  const defaults: StoredRecord = { active: true, fs_uniquifier: newUniquifier() };
  for (const column of ['fs_token_uniquifier', 'fs_webauthn_user_handle']) {
    if (driver.hasColumn('user', column)) defaults[column] = newUniquifier();
  }
  for (const column of ['create_datetime', 'update_datetime']) {
    if (driver.hasColumn('user', column)) defaults[column] = now;
  }
  const values = { ...defaults };
  for (const [column, value] of Object.entries(given)) if (value !== undefined) values[column] = value;
  const ids = [];
  for (const role of roles) {
    const [found] = await driver.find('role', [equal('name', typeof role === 'string' ? role : role.name)]);
    if (found === undefined) throw new TypeError('A role given for the new user does not exist.');
    ids.push(found.id);
  }
  await driver.insert('user', values);
  const made = await driver.findUser([equal('fs_uniquifier', values.fs_uniquifier)]);
  if (made === null) throw new UserGoneError();
  if (ids.length === 0) return made;
  for (const id of ids) await driver.link(driver.keyOf(made), id);
  return mustFind(driver, made);
}

async function mustFind(driver: Driver, user: StoredRecord): Promise<StoredUser> {
  const fresh = await driver.findUser([byKey(driver, user)]);
  if (fresh === null) throw new UserGoneError();
  return fresh;
}

async function remove(driver: Driver, user: StoredRecord): Promise<void> {
  const key = driver.keyOf(user);
  if (driver.hasTable('web_authn')) await driver.delete('web_authn', [equal('user_id', key)]);
  await driver.delete('roles_users', [equal('user_id', key)]);
  await driver.delete('auth_session', [equal('user_id', String(key))]);
  await driver.delete('user', [byKey(driver, user)]);
}

async function resetAccess(driver: Driver, user: StoredRecord): Promise<StoredUser> {
  const changes: StoredRecord = { fs_uniquifier: newUniquifier() };
  if (driver.hasColumn('user', 'fs_token_uniquifier')) changes.fs_token_uniquifier = newUniquifier();
  const secrets = ['us_totp_secrets', 'us_phone_number', 'tf_primary_method', 'tf_totp_secret', 'tf_phone_number'];
  for (const column of [...secrets, 'mf_recovery_codes']) {
    if (driver.hasColumn('user', column)) changes[column] = null;
  }
  const key = driver.keyOf(user);
  if (driver.hasTable('web_authn')) await driver.delete('web_authn', [equal('user_id', key)]);
  await driver.delete('auth_session', [equal('user_id', String(key))]);
  return mustWriteUser(driver, user, changes);
}

export function userMethods<Row extends BaseUser>(driver: Driver): Users<Row> {
  const fresh = async (user: User<Row>, changes: StoredRecord) =>
    asUser<Row>(await mustWriteUser(driver, user, changes));
  const setActive = async (user: User<Row>, active: boolean): Promise<boolean> => {
    const changed = await compareAndSetUser(driver, user, { active: !active }, { active });
    // Else the sessions of before would be good again when the user is let in once more (attack line S3).
    if (changed && !active) await driver.delete('auth_session', [equal('user_id', String(driver.keyOf(user)))]);
    return changed;
  };
  return {
    hasUserColumn: (column) => driver.hasColumn('user', column),
    userKey: (user) => String(driver.keyOf(user)),
    async findUser(where, options) {
      const conditions = lookup(driver, where, options?.caseInsensitive === true ? 'equal ignoring case' : 'equal');
      if (conditions === undefined) return null;
      const found = await driver.findUser(conditions);
      return found === null ? null : asUser<Row>(found);
    },
    async createUser({ roles, ...values }) {
      if (roles === undefined || roles.length === 0) return asUser<Row>(await create(driver, values, []));
      return asUser<Row>(await driver.transaction((transaction) => create(transaction, values, roles), 'repeatable'));
    },
    async updateUser(user, changes) {
      const written = await writeUser(driver, user, changes);
      return written === null ? null : asUser<Row>(written);
    },
    compareAndSet: (user, expected, changes) => compareAndSetUser(driver, user, expected, changes),
    deleteUser: (user) => driver.transaction((transaction) => remove(transaction, user), 'repeatable'),
    activateUser: (user) => setActive(user, true),
    deactivateUser: (user) => setActive(user, false),
    async toggleActive(user) {
      if (!(await setActive(user, false))) await setActive(user, true);
      return true;
    },
    setUniquifier: (user, uniquifier) => fresh(user, { fs_uniquifier: uniquifier || newUniquifier() }),
    async setTokenUniquifier(user, uniquifier) {
      if (!driver.hasColumn('user', 'fs_token_uniquifier')) return asUser<Row>(await mustFind(driver, user));
      return fresh(user, { fs_token_uniquifier: uniquifier || newUniquifier() });
    },
    async resetUserAccess(user) {
      return asUser<Row>(await driver.transaction((transaction) => resetAccess(transaction, user), 'repeatable'));
    },
  };
}
