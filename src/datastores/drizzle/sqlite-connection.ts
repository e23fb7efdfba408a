/** SQLite through drizzle: @libsql/client, better-sqlite3 and what has their methods. */
import { type SQL, sql } from 'drizzle-orm/sql';
import type { Connection, DrizzleDatabase, QueryTemplate, Row, Written } from './connection.js';
import { unwrap } from './errors.js';
import { exclusively, type Lock, lockOfClient, lockOfFile, whenFree } from './lock.js';
import { compile, isLibsql, parameterFiller, prepareOnClient, prepareThrough } from './prepared.js';

/** What every drizzle database of this dialect has; `sync` ones return values where others return promises. */
interface SqliteDatabase {
  $client?: object;
  run(query: SQL): unknown;
  all(query: SQL): unknown;
  transaction(work: (transaction: SqliteDatabase) => Promise<unknown>): Promise<unknown>;
}

async function settle<Result>(work: () => Result): Promise<Awaited<Result>> {
  try {
    return await work();
  } catch (error) {
    throw unwrap(error);
  }
}

async function readRows(database: SqliteDatabase, query: SQL): Promise<Row[]> {
  const rows = await settle(() => database.all(query));
  // drizzle's `all` returns one object for each row, its properties in the order of the select list.
  return (rows as object[]).map((row) => Object.values(row));
}

async function write(database: SqliteDatabase, query: SQL): Promise<Written> {
  const result: unknown = await settle(() => database.run(query));
  const counted = Object(result);
  return { affected: Number(counted.rowsAffected ?? counted.changes ?? counted.meta?.changes ?? 0), insertId: 0 };
}

/** Inside a transaction nothing waits: the connection is its own. */
function within(database: SqliteDatabase, nest: Connection['transaction'], packs: boolean): Connection {
  const rows = (query: SQL) => readRows(database, query);
  return {
    rows,
    run: (query) => write(database, query),
    prepare: prepareThrough(rows),
    transaction: nest,
    inTransaction: true,
    packs,
  };
}

/** On drizzle's own transaction object, which nests by savepoints. */
function withinDrizzle(transaction: SqliteDatabase, packs: boolean): Connection {
  return within(transaction, (work) => drizzleTransaction(transaction, work, packs), packs);
}

async function drizzleTransaction<Result>(
  database: SqliteDatabase,
  work: (connection: Connection) => Promise<Result>,
  packs: boolean,
): Promise<Result> {
  const done: Result[] = [];
  await database.transaction(async (transaction) => {
    done.push(await work(withinDrizzle(transaction, packs)));
  });
  const [result] = done;
  // drizzle resolves only after `work` has, so there is a result (which may be undefined).
  return result as Result;
}

/** better-sqlite3's own transactions cannot await, so begin and end are statements. */
function withinStatements(database: SqliteDatabase, depth: number): Connection {
  return within(database, (work) => statementTransaction(database, work, depth + 1), false);
}

async function statementTransaction<Result>(
  database: SqliteDatabase,
  work: (connection: Connection) => Promise<Result>,
  depth: number,
): Promise<Result> {
  const savepoint = `sallyport_${depth}`;
  const run = (text: string) => settle(() => database.run(sql.raw(text)));
  await run(depth === 0 ? 'begin immediate' : `savepoint ${savepoint}`);
  try {
    const result = await work(withinStatements(database, depth));
    await run(depth === 0 ? 'commit' : `release ${savepoint}`);
    return result;
  } catch (error) {
    await run(depth === 0 ? 'rollback' : `rollback to ${savepoint}`);
    throw error;
  }
}

interface Place {
  lock: Lock;
  /** Has the client only one connection, so that readers wait for an open transaction as well? */
  single: boolean;
}

function placeOf(client: object, file: unknown, single: boolean): Place {
  const lock = typeof file === 'string' && file !== '' ? lockOfFile(file) : lockOfClient(client);
  return { lock, single };
}

/** Where a libsql client (or another asynchronous one) keeps its data. */
async function locate(database: SqliteDatabase, client: object): Promise<Place> {
  if (Reflect.get(client, 'protocol') !== 'file') return placeOf(client, undefined, false);
  const [main] = await whenFree(undefined, () => readRows(database, sql`pragma database_list`));
  return placeOf(client, main?.[2], !main?.[2]);
}

export function sqliteConnection(given: DrizzleDatabase, isTransaction: boolean): Connection {
  // The dialect has been read off the schema; drizzle's own generics say nothing that is needed here.
  const database = given as unknown as SqliteDatabase;
  const client = database.$client;
  const libsql = isLibsql(client);
  if (isTransaction) return withinDrizzle(database, true);
  const owner = client ?? database;
  const synchronous = !libsql && Reflect.get(database, 'resultKind') === 'sync';
  // better-sqlite3 tells its file; the others are asked before the first write.
  let place = synchronous
    ? placeOf(owner, Reflect.get(owner, 'memory') === true ? undefined : Reflect.get(owner, 'name'), true)
    : undefined;
  const known = async (): Promise<Place> => {
    place ??= await locate(database, owner);
    return place;
  };
  const reading = (): Lock | undefined => (place?.single === true ? place.lock : undefined);
  const rows = (query: SQL) => whenFree(reading(), () => readRows(database, query));

  function prepare(template: QueryTemplate) {
    const { sql: text, params } = compile('sqlite', template);
    const fill = parameterFiller(params);
    const direct = prepareOnClient('sqlite', client, text);
    if (direct === undefined) return prepareThrough(rows)(template);
    return (values: Readonly<Record<string, unknown>>) => {
      const parameters = fill(values);
      return whenFree(reading(), async () => direct(parameters));
    };
  }

  return {
    rows,
    run: async (query) => whenFree((await known()).lock, () => write(database, query)),
    prepare,
    transaction: async (work, repeatable) =>
      exclusively((await known()).lock, () =>
        synchronous
          ? statementTransaction(database, work, 0)
          : begin(database, work, libsql, repeatable === 'repeatable'),
      ),
    inTransaction: false,
    packs: libsql,
  };
}

/** Begins as soon as the file is free; `work` runs once only, whatever it throws, unless it is repeatable. */
async function begin<Result>(
  database: SqliteDatabase,
  work: (connection: Connection) => Promise<Result>,
  packs: boolean,
  repeatable: boolean,
): Promise<Result> {
  let begun = false;
  const once = (connection: Connection): Promise<Result> => {
    begun = true;
    return work(connection);
  };
  const ended = await whenFree(undefined, async () => {
    try {
      return { failed: false, result: await drizzleTransaction(database, once, packs) } as const;
    } catch (error) {
      if (!begun || repeatable) throw error;
      return { failed: true, error } as const;
    }
  });
  if (ended.failed) throw ended.error;
  return ended.result;
}
