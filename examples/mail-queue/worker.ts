/** The other end of the queue, a process of its own. Settings come from the environment, see README.md. */
import pg from 'pg';
import { createTransport } from 'sallyport';
import { deliverNext } from './deliver-next.js';
import { createMailQueueTable } from './table.js';

const { env } = process;

function required(name: string): string {
  const value = env[name];
  if (value) return value;
  console.error(`${name} is not set; see README.md.`);
  process.exit(1);
}

function amount(name: string, fallback: number): number {
  const value = Number(env[name] ?? fallback);
  if (Number.isFinite(value) && value > 0) return value;
  console.error(`${name} is "${env[name]}", which is no positive number.`);
  process.exit(1);
}

const connectionString = required('DATABASE_URL');
const transport = createTransport(required('SMTP_URL'));
const pollMilliseconds = amount('POLL_MILLISECONDS', 5000);
const options = {
  leaseMilliseconds: amount('LEASE_MILLISECONDS', 120_000),
  mostAttempts: amount('MOST_ATTEMPTS', 8),
  pauseMilliseconds: amount('PAUSE_MILLISECONDS', 15_000),
  log: (event: object) => console.log(JSON.stringify(event)),
};
const database = new pg.Pool({ connectionString, max: 2 });
database.on('error', (error) => console.error(`database: ${error.message}`));

let stopping = false;
let wake = (): void => undefined;

/** Until the next mail is announced, or the time is over in which a postponed one may have become due. */
function idle(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, pollMilliseconds);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

/** Announcements spare a wait; where they do not come through, polling is enough. */
async function listen(): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString });
  client.on('notification', () => wake());
  client.on('error', (error) => console.error(`announcements: ${error.message}`));
  try {
    await client.connect();
    await client.query('listen mail_queue');
    return client;
  } catch (error) {
    console.error(`announcements: ${error instanceof Error ? error.message : 'failed'}`);
    return undefined;
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // The mail at hand is finished first.
    stopping = true;
    wake();
  });
}

await createMailQueueTable(database);
const announcements = await listen();
console.log(JSON.stringify({ worker: process.pid, ready: true }));
while (!stopping) {
  try {
    if (await deliverNext(database, transport, options)) continue;
  } catch (error) {
    console.error(`queue: ${error instanceof Error ? error.message : 'failed'}`);
  }
  if (!stopping) await idle();
}
await transport.close?.();
await announcements?.end();
await database.end();
