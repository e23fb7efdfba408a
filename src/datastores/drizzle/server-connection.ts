/** PostgreSQL and MySQL through drizzle. */
import { createHash } from 'node:crypto';
import type { Query, SQL } from 'drizzle-orm/sql';
import type { Connection, DrizzleDatabase, PreparedRead, QueryTemplate, Row, Written } from './connection.js';
import { isDeadlock, unwrap } from './errors.js';
import { compile, parameterFiller, prepareOnClient, prepareThrough } from './prepared.js';
import type { Dialect } from './tables.js';

interface PostgresSession {
  prepareQuery(
    query: Query,
    fields: undefined,
    name: string,
    arrays: boolean,
  ): { execute(values: Readonly<Record<string, unknown>>): Promise<unknown> };
}

/** What every drizzle database of these dialects has. */
interface ServerDatabase {
  $client?: unknown;
  _?: { session?: PostgresSession };
  execute(query: SQL): Promise<unknown>;
  transaction(work: (transaction: ServerDatabase) => Promise<unknown>): Promise<unknown>;
}

/** Once more for each deadlock that the database broke; a few are enough, since each round lets one through. */
const deadlockAttempts = 50;

async function settle<Result>(work: () => Promise<Result>, repeat: boolean): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (thrown) {
      const error = unwrap(thrown);
      if (!repeat || attempt === deadlockAttempts || !isDeadlock(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * attempt));
    }
  }
}

/** `{ rows }` of PostgreSQL's drivers, `[rows, fields]` of mysql2, or (postgres.js) the rows themselves. */
function rowsOf(result: unknown): Row[] {
  const own: unknown = Reflect.get(Object(result), 'rows');
  const list = Array.isArray(own) ? own : Array.isArray(result) && Array.isArray(result[0]) ? result[0] : result;
  return Array.isArray(list) ? list.map((row) => Object.values(Object(row))) : [];
}

function writtenOf(result: unknown): Written {
  const header = Object(Array.isArray(result) && result.length > 0 ? result[0] : result);
  const affected = header.affectedRows ?? header.rowCount ?? Object(result).count ?? 0;
  return { affected: Number(affected), insertId: Number(header.insertId ?? 0) };
}

export function serverConnection(given: DrizzleDatabase, dialect: Dialect, inTransaction: boolean): Connection {
  // The dialect has been read off the schema; drizzle's own generics say nothing that is needed here.
  const database = given as unknown as ServerDatabase;
  // A statement of a transaction cannot be repeated alone: a deadlock has undone the whole of it.
  const execute = (query: SQL) => settle(() => database.execute(query), !inTransaction);
  const rows = async (query: SQL) => rowsOf(await execute(query));

  function prepare(template: QueryTemplate): PreparedRead {
    const query = compile(dialect, template);
    const session = database._?.session;
    if (dialect === 'postgresql' && typeof session?.prepareQuery === 'function') {
      const name = `sallyport_${createHash('sha256').update(query.sql).digest('hex').slice(0, 24)}`;
      const prepared = session.prepareQuery(query, undefined, name, false);
      return async (values) => rowsOf(await settle(() => prepared.execute(values), false));
    }
    const direct = prepareOnClient(dialect, database.$client, query.sql);
    if (direct === undefined) return prepareThrough(rows)(template);
    const fill = parameterFiller(query.params);
    return async (values) => direct(fill(values));
  }

  return {
    rows,
    run: async (query) => writtenOf(await execute(query)),
    prepare: inTransaction ? prepareThrough(rows) : prepare,
    transaction: (work, repeatable) =>
      repeatable === 'repeatable' && !inTransaction
        ? settle(() => transact(database, dialect, work), true)
        : transact(database, dialect, work),
    inTransaction,
    packs: false,
  };
}

async function transact<Result>(
  database: ServerDatabase,
  dialect: Dialect,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const done: Result[] = [];
  await database.transaction(async (transaction) => {
    done.push(await work(serverConnection(asDatabase(transaction), dialect, true)));
  });
  const [result] = done;
  // drizzle resolves only after `work` has, so there is a result (which may be undefined).
  return result as Result;
}

function asDatabase(transaction: ServerDatabase): DrizzleDatabase {
  // drizzle's transactions have the methods of its databases; only the parameter's type is written differently.
  return transaction as unknown as DrizzleDatabase;
}
