import { confirmation, type Outbox, outbox, type Profile, recovery } from 'sallyport';
import { afterAll, describe, expect, it } from 'vitest';
import { openApp, password, type TestApp, type TestAppOptions } from '../../../test/support/app.js';
import type { Client } from '../../../test/support/client.js';
import type { RecoveryOptions } from './index.js';

const newPassword = 'quite another horse';
const fields = { password: newPassword, password_confirm: newPassword };
const opened: TestApp[] = [];
afterAll(() => Promise.all(opened.map((app) => app.close())));

const cheapDigests = { hashingSchemes: ['hex_sha256'], passwordSchemes: ['pbkdf2_sha256'] };

interface Story {
  app: TestApp;
  mails: Outbox;
  /** Asks for a link and answers its path. */
  ask(email?: string, client?: Client): Promise<string>;
}

async function open(given: TestAppOptions = {}, options: Partial<RecoveryOptions> = {}): Promise<Story> {
  const mails = outbox();
  const features = [recovery(options), ...(given.features ?? [])];
  const app = await openApp({ mailTransport: mails, ...cheapDigests, ...given, features });
  opened.push(app);
  return {
    app,
    mails,
    async ask(email = 'user@example.com', client = app.client()) {
      await client.postJson('/reset', { email });
      await app.security.drain();
      return /(\/reset\/\S+)/.exec(mails.mails.at(-1)?.text ?? '')?.[1] ?? '';
    },
  };
}

const status = async (app: TestApp, path: string): Promise<number> =>
  (await app.client().postJson(path, fields)).status;

describe.each<Profile>(['modern', 'flask'])('%s', (profile) => {
  it('P1 known, unknown, inactive, unconfirmed, impossible: one answer', async () => {
    const { app, mails } = await open({ profile, returnGenericResponses: true, features: [confirmation()] });
    await app.datastore.updateUser(await app.user('editor@example.com'), { confirmed_at: null });
    const masked = (text: string, email: string) =>
      text
        .replaceAll(email, 'EMAIL')
        .replace(/"csrf_token":"[^"]*"/, '')
        .replace(/name="csrf_token" value="[^"]*"/g, '');
    const emails = ['user', 'nobody', 'inactive', 'editor'].map((name) => `${name}@example.com`);
    const answers = [];
    for (const email of [...emails, 'n0@n0@n0.example']) {
      const json = await app.client().postJson('/reset', { email });
      const page = await app.client().submit('/reset', { email });
      const heads = [json, page].map(({ status: code, headers }) => [
        code,
        [...headers].filter(([name]) => !['date', 'set-cookie', 'etag', 'content-length'].includes(name)),
        headers.getSetCookie().map((line) => line.replace(/=[^;]*/, '')),
      ]);
      answers.push(JSON.stringify([heads, masked(json.text, email), masked(page.text, email)]));
    }
    expect(new Set(answers).size).toBe(1);
    await app.security.drain();
    expect(new Set(mails.mails.map(({ to }) => to))).toEqual(new Set(['user@example.com']));
  });

  it('R3 the mailed link has the configured origin, whatever the request says', async () => {
    const { app, mails } = await open({ profile, baseUrl: 'https://app.example', csrfEnabled: false });
    const spellings: Record<string, string>[] = [
      { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
      { host: 'evil.example' },
    ];
    for (const headers of spellings)
      await app.client().send('POST', '/reset', { json: { email: 'user@example.com' }, headers });
    await app.security.drain();
    expect(mails.mails.length).toBeGreaterThan(0);
    for (const { text, html } of mails.mails) {
      expect(text).toContain('https://app.example/reset/');
      expect(`${text}${html}`).not.toContain('evil');
    }
  });

  it('T2 tokens of other purposes and of other salts are worth nothing here, and this one nowhere else', async () => {
    const { app, ask } = await open({ profile, features: [confirmation()] });
    const user = await app.user('user@example.com');
    const core = app.security.core;
    for (const salt of ['confirm-salt', 'login-salt', 'remember-salt', 'x']) {
      const foreign = core.serializer(salt).dumps([user.fs_uniquifier, null], core.clock());
      expect(await status(app, `/reset/${foreign}`)).toBe(400);
    }
    const bare = core.serializer('reset-salt').dumps([user.fs_uniquifier, null], core.clock());
    expect(await status(app, `/reset/${bare}`)).toBe(400);
    const token = (await ask()).slice('/reset/'.length);
    expect((await app.client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
    expect((await app.client().get(`/confirm/${token}`)).location).not.toBe('/');
  });

  it('T3 a link lives until its deadline and not a second longer; a clock that went back refuses', async () => {
    const { app, ask } = await open({ profile });
    const path = await ask();
    const start = app.clock();
    app.clock.set(start - 5000);
    expect(await status(app, path)).toBe(400);
    app.clock.set(start + 86_400_000 + 1000);
    expect(await status(app, path)).toBe(400);
    app.clock.set(Math.floor(start / 1000) * 1000 + 86_400_000);
    expect(await status(app, path)).toBe(200);
  });

  it('T4 a change of the password kills the link, and so does using another one', async () => {
    const { app, ask } = await open({ profile });
    const path = await ask();
    const hash = await app.security.hashPassword('something else again');
    await app.datastore.updateUser(await app.user('user@example.com'), { password: hash });
    expect(await status(app, path)).toBe(400);
    const first = await ask();
    const second = await ask();
    expect(await status(app, second)).toBe(200);
    expect(await status(app, first)).toBe(400);
    expect(await status(app, second)).toBe(400);
  });

  it('A10 who may not sign in any more resets nothing', async () => {
    const { app, ask } = await open({ profile }, { autoLoginAfterReset: true });
    const path = await ask();
    await app.datastore.deactivateUser(await app.user('user@example.com'));
    const before = (await app.user('user@example.com')).password;
    expect(await status(app, path)).toBe(400);
    expect((await app.client().get(path)).location).toBe('/reset');
    expect((await app.user('user@example.com')).password).toBe(before);
  });

  it('S3 a reset ends every session, remembered browser and auth token', async () => {
    const { app, ask } = await open({ profile });
    const [session, remembered] = [app.client(), app.client()];
    await session.login('user@example.com');
    await remembered.postJson('/login', { email: 'user@example.com', password, remember: true });
    const token = await app.security.getAuthToken(await app.user('user@example.com'));
    expect(await status(app, await ask())).toBe(200);
    for (const client of [session, remembered]) expect((await client.getJson('/session')).status).toBe(401);
    expect((await app.client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
    expect(await app.datastore.listSessions(await app.user('user@example.com'), app.clock())).toEqual([]);
  });

  it('P10 values of any type are a refusal, never an exception or a match', async () => {
    const { app, ask } = await open({ profile });
    const path = await ask();
    for (const value of [null, 1, true, [], {}, { $gt: '' }, 2 ** 53 + 1, '\0', '\ud800']) {
      expect((await app.client().postJson('/reset', { email: value })).status).toBe(400);
      expect((await app.client().postJson(path, { password: value, password_confirm: value })).status).toBe(400);
    }
    for (const body of ['[]', '"x"', 'null', '1']) expect((await app.client().postJson(path, body)).status).toBe(400);
  });

  it('P5 a password of any size is refused before it is hashed', async () => {
    const { app, ask } = await open({ profile });
    const path = await ask();
    for (const long of ['x'.repeat(1_000_000), '😀'.repeat(20_000), 'x'.repeat(300), `nul\0${newPassword}`]) {
      const answer = await app.client().postJson(path, { password: long, password_confirm: long });
      expect([400, 413]).toContain(answer.status);
    }
    expect(await status(app, path)).toBe(200);
  });

  it('C5 opening a link any number of times, by HEAD too, changes nothing', async () => {
    const { app, ask } = await open({ profile });
    const path = await ask();
    const before = await app.user('user@example.com');
    for (const method of ['GET', 'HEAD', 'GET']) await app.client().send(method, path);
    expect(await app.user('user@example.com')).toEqual(before);
    expect(await status(app, path)).toBe(200);
  });

  it('C1 a reset without the CSRF token is refused without effect', async () => {
    const { app, ask } = await open({ profile });
    const path = await ask();
    const form = await app.client().send('POST', path, { form: fields });
    expect(form.status).not.toBe(302);
    expect((await app.client().send('POST', path, { json: fields })).status).toBe(400);
    expect((await app.client().login('user@example.com')).status).toBe(200);
  });

  it('A7 a store that fails at the write loses nothing: 503, and the link works afterwards', async () => {
    let broken = false;
    const { app, ask } = await open({
      profile,
      wrap: (datastore) => ({
        ...datastore,
        transaction: (work) =>
          datastore.transaction((store) =>
            work({
              ...store,
              deleteUserSessions: (...given) =>
                broken ? Promise.reject(new Error('down')) : store.deleteUserSessions(...given),
            }),
          ),
      }),
    });
    const path = await ask();
    broken = true;
    const client = app.client();
    expect((await client.postJson(path, fields)).status).toBe(503);
    expect((await app.client().login('user@example.com')).status).toBe(200);
    broken = false;
    expect(await status(app, path)).toBe(200);
  });
});

describe('modern', () => {
  it('A4 the token leaves the address at once, and is in no log', async () => {
    const lines: string[] = [];
    const log = (message: string, details?: unknown) => void lines.push(message, JSON.stringify(details ?? ''));
    let broken = false;
    const { app, ask } = await open({
      logger: { warn: log, error: log },
      wrap: (datastore) => ({
        ...datastore,
        findUser: (...given) => (broken ? Promise.reject(new Error('down')) : datastore.findUser(...given)),
      }),
    });
    const path = await ask();
    const token = path.slice('/reset/'.length);
    const browser = app.client();
    const hop = await browser.get(path);
    expect(hop.location).toBe('/reset/form');
    expect([hop.headers.get('cache-control'), hop.headers.get('referrer-policy')]).toEqual(['no-store', 'no-referrer']);
    const form = await browser.get('/reset/form');
    expect(form.text).not.toContain(token);
    expect(form.headers.get('cache-control')).toBe('no-store');
    broken = true;
    expect((await browser.get(path)).status).toBe(503);
    broken = false;
    const done = await browser.submit('/reset/form', fields);
    expect(`${done.location}${done.text}`).not.toContain(token);
    expect(lines.join()).not.toContain(token);
  });

  it('T5 a new link kills the one before; so many mails and no more, and nobody is told', async () => {
    const { app, mails, ask } = await open({ mailLimitPerRecipient: 3, mailLimitPerClient: 5 });
    const first = await ask();
    // Within one second the same token would be made again.
    app.clock.advance(1000);
    const second = await ask();
    expect(await status(app, first)).toBe(400);
    expect(await status(app, second)).toBe(200);
    const answers = [];
    for (let count = 0; count < 10; count += 1)
      answers.push((await app.client().postJson('/reset', { email: 'USER@example.com' })).status);
    expect(new Set(answers)).toEqual(new Set([200]));
    await app.security.drain();
    expect(mails.mails.filter(({ subject }) => subject === 'Password reset instructions')).toHaveLength(3);
    app.clock.advance(3_601_000);
    for (const name of ['user', 'admin', 'editor'])
      for (let count = 0; count < 3; count += 1) await ask(`${name}@example.com`);
    expect(mails.mails.filter(({ subject }) => subject === 'Password reset instructions')).toHaveLength(3 + 5);
  });

  it('T4 a change of address or username kills the link', async () => {
    const { app, ask } = await open();
    for (const changes of [{ email: 'other@example.com' }, { email: 'user@example.com', username: 'another' }]) {
      const user = await app.datastore.findUser({ username: 'user1' });
      const path = await ask(String(user?.email));
      if (user) await app.datastore.updateUser(user, changes);
      expect(await status(app, path)).toBe(400);
    }
  });

  it('T7 nothing that was mailed is in the store', async () => {
    const { app, ask } = await open();
    const token = (await ask()).slice('/reset/'.length);
    const rows = await app.execute('select * from auth_once');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('S10 signing in forgets a token that this browser held', async () => {
    const { app, ask } = await open();
    const browser = app.client();
    await browser.get(await ask());
    await browser.login('admin@example.com');
    await browser.submit('/', {});
    await browser.postJson('/logout', {});
    expect((await browser.get('/reset/form')).location).toBe('/reset');
  });

  it('P9 what is not a field of the form is not written', async () => {
    const { app, ask } = await open();
    const before = await app.user('user@example.com');
    const body = { ...fields, email: 'evil@example.com', active: false, roles: ['admin'], fs_uniquifier: 'x' };
    const hostile = `${JSON.stringify(body).slice(0, -1)},"__proto__":{"active":false}}`;
    const client = app.client();
    const token = await client.csrfToken();
    const headers = { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': token };
    const answer = await client.send('POST', await ask(), { body: hostile, headers });
    expect(answer.status).toBe(200);
    const after = await app.user('user@example.com');
    const kept = { password: 0, fs_uniquifier: 0, update_datetime: 0 };
    expect({ ...after, ...kept }).toEqual({ ...before, ...kept });
  });

  it('F1 auto-login stops at a second factor', async () => {
    const factor = {
      name: 'stub-factor',
      configure: () => ({
        name: 'stub-factor',
        messages: {},
        signals: [],
        options: {},
        userColumns: [],
        forms: [],
        mails: [],
        routes: [],
        flags: {},
        check: () => [],
        contributions: [
          {
            to: 'gate' as const,
            secondFactor: {
              name: 'stub',
              required: (_user: unknown, methods: readonly string[]) =>
                methods.includes('stub') ? undefined : { payload: { tf_required: true }, endpoint: 'login' },
            },
          },
        ],
      }),
    };
    const { app, ask } = await open({ features: [factor] }, { autoLoginAfterReset: true });
    const client = app.client();
    const answer = await client.postJson(`${await ask()}?include_auth_token`, fields);
    expect(answer.status).toBe(200);
    expect(answer.json.response).toMatchObject({ tf_required: true });
    expect(answer.text).not.toContain('authentication_token');
    expect((await client.getJson('/session')).status).toBe(401);
  });
});
