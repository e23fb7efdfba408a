/**
 * `sallyport/drizzle/sqlite`: the specified columns as SQLAlchemy's fsqla_v3 has them on SQLite, to spread into the
 * application's own tables, and complete tables for an application that has none.
 *
 * @example
 * const user = sqliteTable('user', { id: integer('id').primaryKey(), ...userColumns(), company: text('company') });
 */
import { sql } from 'drizzle-orm';
import {
  type AnySQLiteColumn,
  customType,
  index,
  integer,
  type SQLiteTable,
  sqliteTable,
  text,
} from 'drizzle-orm/sqlite-core';
import { joinList, splitList } from '../lists.js';
import { dateText, parseDateText } from './date-text.js';
import { type KeyData, keyOf, referenceType } from './keys.js';

type ListText = { data: string[]; driverData: string };

const varchar = (name: string, length: number) =>
  customType<{ data: string; driverData: string }>({ dataType: () => `varchar(${length})` })(name);
const boolean = customType<{ data: boolean; driverData: number }>({
  dataType: () => 'boolean',
  toDriver: (value) => (value ? 1 : 0),
  fromDriver: (value) => value === 1,
});
const datetime = customType<{ data: Date; driverData: string }>({
  dataType: () => 'datetime',
  toDriver: dateText,
  fromDriver: parseDateText,
});
const list = customType<ListText>({ dataType: () => 'text', toDriver: joinList, fromDriver: splitList });
const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'blob' });
const now = sql`(CURRENT_TIMESTAMP)`;

/** What every user table needs: email, password, active, fs_uniquifier. */
export const baseUserColumns = () => ({
  email: varchar('email', 255).notNull().unique(),
  password: varchar('password', 255),
  active: boolean('active').notNull(),
  fs_uniquifier: varchar('fs_uniquifier', 64).notNull().unique(),
});
export const usernameColumns = () => ({ username: varchar('username', 255).unique() });
export const confirmableColumns = () => ({ confirmed_at: datetime('confirmed_at') });
export const trackableColumns = () => ({
  last_login_at: datetime('last_login_at'),
  current_login_at: datetime('current_login_at'),
  last_login_ip: varchar('last_login_ip', 64),
  current_login_ip: varchar('current_login_ip', 64),
  login_count: integer('login_count'),
});
export const twoFactorColumns = () => ({
  tf_primary_method: varchar('tf_primary_method', 64),
  tf_totp_secret: varchar('tf_totp_secret', 255),
  tf_phone_number: varchar('tf_phone_number', 128),
});
export const unifiedSigninColumns = () => ({
  us_totp_secrets: text('us_totp_secrets'),
  us_phone_number: varchar('us_phone_number', 128).unique(),
});
export const recoveryCodesColumns = () => ({ mf_recovery_codes: list('mf_recovery_codes') });
export const webauthnUserColumns = () => ({
  fs_webauthn_user_handle: varchar('fs_webauthn_user_handle', 64).unique(),
});
export const datetimeColumns = () => ({
  create_datetime: datetime('create_datetime').notNull().default(now),
  update_datetime: datetime('update_datetime').notNull().default(now),
});
/** Separate identity domains: tokens that outlive a change of password. Not part of {@link userColumns}. */
export const tokenUniquifierColumns = () => ({
  fs_token_uniquifier: varchar('fs_token_uniquifier', 64).notNull().unique(),
});

/** Every column of fsqla_v3's user but its key. */
export const userColumns = () => ({
  ...baseUserColumns(),
  ...usernameColumns(),
  ...confirmableColumns(),
  ...trackableColumns(),
  ...twoFactorColumns(),
  ...unifiedSigninColumns(),
  ...recoveryCodesColumns(),
  ...webauthnUserColumns(),
  ...datetimeColumns(),
});

/** Every column of fsqla_v3's role but its key. */
export const roleColumns = () => ({
  name: varchar('name', 80).notNull().unique(),
  description: varchar('description', 255),
  permissions: list('permissions'),
  update_datetime: datetime('update_datetime').notNull().default(now),
});

/** A column that refers to a table's key, of the key's own type. */
function reference<Given extends SQLiteTable>(name: string, table: Given) {
  const key = keyOf(table);
  return customType<{ data: KeyData<Given> }>({
    dataType: () => referenceType(key),
    toDriver: (value) => key.mapToDriverValue(value),
    // The referenced column decides what its key is.
    fromDriver: (value) => key.mapFromDriverValue(value) as KeyData<Given>,
  })(name);
}

function columnOf(table: SQLiteTable): AnySQLiteColumn {
  // A column of a SQLite table is a SQLite column.
  return keyOf(table) as AnySQLiteColumn;
}

/** The links of users and roles. */
export const rolesUsersColumns = <User extends SQLiteTable, Role extends SQLiteTable>(user: User, role: Role) => ({
  user_id: reference('user_id', user).references(() => columnOf(user)),
  role_id: reference('role_id', role).references(() => columnOf(role)),
});

/** The WebAuthn credentials, but for their key. */
export const webauthnColumns = <User extends SQLiteTable>(user: User) => ({
  credential_id: bytes('credential_id').notNull().unique(),
  public_key: bytes('public_key').notNull(),
  sign_count: integer('sign_count'),
  transports: list('transports'),
  backup_state: boolean('backup_state').notNull(),
  device_type: varchar('device_type', 64).notNull(),
  extensions: varchar('extensions', 255),
  create_datetime: datetime('create_datetime').notNull().default(now),
  lastuse_datetime: datetime('lastuse_datetime').notNull(),
  name: varchar('name', 64).notNull(),
  usage: varchar('usage', 64).notNull(),
  user_id: reference('user_id', user)
    .notNull()
    .references(() => columnOf(user), { onDelete: 'cascade' }),
});

/** Sallyport's sessions and remember-me series. Times are milliseconds since the epoch. */
export const authSession = sqliteTable(
  'auth_session',
  {
    id_hash: varchar('id_hash', 64).primaryKey(),
    kind: varchar('kind', 16).notNull(),
    user_id: varchar('user_id', 255).notNull(),
    fs_uniquifier: varchar('fs_uniquifier', 64).notNull(),
    methods: list('methods').notNull(),
    created_at: integer('created_at').notNull(),
    last_seen_at: integer('last_seen_at').notNull(),
    expires_at: integer('expires_at').notNull(),
    address: varchar('address', 64),
    agent: text('agent'),
    secret_hash: varchar('secret_hash', 64),
    previous_secret_hash: varchar('previous_secret_hash', 64),
    rotated_at: integer('rotated_at'),
  },
  (table) => [index('auth_session_user_id').on(table.user_id), index('auth_session_expires_at').on(table.expires_at)],
);

/** Sallyport's marks of what may be used once, has been used, or is being counted. */
export const authOnce = sqliteTable(
  'auth_once',
  {
    hash: varchar('hash', 64).primaryKey(),
    purpose: varchar('purpose', 64).notNull(),
    subject: varchar('subject', 255).notNull(),
    expires_at: integer('expires_at').notNull(),
    count: integer('count').notNull().default(0),
  },
  (table) => [
    index('auth_once_subject').on(table.subject, table.purpose),
    index('auth_once_expires_at').on(table.expires_at),
  ],
);

/** Complete tables, named and built as fsqla_v3 does it. */
export function sallyportTables() {
  const user = sqliteTable('user', { id: integer('id').primaryKey(), ...userColumns() });
  const role = sqliteTable('role', { id: integer('id').primaryKey(), ...roleColumns() });
  // The original has no index here; every request of a signed-in user looks this table up.
  const rolesUsers = sqliteTable('roles_users', rolesUsersColumns(user, role), (table) => [
    index('roles_users_user_id').on(table.user_id),
  ]);
  const webAuthn = sqliteTable('web_authn', { id: integer('id').primaryKey(), ...webauthnColumns(user) });
  return { user, role, rolesUsers, webAuthn, authSession, authOnce };
}
