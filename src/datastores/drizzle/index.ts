/** `sallyport/drizzle`: the datastore on the application's drizzle-orm database. */
import type { Column, GetColumnData, Table } from 'drizzle-orm';
import type { userColumnKinds } from '../columns.js';
import type { BaseUser, UserDatastore } from '../contract.js';
import { createDatastore } from '../datastore.js';
import type { Connection, DrizzleDatabase } from './connection.js';
import { drizzleDriver } from './driver.js';
import { serverConnection } from './server-connection.js';
import { sqliteConnection } from './sqlite-connection.js';
import { CasingCache, type DrizzleSchema, readTables, type Tables } from './tables.js';

export { DuplicateError } from '../contract.js';
export { UserGoneError } from '../users.js';
export { createTablesSql } from './create-tables.js';
export type { DrizzleDatabase, DrizzleSchema };

type Specified = typeof userColumnKinds;
type Lists = { [Name in keyof Specified]: Specified[Name] extends 'list' ? Name : never }[keyof Specified];
type Columns<User extends Table> = User['_']['columns'];
type RecordKey<Property, Given extends Column> = Given['_']['name'] extends keyof Specified
  ? Given['_']['name']
  : Property;

/** The record of the application's user table: specified columns by their specified names, others by property. */
export type UserRow<User extends Table> = BaseUser & {
  [Property in keyof Columns<User> as RecordKey<
    Property,
    Columns<User>[Property]
  >]: Columns<User>[Property]['_']['name'] extends Lists ? string[] : GetColumnData<Columns<User>[Property]>;
};

export interface DrizzleDatastoreOptions {
  /** The column of the user's key, where the table has no primary key of one column. */
  userKey?: string;
}

export interface DrizzleDatastore<Row extends BaseUser> extends UserDatastore<Row> {
  /**
   * The same datastore on a transaction that the application has opened with drizzle: everything commits or rolls back
   * with it. On better-sqlite3, whose transactions cannot await, use `transaction` instead.
   */
  within(transaction: DrizzleDatabase): UserDatastore<Row>;
}

/**
 * The datastore (specification 3.1.4) on drizzle-orm tables for SQLite, PostgreSQL, MySQL or MariaDB.
 *
 * Specified columns are found by their names in the database and handed out under these names; the application's own
 * columns keep its property names. Columns of features that are off may be absent. Text is compared exactly on every
 * database, whatever its collation.
 *
 * SQLite: use WAL (`pragma journal_mode = wal`) for files, and where several processes write, give the driver a busy
 * timeout (`createClient({ url, timeout: 5000 })`). While `transaction` is open, other writes of this process to the file
 * wait for it, and in memory (one connection) its reads as well: inside `work` use only the datastore that it is given.
 *
 * @throws TypeError when the schema lacks a table or a required column.
 * @example
 * const datastore = drizzleDatastore(drizzle(client), { user, role, rolesUsers, webAuthn, authSession, authOnce });
 */
export function drizzleDatastore<Schema extends DrizzleSchema>(
  database: DrizzleDatabase,
  schema: Schema,
  options: DrizzleDatastoreOptions = {},
): DrizzleDatastore<UserRow<Schema['user']>> {
  const tables = readTables(schema, casingOf(database), options.userKey);
  const on = (connection: Connection): UserDatastore<UserRow<Schema['user']>> =>
    createDatastore(drizzleDriver(tables, connection));
  return {
    ...on(connect(database, tables, false)),
    within: (transaction) => on(connect(transaction, tables, true)),
  };
}

function connect(database: DrizzleDatabase, { dialect }: Tables, inTransaction: boolean): Connection {
  return dialect === 'sqlite'
    ? sqliteConnection(database, inTransaction)
    : serverConnection(database, dialect, inTransaction);
}

/** How drizzle derives names of columns that were declared without one (`drizzle(client, { casing })`). */
function casingOf(database: DrizzleDatabase): CasingCache {
  const casing: unknown = Reflect.get(Object(Reflect.get(database, 'dialect')), 'casing');
  return casing instanceof CasingCache ? casing : new CasingCache();
}
