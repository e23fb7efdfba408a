/** The hot path: a statement compiled once and run on the driver's client, past drizzle's own work per call. */
import { is } from 'drizzle-orm';
import { MySqlDialect } from 'drizzle-orm/mysql-core';
import { PgDialect } from 'drizzle-orm/pg-core';
import { Placeholder, type Query, sql } from 'drizzle-orm/sql';
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core';
import type { PreparedRead, QueryTemplate, Row } from './connection.js';
import type { Dialect } from './tables.js';

type Values = Readonly<Record<string, unknown>>;

const compilers = {
  sqlite: new SQLiteAsyncDialect(),
  postgresql: new PgDialect(),
  mysql: new MySqlDialect(),
};

export function compile(dialect: Dialect, template: QueryTemplate): Query {
  return compilers[dialect].sqlToQuery(template((name) => sql.placeholder(name)));
}

/** Fills the parameters of a compiled statement. */
export function parameterFiller(parameters: readonly unknown[]): (values: Values) => unknown[] {
  const names = parameters.map((parameter) => (is(parameter, Placeholder) ? String(parameter.name) : undefined));
  return (values) => names.map((name, index) => (name === undefined ? parameters[index] : values[name]));
}

interface LibsqlClient {
  execute(statement: { sql: string; args: unknown[] }): Promise<{ rows: ArrayLike<Row> }>;
}
interface BetterSqliteClient {
  prepare(text: string): { raw(): BetterSqliteStatement };
}
interface BetterSqliteStatement {
  all(...parameters: unknown[]): Row[];
}
interface MysqlClient {
  promise?(): MysqlClient;
  execute(query: object): Promise<[Row[], unknown]>;
}

function hasMethods<Client>(client: unknown, ...methods: string[]): client is Client {
  // Each driver is told by its methods; its own class cannot be imported, since it may not be installed.
  return (
    typeof client === 'object' &&
    client !== null &&
    methods.every((method) => typeof Reflect.get(client, method) === 'function')
  );
}

/** Prepares on the driver's client; undefined for a client that is not known. */
export function prepareOnClient(
  dialect: Dialect,
  client: unknown,
  text: string,
): ((parameters: unknown[]) => Promise<ArrayLike<Row>> | ArrayLike<Row>) | undefined {
  if (dialect === 'sqlite' && isLibsql(client)) {
    return async (args) => (await client.execute({ sql: text, args })).rows;
  }
  if (dialect === 'sqlite' && hasMethods<BetterSqliteClient>(client, 'prepare', 'pragma', 'exec')) {
    let statement: BetterSqliteStatement | undefined;
    return (parameters) => {
      // Not before the first call: the tables may be made after the datastore.
      statement ??= client.prepare(text).raw();
      return statement.all(...parameters);
    };
  }
  if (dialect === 'mysql' && hasMethods<MysqlClient>(client, 'execute', 'query')) {
    const promised = typeof client.promise === 'function' ? client.promise() : client;
    return async (values) => (await promised.execute({ sql: text, values, rowsAsArray: true, typeCast }))[0];
  }
  return undefined;
}

export function isLibsql(client: unknown): client is LibsqlClient {
  return hasMethods<LibsqlClient>(client, 'execute', 'batch', 'executeMultiple');
}

function typeCast(field: { type: string; string(): string | null }, next: () => unknown): unknown {
  return field.type === 'TIMESTAMP' || field.type === 'DATETIME' || field.type === 'DATE' ? field.string() : next();
}

/** Runs a template through drizzle: in transactions and for unknown clients. */
export function prepareThrough(rows: (query: ReturnType<QueryTemplate>) => Promise<Row[]>) {
  return (template: QueryTemplate): PreparedRead =>
    (values) =>
      rows(template((name) => sql.param(values[name])));
}
