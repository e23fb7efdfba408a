import { outbox, tracking } from 'sallyport';
import { afterEach, describe, expect, it } from 'vitest';
import { type DatabaseKind, databaseAvailable } from '../../../test/databases/index.js';
import { openApp, type TestApp, type TestAppOptions } from '../../../test/support/app.js';

let app: TestApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function open(options: TestAppOptions = {}): Promise<TestApp> {
  app = await openApp({ features: [tracking()], mailTransport: outbox(), ...options });
  return app;
}

const profiles = ['modern', 'flask'] as const;

describe.each(profiles)('attacks on tracking (%s)', (profile) => {
  it('A2 a forged X-Forwarded-For is believed of trusted proxies only, and its right-most foreign hop only', async () => {
    const direct = await open({ profile });
    const liar = direct.client();
    liar.headers = { 'x-forwarded-for': '203.0.113.66' };
    await liar.login('user@example.com');
    expect((await direct.user('user@example.com'))['current_login_ip']).toBe('127.0.0.1');
    await direct.close();

    const behind = await open({ profile, trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] });
    for (const [header, address] of [
      ['203.0.113.66, 198.51.100.7', '198.51.100.7'],
      ['203.0.113.66, 198.51.100.7, 10.1.2.3', '198.51.100.7'],
      ['198.51.100.7:4711', '198.51.100.7'],
      ['::ffff:198.51.100.7', '198.51.100.7'],
      ['203.0.113.66, unknown', '127.0.0.1'],
      ['<script>alert(1)</script>', '127.0.0.1'],
    ] as const) {
      const client = behind.client();
      client.headers = { 'x-forwarded-for': header };
      await client.login('user@example.com');
      expect((await behind.user('user@example.com'))['current_login_ip'], header).toBe(address);
    }
  });

  it('A7 a sign-in that cannot be counted is none: 503, no cookie, no session, and the next one works', async () => {
    let failing = true;
    const opened = await open({
      profile,
      wrap: (datastore) => ({
        ...datastore,
        async compareAndSet(user, expected, changes) {
          if (failing && 'login_count' in changes) throw new Error('the store is down');
          return await datastore.compareAndSet(user, expected, changes);
        },
      }),
    });
    const client = opened.client();
    const token = await client.csrfToken();
    const send = () =>
      client.send('POST', '/login', {
        json: { email: 'user@example.com', password: 'correct horse', remember: true },
        headers: { 'x-csrf-token': token },
      });
    const refused = await send();
    expect(refused.status).toBe(503);
    expect(refused.headers.getSetCookie()).toEqual([]);
    expect((await client.getJson('/session')).status).toBe(401);
    const user = await opened.user('user@example.com');
    expect(await opened.datastore.listSessions(user, opened.clock())).toEqual([]);
    expect(user['login_count']).toBeFalsy();

    failing = false;
    expect((await send()).status).toBe(200);
    expect((await client.getJson('/session')).status).toBe(200);
  });
});

describe.each(['sqlite', 'postgresql', 'mysql'] satisfies DatabaseKind[])('counting on %s', (database) => {
  it('T1 twelve sign-ins at once are counted as twelve (modern)', async (test) => {
    if (!(await databaseAvailable(database))) return test.skip();
    const opened = await open({ database });
    const answers = await Promise.all(Array.from({ length: 12 }, () => opened.client().login('user@example.com')));
    expect(answers.map((answer) => answer.status)).toEqual(Array(12).fill(200));
    expect((await opened.user('user@example.com'))['login_count']).toBe(12);
  });
});
