import pg from 'pg';
import { passwordless, type QueuedMail } from 'sallyport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../../src/mail/testing/mail-server.js';
import { databaseAvailable } from '../../test/databases/index.js';
import { serverUrl } from '../../test/databases/servers.js';
import { openApp } from '../../test/support/app.js';
import { postgresqlMailQueue } from './postgresql-mail-queue.js';
import { createMailQueueTable } from './table.js';
import { startWorker, type WorkerProcess } from './testing/worker-process.js';

// Prints SKIPPED where there is no server.
const isAvailable = await databaseAvailable('postgresql');
const name = `sallyport_test_mail_${process.pid}_${Date.now()}`;
const url = new URL(serverUrl('postgresql'));
url.pathname = `/${name}`;

// Starting a worker takes seconds on a busy machine.
describe.skipIf(!isAvailable)('mails in a PostgreSQL table', { timeout: 120_000 }, () => {
  let database: pg.Pool;
  let workers: WorkerProcess[] = [];
  let servers: MailServer[] = [];

  async function onServer(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: serverUrl('postgresql').href });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  beforeAll(async () => {
    await onServer(`create database ${name}`);
    database = new pg.Pool({ connectionString: url.href, max: 4 });
    await createMailQueueTable(database);
  });
  beforeEach(() => database.query('truncate mail_queue'));
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
    await Promise.all(servers.map((server) => server.close()));
    workers = [];
    servers = [];
  });
  afterAll(async () => {
    await database.end();
    await onServer(`drop database ${name} with (force)`);
  });

  async function mailServer(...given: Parameters<typeof startMailServer>): Promise<MailServer> {
    const server = await startMailServer(...given);
    servers.push(server);
    return server;
  }

  async function work(server: MailServer, more: Record<string, string> = {}): Promise<WorkerProcess> {
    const worker = await startWorker({
      DATABASE_URL: url.href,
      SMTP_URL: server.url,
      POLL_MILLISECONDS: '50',
      PAUSE_MILLISECONDS: '20',
      ...more,
    });
    workers.push(worker);
    return worker;
  }

  const queue = () => postgresqlMailQueue(database);
  const mail = (id: string): QueuedMail => ({
    id,
    template: 'welcome',
    subject: 'Welcome',
    recipient: `${id}@example.com`,
    sender: 'no-reply@app.example',
    body: `for ${id}`,
    html: null,
  });
  const rows = async () => (await database.query('select id, state, attempts, last_error from mail_queue')).rows;

  it('carries a mail from a request to the mail server, and keeps nothing of it', async () => {
    const app = await openApp({ features: [passwordless()], mailQueue: queue() });
    await app.client().submit('/login', { email: 'user@example.com' });
    await app.security.drain();
    const [queued] = await rows();
    const server = await mailServer();
    const worker = await work(server);
    await worker.saw((event) => event['outcome'] === 'delivered');
    const [received] = server.received;
    expect(received?.envelope.to).toEqual(['user@example.com']);
    expect(received?.mail.messageId).toBe(`<${queued['id']}@localhost>`);
    const link = /http\S+\/login\/\S+/.exec(received?.mail.text ?? '')?.[0] ?? '';
    expect((await app.client().submit(new URL(link).pathname, {})).location).toBe('/');
    expect(await rows()).toEqual([]);
    expect(JSON.stringify(worker.events)).not.toContain('user@example.com');
    expect(await worker.stop()).toBe(0);
    await app.close();
  });

  it('tries again after a pause when the server is busy, and gives up what it refuses for good', async () => {
    let busy = 2;
    const server = await mailServer({
      onRcptTo({ address }, _session, done) {
        const refuse = (text: string, responseCode: number) => done(Object.assign(new Error(text), { responseCode }));
        if (address.startsWith('nobody')) refuse('no such user', 550);
        else if (busy-- > 0) refuse('busy, come back later', 451);
        else done();
      },
    });
    await queue().enqueue(mail('nobody'));
    const worker = await work(server);
    await worker.saw((event) => event['outcome'] === 'dead');
    expect(await rows()).toEqual([{ id: 'nobody', state: 'dead', attempts: 1, last_error: 'EENVELOPE 550' }]);
    await queue().enqueue(mail('somebody'));
    await worker.saw((event) => event['outcome'] === 'delivered');
    expect(worker.events.filter(({ id }) => id === 'somebody').map(({ outcome }) => outcome)).toEqual([
      'postponed',
      'postponed',
      'delivered',
    ]);
    expect(server.received.map(({ envelope }) => envelope.to)).toEqual([['somebody@example.com']]);
  });

  it('makes a dead letter of what fails too often, and of what is no mail', async () => {
    const server = await mailServer();
    await server.close();
    servers = [];
    await queue().enqueue(mail('unlucky'));
    await database.query(`insert into mail_queue (id, mail) values ('nonsense', '{"to":"x"}')`);
    const worker = await work(server, { MOST_ATTEMPTS: '3' });
    for (const id of ['unlucky', 'nonsense'])
      await worker.saw((event) => event['id'] === id && event['outcome'] === 'dead');
    expect((await rows()).sort((one, other) => one.attempts - other.attempts)).toEqual([
      { id: 'nonsense', state: 'dead', attempts: 1, last_error: 'MAIL_QUEUED_INVALID' },
      { id: 'unlucky', state: 'dead', attempts: 3, last_error: expect.stringMatching(/^E(SOCKET|CONNECTION)/) },
    ]);
  });

  it('delivers what a worker that was killed in the middle had taken, under the same Message-ID', async () => {
    let taken = (): void => undefined;
    const isTaken = new Promise<void>((resolve) => {
      taken = resolve;
    });
    // Takes the mail and never says so: what the sender has to count as not delivered.
    const stuck = await mailServer({ onMailFrom: () => taken() });
    await queue().enqueue(mail('orphan'));
    const first = await work(stuck, { LEASE_MILLISECONDS: '1500' });
    await isTaken;
    await first.kill();
    expect(await rows()).toEqual([{ id: 'orphan', state: 'waiting', attempts: 1, last_error: null }]);

    const server = await mailServer();
    const second = await work(server, { LEASE_MILLISECONDS: '1500' });
    await second.saw((event) => event['outcome'] === 'delivered');
    expect(second.events.slice(1)).toEqual([{ id: 'orphan', attempt: 2, outcome: 'delivered' }]);
    expect(server.received.map((received) => received.mail.messageId)).toEqual(['<orphan@app.example>']);
    expect(await rows()).toEqual([]);
  });

  it('does not try a mail for ever that kills its workers', async () => {
    const server = await mailServer();
    await queue().enqueue(mail('poison'));
    await database.query('update mail_queue set attempts = 8');
    const worker = await work(server);
    await worker.saw((event) => event['outcome'] === 'dead');
    expect((await rows())[0]).toMatchObject({ state: 'dead', last_error: 'WORKER_DIED' });
    expect(server.received).toEqual([]);
  });

  it('lets several workers share the mails: each is delivered once', async () => {
    const server = await mailServer();
    for (let number = 0; number < 30; number += 1) await queue().enqueue(mail(`mail-${number}`));
    await queue().enqueue(mail('mail-0'));
    await Promise.all([work(server), work(server)]);
    while ((await rows()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const ids = server.received.map((received) => received.mail.messageId);
    expect(ids).toHaveLength(30);
    expect(new Set(ids).size).toBe(30);
  });
});
