/** Anything that runs a statement: a `pg` pool, or a client inside a transaction of the application's own. */
export interface Database {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
}

/**
 * The table. `due_at` is when a mail may be taken: now, after a pause for a failed attempt, or when whoever took it
 * must be dead. A delivered mail is deleted at once: it holds links and codes.
 */
const statements = [
  `create table if not exists mail_queue (
    id text primary key,
    mail jsonb not null,
    state text not null default 'waiting' check (state in ('waiting', 'dead')),
    attempts integer not null default 0,
    due_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    last_error text
  )`,
  `create index if not exists mail_queue_due on mail_queue (due_at) where state = 'waiting'`,
];

/** Makes the table where it is missing. Applications with migrations put the statements there. */
export async function createMailQueueTable(database: Database): Promise<void> {
  for (const statement of statements) await database.query(statement);
}
