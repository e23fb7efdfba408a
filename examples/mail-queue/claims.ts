import type { Database } from './table.js';

/** A mail that this worker may try to deliver until its lease is over. */
export interface Claim {
  id: string;
  mail: unknown;
  /** Which attempt this is, from 1. Also what tells this claim from a later one of the same mail. */
  attempt: number;
}

/**
 * Takes the mail that has been due longest, or none. `FOR UPDATE SKIP LOCKED` lets any number of workers take different
 * ones at once; the lease gives a mail back whose worker died.
 */
export async function claim(database: Database, leaseMilliseconds: number): Promise<Claim | undefined> {
  const { rows } = await database.query(
    `update mail_queue set attempts = attempts + 1, due_at = now() + $1 * interval '1 millisecond'
     where id = (
       select id from mail_queue where state = 'waiting' and due_at <= now()
       order by due_at limit 1 for update skip locked
     )
     returning id, mail, attempts`,
    [leaseMilliseconds],
  );
  const [row] = rows;
  return row && { id: String(row['id']), mail: row['mail'], attempt: Number(row['attempts']) };
}

/** The mail is delivered. Only the holder of the claim may say so. */
export async function settle(database: Database, { id, attempt }: Claim): Promise<void> {
  await database.query('delete from mail_queue where id = $1 and attempts = $2', [id, attempt]);
}

/** The mail is to be tried again after a pause. */
export async function postpone(database: Database, { id, attempt }: Claim, pause: number, code: string): Promise<void> {
  await database.query(
    `update mail_queue set due_at = now() + $3 * interval '1 millisecond', last_error = $4
     where id = $1 and attempts = $2`,
    [id, attempt, pause, code],
  );
}

/** The mail is given up: it stays as a dead letter until somebody looks. */
export async function bury(database: Database, { id, attempt }: Claim, code: string): Promise<void> {
  await database.query(`update mail_queue set state = 'dead', last_error = $3 where id = $1 and attempts = $2`, [
    id,
    attempt,
    code,
  ]);
}
