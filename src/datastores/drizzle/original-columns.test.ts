import { readFileSync } from 'node:fs';
import { type Column, getTableName, type Table } from 'drizzle-orm';
import { getTableConfig as mysqlConfig } from 'drizzle-orm/mysql-core';
import { getTableConfig as postgresqlConfig } from 'drizzle-orm/pg-core';
import { getTableConfig as sqliteConfig } from 'drizzle-orm/sqlite-core';
import { describe, expect, it } from 'vitest';
import { databaseAvailable, defaultTables, openDatabase } from '../../../test/databases/index.js';
import { createTablesSql, drizzleDatastore } from './index.js';

interface OriginalColumn {
  type: string;
  nullable: boolean;
  unique: boolean;
  key: boolean;
  default: boolean;
  references: string[];
}
interface Original {
  tables: Record<string, Record<string, OriginalColumn>>;
  statements: string[];
}

const file = new URL('./testing/original-columns.json', import.meta.url);
const originals: Record<'sqlite' | 'postgresql' | 'mysql', Original> = JSON.parse(readFileSync(file, 'utf8'));

/** One spelling for each type that a database knows by several names. */
function typeName(type: string): string {
  const lower = type.toLowerCase();
  const names: Record<string, string> = {
    int: 'integer',
    serial: 'integer',
    bool: 'boolean',
    'timestamp without time zone': 'timestamp',
  };
  return names[lower] ?? lower;
}

type ForeignKeys = readonly {
  onDelete?: string;
  reference(): { columns: readonly Column[]; foreignTable: Table; foreignColumns: readonly Column[] };
}[];

function describeTable({ columns, foreignKeys }: { columns: readonly Column[]; foreignKeys: ForeignKeys }) {
  const references = (column: Column): string[] =>
    foreignKeys.flatMap((key) => {
      const { columns: own, foreignTable, foreignColumns } = key.reference();
      const action = key.onDelete === undefined || key.onDelete === 'no action' ? '' : ` ${key.onDelete.toUpperCase()}`;
      return own[0]?.name === column.name ? [`${getTableName(foreignTable)}.${foreignColumns[0]?.name}${action}`] : [];
    });
  return Object.fromEntries(
    columns.map((column) => [
      column.name,
      {
        type: typeName(column.getSQLType()),
        nullable: !column.notNull,
        unique: column.isUnique,
        key: column.primary,
        default: column.default !== undefined,
        references: references(column),
      },
    ]),
  );
}

const own = {
  sqlite: Object.values(defaultTables.sqlite).map((table) => sqliteConfig(table)),
  postgresql: Object.values(defaultTables.postgresql).map((table) => postgresqlConfig(table)),
  mysql: Object.values(defaultTables.mysql).map((table) => mysqlConfig(table)),
};

for (const kind of ['sqlite', 'postgresql', 'mysql'] as const) {
  describe(`the specified tables on ${kind}`, () => {
    it('have the columns that SQLAlchemy makes of fsqla_v3: types, nullability, uniqueness, references', () => {
      const expected = Object.fromEntries(
        Object.entries(originals[kind].tables).map(([name, columns]) => [
          name,
          Object.fromEntries(
            Object.entries(columns).map(([column, given]) => [column, { ...given, type: typeName(given.type) }]),
          ),
        ]),
      );
      const ours = Object.fromEntries(
        own[kind].filter(({ name }) => !name.startsWith('auth_')).map((config) => [config.name, describeTable(config)]),
      );
      expect(ours).toEqual(expected);
    });
  });

  const available = await databaseAvailable(kind);
  describe.skipIf(!available)(`a database that the original made on ${kind}`, () => {
    it('serves users, roles, credentials and sessions', async () => {
      const opened = await openDatabase(kind);
      try {
        for (const statement of originals[kind].statements) await opened.execute(statement);
        for (const statement of createTablesSql(defaultTables[kind])) await opened.execute(statement);
        const datastore = drizzleDatastore(opened.database, defaultTables[kind]);
        await datastore.createRole({ name: 'admin', permissions: 'read,write' });
        const user = await datastore.createUser({
          email: 'a@example.com',
          roles: ['admin'],
          confirmed_at: new Date(0),
        });
        await datastore.createWebauthn(user, {
          credential_id: new Uint8Array([1, 2, 3]),
          public_key: new Uint8Array([4]),
          sign_count: 0,
          transports: [],
          extensions: null,
          name: 'key',
          usage: 'first',
          backup_state: false,
          device_type: 'single_device',
        });
        expect(await datastore.webauthnCredentials(user)).toMatchObject([{ name: 'key', transports: [] }]);
        expect(await datastore.findUser({ email: 'a@example.com' })).toMatchObject({
          confirmed_at: new Date(0),
          roles: [{ name: 'admin', permissions: ['read', 'write'] }],
        });
      } finally {
        await opened.close();
      }
    });
  });
}

describe('date text on SQLite', () => {
  it('is what SQLAlchemy writes, and what CURRENT_TIMESTAMP writes is read', async () => {
    const opened = await openDatabase('sqlite', { memory: true });
    for (const statement of createTablesSql(defaultTables.sqlite)) await opened.execute(statement);
    const datastore = drizzleDatastore(opened.database, defaultTables.sqlite);
    const confirmed_at = new Date('2026-03-04T05:06:07.089Z');
    await datastore.createUser({ email: 'a@example.com', confirmed_at });
    const stored = await opened.execute('select confirmed_at, typeof(confirmed_at), active from "user"');
    expect(Object(stored).rows[0]).toMatchObject({ confirmed_at: '2026-03-04 05:06:07.089000', active: 1 });
    await opened.execute(`insert into "user" (email, active, fs_uniquifier) values ('b@example.com', 1, 'b')`);
    const made = await datastore.findUser({ email: 'b@example.com' });
    expect(Math.abs(Number(made?.create_datetime) - Date.now())).toBeLessThan(60_000);
    await opened.close();
  });
});
