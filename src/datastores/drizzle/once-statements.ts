/** The three conditional writes of `auth_once`, as each database says them. */
import { type SQL, sql } from 'drizzle-orm/sql';
import type { OnceRow } from '../contract.js';
import type { Connection } from './connection.js';
import type { TableInfo, Tables } from './tables.js';

function insertRow(table: TableInfo, row: OnceRow, count: number): SQL {
  const column = (name: string): SQL => sql`${table.get(name).identifier}`;
  const names = sql.join(['hash', 'purpose', 'subject', 'expires_at', 'count'].map(column), sql`, `);
  const values = [row.hash, row.purpose, row.subject, row.expires_at, count].map((value) => sql.param(value));
  return sql`insert into ${table.identifier} (${names}) values (${sql.join(values, sql`, `)})`;
}

/** `purpose = …, subject = …, expires_at = …` from the row. */
function setRow(table: TableInfo, row: OnceRow): SQL {
  const set = (name: 'purpose' | 'subject' | 'expires_at'): SQL =>
    sql`${table.get(name).identifier} = ${sql.param(row[name])}`;
  return sql.join([set('purpose'), set('subject'), set('expires_at')], sql`, `);
}

export async function mark(
  { dialect, table }: Tables,
  connection: Connection,
  row: OnceRow,
  now: number,
): Promise<boolean> {
  const once = table('auth_once');
  const insert = insertRow(once, row, 0);
  const ended = sql`${once.identifier}.${once.get('expires_at').identifier} <= ${sql.param(now)}`;
  if (dialect !== 'mysql') {
    const conflict = sql`on conflict (${once.get('hash').identifier}) do update set ${setRow(once, row)} where ${ended}`;
    return (await connection.run(sql`${insert} ${conflict}`)).affected === 1;
  }
  // MySQL has no condition on the update of an upsert: each column judges for itself, the deadline last, since MySQL
  // assigns from left to right. last_insert_id(…) tells whether an ended mark was renewed (2) or a live one met (1).
  // One statement, for a failed insert would leave a shared lock in a transaction, and twenty of those a deadlock.
  const counted = sql`${once.get('count').identifier}`;
  const keep = (name: 'purpose' | 'subject' | 'expires_at'): SQL => {
    const column = sql`${once.get(name).identifier}`;
    return sql`${column} = case when ${ended} then ${sql.param(row[name])} else ${once.identifier}.${column} end`;
  };
  const verdict = sql`${counted} = ${once.identifier}.${counted} + 1 + 0 * last_insert_id(case when ${ended} then 2 else 1 end)`;
  const renewals = sql.join([verdict, keep('purpose'), keep('subject'), keep('expires_at')], sql`, `);
  const { affected, insertId } = await connection.run(sql`${insert} on duplicate key update ${renewals}`);
  return (affected === 1 && insertId === 0) || insertId === 2;
}

export async function put({ dialect, table }: Tables, connection: Connection, row: OnceRow): Promise<void> {
  const once = table('auth_once');
  const overwrite =
    dialect === 'mysql'
      ? sql`on duplicate key update`
      : sql`on conflict (${once.get('hash').identifier}) do update set`;
  await connection.run(sql`${insertRow(once, row, 0)} ${overwrite} ${setRow(once, row)}`);
}

export async function count(
  { dialect, table }: Tables,
  connection: Connection,
  row: OnceRow,
  now: number,
): Promise<{ count: number; expiresAt: number }> {
  const once = table('auth_once');
  const counted = sql`${once.get('count').identifier}`;
  const expires = sql`${once.get('expires_at').identifier}`;
  const insert = insertRow(once, row, 1);
  const ended = sql`${once.identifier}.${expires} <= ${sql.param(now)}`;
  const next = sql`case when ${ended} then 1 else ${once.identifier}.${counted} + 1 end`;
  const end = sql`case when ${ended} then ${sql.param(row.expires_at)} else ${once.identifier}.${expires} end`;
  if (dialect !== 'mysql') {
    const conflict = sql`on conflict (${once.get('hash').identifier}) do update set ${counted} = ${next}, ${expires} = ${end}`;
    const [written] = await connection.rows(sql`${insert} ${conflict} returning ${counted} as c0, ${expires} as c1`);
    return { count: Number(written?.[0]), expiresAt: Number(written?.[1]) };
  }
  // last_insert_id(…) carries this call's own count back; MySQL assigns from left to right, so the count comes first.
  const { affected, insertId } = await connection.run(
    sql`${insert} on duplicate key update ${counted} = last_insert_id(${next}), ${expires} = ${end}`,
  );
  const same = sql`${once.get('hash').identifier} = ${sql.param(row.hash)}`;
  const [stored] = await connection.rows(sql`select ${expires} as c0 from ${once.identifier} where ${same}`);
  const fresh = affected === 1 && insertId === 0;
  return { count: fresh ? 1 : insertId, expiresAt: Number(stored?.[0] ?? row.expires_at) };
}
