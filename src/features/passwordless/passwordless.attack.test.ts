import { defineFeature, option } from 'sallyport';
import { afterEach, describe, expect, it } from 'vitest';
import { type DatabaseKind, databaseAvailable } from '../../../test/databases/index.js';
import type { Answer } from '../../../test/support/client.js';
import { openPasswordlessApp, type PasswordlessApp } from './testing/open-app.js';

let app: PasswordlessApp;
afterEach(() => app.close());

const day = 86_400_000;
const profiles = ['modern', 'flask'] as const;
type Options = Parameters<typeof openPasswordlessApp>[0];

/** The button everywhere, so that one story fits both profiles. */
async function open(options: Options = {}): Promise<PasswordlessApp> {
  app = await openPasswordlessApp({ returnGenericResponses: true, ...options, feature: { loginOnGet: false } });
  return app;
}

async function askFor(email: string, query = ''): Promise<string> {
  // Tokens of one second are the same.
  app.clock.advance(1000);
  await app.client().submit(`/login${query}`, { email });
  return await app.newestLink();
}

/** Status, headers and body without what is random in every answer. */
function comparable(answer: Answer, email: string): unknown {
  const text = answer.text
    .replaceAll(email, 'EMAIL')
    .replaceAll(encodeURIComponent(email), 'EMAIL')
    .replace(/(csrf_token"(?: value=|:)")[^"]*/g, '$1');
  const names = [...answer.headers].filter(([name]) => !['date', 'set-cookie', 'content-length'].includes(name));
  const cookies = answer.headers.getSetCookie().map((line) => line.replace(/=[^;]*/, '='));
  return { status: answer.status, text, names, cookies };
}

describe.each(profiles)('attacks on signing in by mail (%s)', (profile) => {
  it('P1 known, unknown and inactive addresses are answered alike, and only known ones get mail', async () => {
    await open({ profile });
    const answers = { page: [] as unknown[], json: [] as unknown[] };
    for (const email of ['user@example.com', 'nobody@example.com', 'inactive@example.com']) {
      answers.page.push(comparable(await app.client().submit('/login', { email }), email));
      answers.json.push(comparable(await app.client().postJson('/login', { email }), email));
    }
    await app.security.drain();
    expect(app.mails.mails.map((mail) => mail.to)).toEqual(['user@example.com', 'user@example.com']);
    for (const kind of [answers.page, answers.json]) {
      expect(kind[1]).toEqual(kind[0]);
      expect(kind[2]).toEqual(kind[0]);
    }
  });

  it('C1 opening, HEAD and a POST without the token of the page sign nobody in', async () => {
    await open({ profile });
    const link = await askFor('user@example.com');
    const victim = app.client();
    for (const method of ['GET', 'HEAD', 'GET']) expect((await victim.send(method, link)).status).toBe(200);
    if (profile === 'modern') expect((await victim.send('POST', link, { form: {} })).status).toBe(400);
    expect((await victim.getJson('/session')).status).toBe(401);
    expect((await app.client().submit(link, {})).location).toBe('/');
  });

  it('C5 opening a link, good, too old or bad, writes nothing and sends nothing', async () => {
    await open({ profile });
    const writes: string[] = [];
    const link = await askFor('user@example.com');
    for (const name of ['issue', 'redeem', 'consume', 'createSession', 'updateUser', 'compareAndSet'] as const) {
      const original = app.security.core.datastore[name];
      Object.assign(app.security.core.datastore, {
        [name]: (...given: Parameters<typeof original>) => {
          writes.push(name);
          return Reflect.apply(original, app.security.core.datastore, given);
        },
      });
    }
    await app.client().get(link);
    await app.client().get('/login/bad');
    app.clock.advance(2 * day);
    await app.client().get(link);
    await app.security.drain();
    expect(writes).toEqual([]);
    expect(app.mails.mails).toHaveLength(1);
  });

  it('T2 a link is worth nothing for another purpose, nor a token of another purpose here', async () => {
    await open({ profile });
    const user = await app.user('user@example.com');
    const { core } = app.security;
    for (const salt of ['confirm-salt', 'reset-salt', 'remember-salt']) {
      const foreign = core.serializer(salt).dumps([user.fs_uniquifier], app.clock());
      expect((await app.client().get(`/login/${foreign}`)).location, salt).toBe('/login');
    }
    const token = (await askFor('user@example.com')).split('/')[2] ?? '';
    expect((await app.client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
  });

  it('T3 the deadline is checked when the link is used, to the second', async () => {
    await open({ profile, mailLimitPerRecipient: 0 });
    app.clock.set(1_800_000_000_000);
    const good = await askFor('user@example.com');
    app.clock.advance(day);
    expect((await app.client().submit(good, {})).location).toBe('/');
    const late = await askFor('user@example.com');
    app.clock.advance(day + 1000);
    expect((await app.client().submit(late, {})).location).toBe('/login');
  });

  it('T4 a new uniquifier kills a link', async () => {
    await open({ profile });
    const link = await askFor('user@example.com');
    await app.datastore.setUniquifier(await app.user('user@example.com'));
    expect((await app.client().get(link)).location).toBe('/login');
  });

  it('A10 the link of a user who was disabled meanwhile signs nobody in', async () => {
    await open({ profile });
    const link = await askFor('user@example.com');
    await app.datastore.deactivateUser(await app.user('user@example.com'));
    const browser = app.client();
    expect((await browser.submit(link, {})).location).toBe('/login');
    expect((await browser.get('/login')).text).toContain('not valid, or has been used already');
    expect((await browser.getJson('/session')).status).toBe(401);
  });

  it('F1 the link is a first factor only: a second one may still have to come, and `next` waits with it', async () => {
    const secondFactor = defineFeature<{ on: boolean }>({
      name: 'test-factor',
      options: { on: option.flag(true, 'For the test.') },
      routes: () => [
        {
          endpoint: 'test_factor',
          path: '/test-factor',
          methods: ['GET'],
          access: 'public',
          handle: async () => ({ kind: 'raw', status: 200, headers: {}, body: '' }),
        },
      ],
      contributes: () => [
        {
          to: 'gate',
          secondFactor: {
            name: 'test',
            required: (_user, methods) =>
              methods.includes('test') ? undefined : { endpoint: 'test_factor', payload: { tf_required: true } },
          },
        },
      ],
    });
    await open({ profile, features: [secondFactor()] });
    const link = await askFor('user@example.com', '?next=%2Ffresh');
    const browser = app.client();
    expect((await browser.submit(link, {})).location).toBe('/test-factor?next=%2Ffresh');
    expect((await browser.getJson('/session')).status).toBe(401);
    await app.close();
    await open({ profile, features: [secondFactor()], redirectBehavior: 'spa', loginErrorView: '/login-error' });
    const answer = await app.client().submit(await askFor('user@example.com'), {});
    expect(new URL(answer.location ?? '', app.origin).pathname).toBe('/login-error');
    expect(new URL(answer.location ?? '', app.origin).searchParams.get('tf_required')).toBe('1');
  });

  it('R1 R2 a `next` that leads away is not mailed, and one put into the link is not followed', async () => {
    await open({ profile, mailLimitPerRecipient: 0 });
    for (const evil of ['//evil.example', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
      const link = await askFor('user@example.com', `?next=${encodeURIComponent(evil)}`);
      expect(link).not.toContain('evil');
      const done = await app.client().submit(`${link}?next=${encodeURIComponent(evil)}`, {});
      expect(done.location, evil).toBe('/');
    }
  });

  it('R3 the link has the configured origin, whatever Host and its like say', async () => {
    await open({ profile, baseUrl: 'https://app.example', csrfEnabled: false });
    await app.client().send('POST', '/login', {
      form: { email: 'user@example.com' },
      headers: { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', 'x-forwarded-proto': 'http' },
    });
    await app.security.drain();
    const [mail] = app.mails.mails;
    expect(mail?.text).toContain('https://app.example/login/');
    expect(`${mail?.text}${mail?.html}`).not.toContain('evil');
  });

  it('A4 the page of a link is kept nowhere, and the way on does not carry the token', async () => {
    await open({ profile });
    const link = await askFor('user@example.com');
    const page = await app.client().get(link);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const done = await app.client().submit(link, {});
    expect(done.location).not.toContain(link.split('/')[2]);
    expect(done.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('P10 an address of the wrong type is a field error', async () => {
    await open({ profile });
    for (const email of [null, 1, true, ['user@example.com'], { $gt: '' }, 'a\u0000@example.com']) {
      const answer = await app.client().postJson('/login', { email });
      expect([answer.status, Object.keys(answer.json.response.field_errors ?? {})], String(email)).toEqual([
        400,
        ['email'],
      ]);
    }
    await app.security.drain();
    expect(app.mails.mails).toEqual([]);
  });

  it('A7 a sign-in that breaks leaves no session, and the link is still good', async () => {
    let failing = true;
    await open({
      profile,
      session: 'server',
      wrap: (datastore) => ({
        ...datastore,
        async createSession(row) {
          if (failing) throw new Error('the store is down');
          await datastore.createSession(row);
        },
      }),
    });
    const link = await askFor('user@example.com');
    const browser = app.client();
    expect((await browser.submit(link, {})).status).toBe(503);
    expect((await browser.getJson('/session')).status).toBe(401);
    failing = false;
    expect((await browser.submit(link, {})).location).toBe('/');
    expect((await browser.getJson('/session')).status).toBe(200);
    expect((await app.client().submit(link, {})).location).toBe('/login');
  });
});

describe('attacks on signing in by mail (modern)', () => {
  it('T4 a new password or address kills a link', async () => {
    await open({ mailLimitPerRecipient: 0 });
    for (const changes of [
      { password: await app.security.hashPassword('another horse') },
      { email: 'user2@example.com' },
    ]) {
      const link = await askFor('user@example.com');
      await app.datastore.updateUser(await app.user('user@example.com'), changes);
      expect((await app.client().get(link)).location, Object.keys(changes)[0]).toBe('/login');
    }
  });

  it('T5 a new link kills the one before; the mails to one address and of one client are limited, unseen', async () => {
    await open({ mailLimitPerRecipient: 3, mailLimitPerClient: 4 });
    const first = await askFor('user@example.com');
    const second = await askFor('user@example.com');
    expect((await app.client().submit(first, {})).location).toBe('/login');
    expect((await app.client().submit(second, {})).location).toBe('/');
    const answers = [];
    for (let count = 0; count < 5; count += 1)
      answers.push(comparable(await app.client().submit('/login', { email: 'user@example.com' }), 'user@example.com'));
    await app.security.drain();
    expect(app.mails.mails).toHaveLength(3);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await app.client().submit('/login', { email: 'editor@example.com' });
    await app.security.drain();
    expect(app.mails.mails).toHaveLength(3);
  });

  it('T7 what the store keeps of a link signs nobody in', async () => {
    const kept: unknown[] = [];
    await open({
      wrap: (datastore) => ({
        ...datastore,
        async issue(row, options) {
          kept.push(row);
          await datastore.issue(row, options);
        },
      }),
    });
    const token = (await askFor('user@example.com')).split('/')[2] ?? '';
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain(token.slice(0, 40));
  });
});

describe.each(['sqlite', 'postgresql', 'mysql'] satisfies DatabaseKind[])('links on %s', (database) => {
  it.each(profiles)('T1 of twenty uses at once one signs in (%s)', async (profile) => {
    // Without a server the app of another database is opened, so that there is one to close.
    const isThere = await databaseAvailable(database);
    await open({ profile, ...(isThere ? { database } : {}), csrfEnabled: false });
    if (!isThere) return;
    const link = await askFor('user@example.com');
    const browsers = Array.from({ length: 20 }, () => app.client());
    const answers = await Promise.all(browsers.map((browser) => browser.send('POST', link, { form: {} })));
    expect(answers.filter((answer) => answer.location === '/')).toHaveLength(1);
    const inside = await Promise.all(browsers.map((browser) => browser.getJson('/session')));
    expect(inside.filter((answer) => answer.status === 200)).toHaveLength(1);
  });
});
