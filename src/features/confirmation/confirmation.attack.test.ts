import { confirmation, defineFeature, outbox, registration } from 'sallyport';
import { afterEach, describe, expect, it } from 'vitest';
import { databaseAvailable } from '../../../test/databases/index.js';
import { openApp, type TestApp, type TestAppOptions } from '../../../test/support/app.js';
import type { Answer, Client } from '../../../test/support/client.js';
import { mailedLink } from '../../../test/support/mails.js';
import type { ConfirmationOptions } from './index.js';

const address = 'new@example.com';
const password = 'a battery staple';
const profiles = ['modern', 'flask'] as const;
const mails = outbox({ limit: 1000 });
let app: TestApp | undefined;

async function open(given: Partial<ConfirmationOptions> = {}, options: TestAppOptions = {}): Promise<TestApp> {
  app = await openApp({
    mailTransport: mails,
    features: [registration(), confirmation(given)],
    emailValidatorArgs: { check_deliverability: false },
    returnGenericResponses: true,
    ...options,
  });
  return app;
}

async function register(running: TestApp, browser: Client = running.client(), email = address): Promise<string> {
  await browser.submit('/register', { email, password });
  await running.security.drain();
  return mailedLink(mails, email, '/confirm/');
}

const isConfirmed = async (running: TestApp, email = address) =>
  ((await running.user(email))['confirmed_at'] ?? null) !== null;

async function dump(running: TestApp): Promise<string> {
  const tables = [];
  for (const table of ['user', 'auth_once', 'auth_session'])
    tables.push(JSON.stringify(await running.execute(`select * from "${table}"`)));
  return tables.join();
}

afterEach(async () => {
  await app?.close();
  app = undefined;
  mails.clear();
});

describe.each(['sqlite', 'postgresql', 'mysql'] as const)(
  'a link used twenty times at once on %s',
  async (database) => {
    const available = await databaseAvailable(database);

    it.skipIf(!available).each(profiles)('T1 confirms once (%s)', async (profile) => {
      const running = await open({}, { database, profile });
      const confirmed: string[] = [];
      running.security.on('userConfirmed', ({ user }) => void confirmed.push(user.email));
      const browser = running.client();
      const link = await register(running, browser);
      const form = { csrf_token: await browser.csrfToken('/login') };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          profile === 'modern' ? browser.send('POST', link, { form }) : running.client().get(link),
        ),
      );
      expect(confirmed).toEqual([address]);
      expect(answers.filter(({ location }) => location === '/login')).toHaveLength(1);
      expect(await isConfirmed(running)).toBe(true);
    });
  },
);

describe.each(profiles)('tokens, profile %s', (profile) => {
  const press = async (browser: Client, link: string): Promise<Answer> =>
    profile === 'modern' ? await browser.submit(link, {}) : await browser.get(link);

  it('T2 a token for something else confirms nothing, and this one opens nothing else', async () => {
    const running = await open({}, { profile });
    const browser = running.client();
    const link = await register(running, browser);
    const { core } = running.security;
    const user = await running.user(address);
    const withinMilliseconds = 3_600_000;
    for (const [name, salt] of [
      ['reset', 'reset-salt'],
      ['confirm', 'login-salt'],
      ['login', 'confirm-salt'],
    ] as const) {
      const purpose = { name, salt, withinMilliseconds, state: (one: typeof user) => one.password };
      const token = await core.actionTokens.issue(purpose, user, core.clock());
      await press(browser, `/confirm/${encodeURIComponent(token)}`);
    }
    await press(browser, `/confirm/${await running.security.getAuthToken(user)}`);
    expect(await isConfirmed(running)).toBe(false);
    const token = decodeURIComponent(link.slice('/confirm/'.length));
    expect((await running.client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
    const spoiled = [
      `${link}x`,
      link.slice(0, -1),
      link.replace('.', '%00.'),
      link.toUpperCase(),
      '/confirm/%ff',
      '/confirm/.',
    ];
    for (const one of spoiled) {
      const { status, location } = await browser.get(one);
      expect([status, location]).not.toEqual([302, '/login']);
    }
    expect(await isConfirmed(running)).toBe(false);
  });

  it('T3 works until its last second, not after it; a clock that goes back makes nothing younger', async () => {
    const within = 5 * 86_400_000;
    const start = 1_800_000_000_000;
    for (const [wait, works] of [
      [within, true],
      [within + 1000, false],
      [-3_600_000, false],
    ] as const) {
      const running = await open({}, { profile });
      running.clock.set(start);
      const browser = running.client();
      const link = await register(running, browser);
      running.clock.set(start + wait);
      const form = { csrf_token: await browser.csrfToken('/login') };
      if (profile === 'modern') await browser.send('POST', link, { form });
      else await browser.get(link);
      expect([wait, await isConfirmed(running)]).toEqual([wait, works]);
      await running.close();
      app = undefined;
    }
  });

  it('T4 a change of address or of the uniquifier kills the link; it confirms nobody else', async () => {
    for (const change of ['email', 'uniquifier'] as const) {
      const running = await open({}, { profile });
      const browser = running.client();
      const link = await register(running, browser);
      await register(running, running.client(), 'other@example.com');
      const user = await running.user(address);
      if (change === 'email') await running.datastore.updateUser(user, { email: 'moved@example.com' });
      else await running.datastore.setUniquifier(user);
      await press(browser, link);
      expect(await isConfirmed(running, change === 'email' ? 'moved@example.com' : address)).toBe(false);
      expect(await isConfirmed(running, 'other@example.com')).toBe(false);
      await running.close();
      app = undefined;
    }
  });

  it('A10 who has not confirmed is refused by every method', async () => {
    const running = await open({}, { profile });
    await register(running);
    const user = await running.user(address);
    const token = await running.security.getAuthToken(user);
    expect((await running.client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
    const basic = `Basic ${Buffer.from(`${address}:${password}`).toString('base64')}`;
    expect((await running.client().getJson('/basic', { authorization: basic })).status).toBe(401);
    expect((await running.client().login(address, password)).json.response.errors).toEqual([
      'We could not sign you in with these details.',
    ]);
    const browser = running.client();
    await browser.postJson('/login', { email: 'user@example.com', password: 'correct horse', remember: true });
    await running.datastore.updateUser(await running.user('user@example.com'), { confirmed_at: null });
    expect((await browser.getJson('/session')).status).toBe(401);
    await browser.jar.setCookie('session=; Max-Age=0', running.origin);
    expect((await browser.getJson('/session')).status).toBe(401);
  });

  it('P1 asking for instructions tells nobody anything', async () => {
    const running = await open({}, { profile });
    await register(running);
    mails.clear();
    const emails = [address, 'user@example.com', 'inactive@example.com', 'stranger@example.com'];
    const seen = { json: new Set<string>(), page: new Set<string>() };
    for (const email of emails) {
      const json = await running.client().postJson('/confirm', { email });
      const cookies = json.headers.getSetCookie().map((line) => line.replace(/=[^;]*/, ''));
      const clean = (text: string) =>
        text.replace(/("csrf_token":"|name="csrf_token" value=")[^"]*/g, '').replaceAll(email, '<own>');
      seen.json.add(JSON.stringify([json.status, clean(json.text), cookies]));
      const page = await running.client().submit('/confirm', { email });
      seen.page.add(JSON.stringify([page.status, clean(page.text)]));
    }
    expect([seen.json.size, seen.page.size]).toEqual([1, 1]);
    await running.security.drain();
    expect(mails.mails.map(({ to }) => to)).toEqual([address, address]);
  });

  it('R3 A4 a forged host does not get into the link; the token is in no log and in no further address', async () => {
    const logged: unknown[] = [];
    const logger = {
      warn: (...all: unknown[]) => void logged.push(all),
      error: (...all: unknown[]) => void logged.push(all),
    };
    let broken = false;
    const running = await open(
      {},
      {
        profile,
        logger,
        baseUrl: 'https://app.example',
        csrfEnabled: false,
        wrap: (datastore) =>
          Object.assign(Object.create(datastore), {
            findUser: async (...given: Parameters<typeof datastore.findUser>) => {
              if (broken) throw new Error('down');
              return await datastore.findUser(...given);
            },
          }),
      },
    );
    const browser = running.client();
    browser.headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    await browser.send('POST', '/register', { json: { email: address, password } });
    await running.security.drain();
    const text = mails.mails.map((mail) => `${mail.text}${mail.html}`).join();
    expect(text).toContain('https://app.example/confirm/');
    expect(text).not.toContain('evil.example');
    const link = mailedLink(mails, address, '/confirm/');
    const token = link.slice('/confirm/'.length);
    broken = true;
    expect((await browser.get(link)).status).toBe(503);
    broken = false;
    expect(logged.length).toBeGreaterThan(0);
    expect(JSON.stringify(logged)).not.toContain(token);
    const answer = await browser.get(link);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toMatch(/^(no-referrer|same-origin)$/);
    if (profile === 'modern') expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.location ?? '').not.toContain(token);
  });
});

describe('links (modern)', () => {
  it('C5 looking changes nothing, however often and by which method', async () => {
    const running = await open();
    const browser = running.client();
    const link = await register(running, browser);
    const before = await dump(running);
    for (const method of ['GET', 'HEAD', 'GET', 'OPTIONS'])
      for (const path of [link, '/confirm', `/confirm?email=${address}`])
        for (const client of [browser, running.client()]) await client.send(method, path);
    expect(await dump(running)).toBe(before);
  });

  it('C1 no other site presses the button or asks for mails', async () => {
    const running = await open();
    const browser = running.client();
    const link = await register(running, browser);
    mails.clear();
    const token = await browser.csrfToken();
    const cross = { origin: 'https://evil.example' };
    await browser.send('POST', link);
    await browser.send('POST', link, { form: { csrf_token: 'guess' } });
    await browser.send('POST', link, { form: { csrf_token: token }, headers: cross });
    await browser.send('POST', link, { body: `csrf_token=${token}`, headers: { 'content-type': 'text/plain' } });
    await browser.send('POST', '/confirm', { form: { email: address } });
    await browser.send('POST', '/confirm', { form: { email: address, csrf_token: token }, headers: cross });
    await running.security.drain();
    expect(mails.mails).toHaveLength(0);
    expect(await isConfirmed(running)).toBe(false);
  });

  it('T5 T6 mails and guesses are counted, at once too', async () => {
    const running = await open({}, { mailLimitPerRecipient: 4 });
    const link = await register(running);
    const guesser = running.client();
    const form = { csrf_token: await guesser.csrfToken(), password: 'wrong guess' };
    await Promise.all(Array.from({ length: 20 }, () => guesser.send('POST', link, { form })));
    await guesser.send('POST', link, { form: { ...form, password } });
    expect(await isConfirmed(running)).toBe(false);
    for (let request = 0; request < 10; request++) await running.client().postJson('/confirm', { email: address });
    await running.security.drain();
    expect(mails.mails).toHaveLength(4);
    // What was held back did not kill what was sent.
    await running.client().submit(mailedLink(mails, address, '/confirm/'), { without_password: 'y' });
    expect(await isConfirmed(running)).toBe(true);
  });

  it('T7 no token is in the store', async () => {
    const running = await open();
    const token = (await register(running)).slice('/confirm/'.length);
    expect(await dump(running)).not.toContain(token);
    expect(await dump(running)).not.toContain(decodeURIComponent(token));
  });

  it('A7 a store that fails in the middle burns no link', async () => {
    for (const method of ['redeem', 'compareAndSet', 'resetUserAccess'] as const) {
      let broken = false;
      const running = await open(
        {},
        {
          wrap: (datastore) =>
            Object.assign(Object.create(datastore), {
              transaction: (work: (store: typeof datastore) => Promise<unknown>) =>
                datastore.transaction((store) =>
                  work(
                    Object.assign(Object.create(store), {
                      [method]: (...given: never[]) => {
                        if (broken) throw new Error('down');
                        return Reflect.apply(store[method], store, given);
                      },
                    }),
                  ),
                ),
            }),
        },
      );
      const link = await register(running);
      const browser = running.client();
      const form = { csrf_token: await browser.csrfToken(), without_password: 'y' };
      broken = true;
      const answer = await browser.send('POST', link, { form });
      expect([method, answer.status]).toEqual([method, 503]);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(await isConfirmed(running)).toBe(false);
      broken = false;
      await browser.send('POST', link, { form });
      expect(await isConfirmed(running)).toBe(true);
      await running.close();
      app = undefined;
    }
  });

  it('O5 S3 who claimed an address first is locked out when its owner proves it', async () => {
    const running = await open({ loginWithoutConfirmation: true });
    const attacker = running.client();
    const link = await register(running, attacker);
    const token = await running.security.getAuthToken(await running.user(address));
    await attacker.postJson('/login', { email: address, password, remember: true });
    expect((await attacker.getJson('/session')).status).toBe(200);
    const victim = running.client();
    expect((await victim.get(link)).text).toContain('type="password"');
    await victim.submit(link, { without_password: 'y' });
    expect(await isConfirmed(running)).toBe(true);
    expect((await attacker.getJson('/session')).status).toBe(401);
    expect((await running.client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
    expect((await running.client().login(address, password)).status).toBe(400);
  });

  it('F1 R2 confirming with auto-login stops at the second factor', async () => {
    const factor = defineFeature<object>({
      name: 'a-second-factor',
      options: {},
      routes: () => [
        {
          endpoint: 'factor',
          path: '/factor',
          methods: ['GET'],
          access: 'public',
          handle: async () => ({ kind: 'refused', status: 418, message: { key: 'API_ERROR' } }),
        },
      ],
      contributes: () => [
        {
          to: 'gate',
          secondFactor: {
            name: 'a',
            required: (_user, methods) =>
              methods.includes('a') ? undefined : { payload: { tf_required: true }, endpoint: 'factor' },
          },
        },
      ],
    });
    const features = [registration(), confirmation({ autoLoginAfterConfirm: true }), factor()];
    const running = await open({}, { features });
    const browser = running.client();
    const link = await register(running, browser);
    const done = await browser.submit(`${link}?next=/session`, {});
    expect(done.location).toBe('/factor?next=%2Fsession');
    expect((await browser.getJson('/session')).status).toBe(401);
    const evil = await register(running, browser, 'second@example.com');
    const form = { csrf_token: await browser.csrfToken() };
    const away = await browser.send('POST', `${evil}?next=//evil.example`, { form });
    expect(away.location).toBe('/factor');
  });

  it('A5 R1 what comes by the address is shown as text and leads nowhere', async () => {
    const running = await open();
    const evil = '"><script>alert(1)</script>';
    const page = await running.client().get(`/confirm?email=${encodeURIComponent(evil)}&next=//evil.example`);
    expect(page.text).not.toContain('<script>');
    expect(page.text).not.toContain('evil.example');
    const sent = await running.client().submit('/confirm', { email: evil });
    expect(sent.text).not.toContain('<script>');
    const odd = await running.client().get(`/confirm/${encodeURIComponent(evil)}?next=//evil.example`);
    expect(odd.location).toBe('/confirm');
  });

  it('P10 every type of value is answered', async () => {
    const running = await open();
    for (const email of [null, 1, true, [], {}, { $gt: '' }, ['a@b.example']])
      expect((await running.client().postJson('/confirm', { email })).status).toBe(400);
    const browser = running.client();
    const link = await register(running, browser);
    for (const value of [1, [], { $gt: '' }])
      expect((await running.client().postJson(link, { password: value, without_password: value })).status).toBe(400);
    expect(await isConfirmed(running)).toBe(false);
  });
});
