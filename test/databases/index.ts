/** Fresh databases for tests: each call makes one of its own, dropped by `close`. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { drizzle as drizzleLibsql } from 'drizzle-orm/libsql';
import { drizzle as drizzleMysql } from 'drizzle-orm/mysql2';
import { drizzle as drizzlePostgresql } from 'drizzle-orm/node-postgres';
import { createPool } from 'mysql2/promise';
import pg from 'pg';
import type { BaseUser, UserDatastore } from '../../src/datastores/contract.js';
import { createTablesSql, type DrizzleDatabase, drizzleDatastore } from '../../src/datastores/drizzle/index.js';
import * as mysql from '../../src/datastores/drizzle/mysql.js';
import * as postgresql from '../../src/datastores/drizzle/postgresql.js';
import * as sqlite from '../../src/datastores/drizzle/sqlite.js';
import { serverAvailable, serverUrl } from './servers.js';

export type DatabaseKind = 'sqlite' | 'postgresql' | 'mysql';

export interface TestDatabase {
  kind: DatabaseKind;
  /** A drizzle database on a pool (or the client) of its own. */
  database: DrizzleDatabase;
  /** Runs one statement as it is. */
  execute(statement: string): Promise<unknown>;
  /** Another drizzle database on the same data, with connections of its own; closed with the first. */
  another(): DrizzleDatabase;
  /** Drops everything. */
  close(): Promise<void>;
}

export interface TestDatastore<Row extends BaseUser = BaseUser> extends TestDatabase {
  datastore: UserDatastore<Row>;
}

/** False (with a line on the console) when there is no such server. */
export async function databaseAvailable(kind: DatabaseKind): Promise<boolean> {
  if (kind === 'sqlite' || (await serverAvailable(kind))) return true;
  console.warn(`SKIPPED: ${kind} is not reachable`);
  return false;
}

const freshName = (): string => `sallyport_test_${randomBytes(8).toString('hex')}`;

/** SQLite: a file in a directory of its own, or one in memory. */
async function openSqlite(memory: boolean): Promise<TestDatabase> {
  const directory = memory ? undefined : mkdtempSync(join(tmpdir(), 'sallyport-'));
  const url = directory === undefined ? ':memory:' : `file:${join(directory, 'test.db')}`;
  const clients = [createClient({ url })];
  const [client] = clients;
  if (client === undefined) throw new Error('No client was made.');
  if (!memory) await client.execute('pragma journal_mode = wal');
  return {
    kind: 'sqlite',
    database: drizzleLibsql(client),
    execute: (statement) => client.execute(statement),
    another() {
      if (memory) throw new Error('A database in memory has one connection.');
      const more = createClient({ url });
      clients.push(more);
      return drizzleLibsql(more);
    },
    async close() {
      for (const one of clients) one.close();
      if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function openPostgresql(): Promise<TestDatabase> {
  const name = freshName();
  const server = serverUrl('postgresql');
  const own = new URL(server);
  own.pathname = `/${name}`;
  async function onServer(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: server.href });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  }
  await onServer(`create database ${name}`);
  const pools = [new pg.Pool({ connectionString: own.href, max: 4 })];
  const [pool] = pools;
  if (pool === undefined) throw new Error('No pool was made.');
  return {
    kind: 'postgresql',
    database: drizzlePostgresql(pool),
    execute: (statement) => pool.query(statement),
    another() {
      const more = new pg.Pool({ connectionString: own.href, max: 1 });
      pools.push(more);
      return drizzlePostgresql(more);
    },
    async close() {
      await Promise.all(pools.map((one) => one.end()));
      await dropWhenFree(() => onServer(`drop database ${name}`));
    },
  };
}

/** A pool's `end` resolves before the server has let go of its last connection. */
async function dropWhenFree(drop: () => Promise<void>): Promise<void> {
  const objectInUse = '55006';
  for (let attempt = 1; ; attempt++) {
    try {
      return await drop();
    } catch (error) {
      if (attempt === 100 || Reflect.get(Object(error), 'code') !== objectInUse) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function openMysql(): Promise<TestDatabase> {
  const name = freshName();
  const server = serverUrl('mysql');
  const own = new URL(server);
  own.pathname = `/${name}`;
  async function onServer(statement: string): Promise<void> {
    const one = createPool({ uri: server.href, connectionLimit: 1 });
    try {
      await one.query(statement);
    } finally {
      await one.end();
    }
  }
  await onServer(`create database ${name} character set utf8mb4`);
  const pools = [createPool({ uri: own.href, connectionLimit: 4 })];
  const [pool] = pools;
  if (pool === undefined) throw new Error('No pool was made.');
  return {
    kind: 'mysql',
    database: drizzleMysql(pool),
    execute: (statement) => pool.query(statement),
    another() {
      const more = createPool({ uri: own.href, connectionLimit: 1 });
      pools.push(more);
      return drizzleMysql(more);
    },
    async close() {
      await Promise.all(pools.map((one) => one.end()));
      await onServer(`drop database ${name}`);
    },
  };
}

/**
 * A fresh, empty database.
 *
 * @param options `memory`: SQLite without a file (one connection only).
 */
export function openDatabase(kind: DatabaseKind, options: { memory?: boolean } = {}): Promise<TestDatabase> {
  if (kind === 'postgresql') return openPostgresql();
  return kind === 'mysql' ? openMysql() : openSqlite(options.memory === true);
}

/** The default tables of each kind. */
export const defaultTables = {
  sqlite: sqlite.sallyportTables(),
  postgresql: postgresql.sallyportTables(),
  mysql: mysql.sallyportTables(),
};

/** A datastore on Sallyport's default tables in a fresh database; SQLite in memory unless told otherwise. */
export async function openTestDatastore(
  kind: DatabaseKind = 'sqlite',
  options: { memory?: boolean } = { memory: true },
): Promise<TestDatastore> {
  const opened = await openDatabase(kind, options);
  for (const statement of createTablesSql(defaultTables[kind])) await opened.execute(statement);
  return { ...opened, datastore: drizzleDatastore(opened.database, defaultTables[kind]) };
}
