/** What the adapter has to know about the application's tables, read once from their drizzle definitions. */
import { type Column, getTableColumns, is, type Table } from 'drizzle-orm';
import { CasingCache } from 'drizzle-orm/casing';
import { MySqlTable } from 'drizzle-orm/mysql-core';
import { PgTable } from 'drizzle-orm/pg-core';
import { type SQL, sql } from 'drizzle-orm/sql';
import { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { columnKind, requiredColumns } from '../columns.js';
import type { TableName } from '../driver.js';
import { type Codec, ownCodec, specifiedCodec } from './codecs.js';

export type Dialect = 'sqlite' | 'postgresql' | 'mysql';

/** The application's tables. `webAuthn` may be left out when no WebAuthn feature is used. */
export interface DrizzleSchema {
  user: Table;
  role: Table;
  rolesUsers: Table;
  webAuthn?: Table;
  authSession: Table;
  authOnce: Table;
}

export interface ColumnInfo extends Codec {
  /** In records: the specified name, or the application's property name. */
  key: string;
  /** In the database. */
  name: string;
  sqlType: string;
  /** Does the database hold text in it, which is to be compared exactly? */
  isText: boolean;
  identifier: SQL;
  column: Column;
}

export interface TableInfo {
  identifier: SQL;
  columns: readonly ColumnInfo[];
  /** By record key, then by database name. */
  find(name: string): ColumnInfo | undefined;
  /** Like find, but throws for an unknown column. */
  get(name: string): ColumnInfo;
  /** The single primary key column. */
  key: ColumnInfo | undefined;
}

export interface Tables {
  dialect: Dialect;
  table(name: TableName): TableInfo;
  has(name: TableName): boolean;
  userKey: ColumnInfo;
}

const textTypes = /char|text|clob|enum/i;

export function dialectOf(table: Table): Dialect {
  if (is(table, SQLiteTable)) return 'sqlite';
  if (is(table, PgTable)) return 'postgresql';
  if (is(table, MySqlTable)) return 'mysql';
  throw new TypeError('The schema has to hold drizzle tables for SQLite, PostgreSQL or MySQL.');
}

/** The name and the schema (PostgreSQL's) a table has in the database. */
export function tableIdentifier(table: Table): SQL {
  return sql`${table}`;
}

function readTable(name: TableName, table: Table, casing: CasingCache, key: string | undefined): TableInfo {
  const columns = Object.entries(getTableColumns(table)).map(([property, column]): ColumnInfo => {
    const databaseName = casing.getColumnCasing(column);
    const kind = columnKind(name, databaseName);
    const codec = kind === undefined ? ownCodec(column) : specifiedCodec(column, kind);
    const fixed = kind !== undefined || requiredColumns[name].includes(databaseName);
    return {
      ...codec,
      key: fixed ? databaseName : property,
      name: databaseName,
      sqlType: column.getSQLType(),
      isText: textTypes.test(column.getSQLType()),
      identifier: sql`${sql.identifier(databaseName)}`,
      column,
    };
  });
  const byName = new Map(columns.map((column) => [column.name, column]));
  for (const column of columns) byName.set(column.key, column);
  for (const required of requiredColumns[name]) {
    if (!byName.has(required)) throw new TypeError(`The table for "${name}" lacks the column "${required}".`);
  }
  const primary = key === undefined ? columns.filter(({ column }) => column.primary) : [byName.get(key)];
  return {
    identifier: tableIdentifier(table),
    columns,
    find: (column) => byName.get(column),
    get(column) {
      const found = byName.get(column);
      if (found === undefined) throw new TypeError(`The table for "${name}" has no column "${column.slice(0, 64)}".`);
      return found;
    },
    key: primary.length === 1 ? primary[0] : undefined,
  };
}

export function readTables(schema: DrizzleSchema, casing: CasingCache, userKey: string | undefined): Tables {
  const given: Partial<Record<TableName, Table>> = {
    user: schema.user,
    role: schema.role,
    roles_users: schema.rolesUsers,
    web_authn: schema.webAuthn,
    auth_session: schema.authSession,
    auth_once: schema.authOnce,
  };
  const tables = new Map<TableName, TableInfo>();
  for (const name of ['user', 'role', 'roles_users', 'web_authn', 'auth_session', 'auth_once'] as const) {
    const table = given[name];
    if (table !== undefined) tables.set(name, readTable(name, table, casing, name === 'user' ? userKey : undefined));
    else if (name !== 'web_authn') throw new TypeError(`The schema lacks the table for "${name}".`);
  }
  const table = (name: TableName): TableInfo => {
    const found = tables.get(name);
    if (found === undefined) throw new Error(`The datastore was given no table for "${name}".`);
    return found;
  };
  const key = table('user').key;
  if (key === undefined)
    throw new TypeError('The user table needs a primary key of one column, or the option userKey.');
  if (table('role').key === undefined) throw new TypeError('The role table needs a primary key of one column.');
  return { dialect: dialectOf(schema.user), table, has: (name) => tables.has(name), userKey: key };
}

export { CasingCache };
