import { createServer } from 'node:http';
import { confirmation, defineFeature, outbox, registration } from 'sallyport';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { databaseAvailable } from '../../../test/databases/index.js';
import { openApp, type TestApp, type TestAppOptions } from '../../../test/support/app.js';
import type { Answer } from '../../../test/support/client.js';
import { mailedLink } from '../../../test/support/mails.js';

const address = 'new@example.com';
const password = 'a battery staple';
const mails = outbox({ limit: 1000 });
const profiles = ['modern', 'flask'] as const;
let app: TestApp | undefined;

async function open(options: TestAppOptions = {}): Promise<TestApp> {
  app = await openApp({
    mailTransport: mails,
    features: [registration(), confirmation()],
    emailValidatorArgs: { check_deliverability: false },
    returnGenericResponses: true,
    ...options,
  });
  return app;
}

/** Posts JSON to the registration with everything that it wants. */
function send(running: TestApp, json: unknown): Promise<Answer> {
  return running.client().postJson('/register', json);
}

/** All that an asker can see of an answer, random CSRF values aside. */
function visible(answer: Answer, own: string): unknown {
  const headers = [...answer.headers]
    .filter(([name]) => name !== 'date')
    .map(([name, value]) => [name, name === 'set-cookie' ? value.replace(/=[^;]*/, '') : value]);
  const text = answer.text.replace(/"csrf_token":"[^"]*"/g, '').replaceAll(own, '<own>');
  return { status: answer.status, headers, text };
}

afterEach(async () => {
  await app?.close();
  app = undefined;
  mails.clear();
  vi.restoreAllMocks();
});

describe.each(profiles)('enumeration by registering, profile %s', (profile) => {
  it('P1 C1 new, known, inactive and unconfirmed addresses and taken usernames get one answer and one mail', async () => {
    const running = await open({ profile, usernameEnable: true });
    await send(running, { email: 'unconfirmed@example.com', password });
    await running.security.drain();
    mails.clear();
    const wanted = [
      { email: address, username: 'fresh1' },
      { email: 'user@example.com', username: 'fresh2' },
      { email: 'inactive@example.com', username: 'fresh3' },
      { email: 'unconfirmed@example.com', username: 'fresh4' },
      { email: 'other@example.com', username: 'user1' },
    ];
    const json = [];
    for (const one of wanted) json.push(visible(await send(running, { ...one, password }), one.email));
    for (const one of json) expect(one).toEqual(json[0]);
    expect(json[0]).toMatchObject({ status: 200 });
    await running.security.drain();
    expect(mails.mails.map(({ to }) => to).sort()).toEqual(wanted.map(({ email }) => email).sort());

    const pages = [];
    for (const { email } of [...wanted, { email: 'page@example.com' }]) {
      const browser = running.client();
      const done = await browser.submit('/register', { email, password });
      pages.push([visible(done, email), (await browser.get('/flashed')).text.replace(email, '<own>')]);
    }
    for (const one of pages) expect(one).toEqual(pages[0]);
  });

  it('P2 an address that is known costs as many hashes, of the same password', async () => {
    const running = await open({ profile });
    const hash = vi.spyOn(running.security.core.passwords, 'hash');
    for (const email of [address, 'user@example.com']) await send(running, { email, password });
    expect(hash.mock.calls).toEqual([[password], [password]]);
  });
});

describe('passwords at registration (modern)', () => {
  it('P4 bcrypt never reads the first 72 bytes only', async () => {
    const features = [registration()];
    const head = 'x'.repeat(80);
    const bare = await open({ features, passwordHash: 'bcrypt', passwordHashPasslibOptions: { bcrypt__rounds: 4 } });
    expect((await send(bare, { email: address, password: `${head}1` })).status).toBe(400);
    await bare.close();
    const salted = await open({
      features,
      passwordHash: 'bcrypt',
      passwordHashPasslibOptions: { bcrypt__rounds: 4 },
      passwordSalt: 'a salt for the tests',
    });
    expect((await send(salted, { email: address, password: `${head}1` })).status).toBe(200);
    expect((await salted.client().login(address, `${head}2`)).status).toBe(400);
    expect((await salted.client().login(address, `${head}1`)).status).toBe(200);
  });

  it('P5 lengths, NUL and lone surrogates are refused before anything is hashed', async () => {
    const running = await open();
    const hash = vi.spyOn(running.security.core.passwords, 'hash');
    const bad = [
      'x'.repeat(60_000),
      '💣'.repeat(10_000),
      'é'.repeat(257),
      'long enough\u0000',
      'long enough\ud800',
      '        ',
    ];
    for (const one of bad) expect((await send(running, { email: address, password: one })).status).toBe(400);
    expect((await send(running, { email: address, password: 'x'.repeat(1_000_000) })).status).toBe(400);
    expect(hash).not.toHaveBeenCalled();
    expect(await running.datastore.findUser({ email: address })).toBeNull();
  });

  it('P6 every composition of a password signs in; spellings of one name collide when they register', async () => {
    const running = await open({ features: [registration()], usernameEnable: true, returnGenericResponses: false });
    const secret = 'Ångström ﬁn café';
    expect((await send(running, { email: address, username: 'Fiona', password: secret })).status).toBe(200);
    for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'])
      expect((await running.client().login(address, secret.normalize(form))).status).toBe(200);
    const emails = ['NEW@EXAMPLE.COM', ' new@example.com ', 'new@EXAMPLE.com'];
    for (const email of emails) expect((await send(running, { email, password })).status).toBe(400);
    for (const username of ['fiona', 'FIONA', 'ﬁona', 'ｆｉｏｎａ', 'Fi\u200bona', ' Fiona', 'Fiona\u00ad'])
      expect((await send(running, { email: 'b@example.com', username, password })).status).toBe(400);
    expect(await running.datastore.findUser({ email: 'b@example.com' })).toBeNull();
  });

  it('P8 an account without password is opened by none', async () => {
    const unified = defineFeature<object>({ name: 'unified-signin', options: {} });
    const features = [registration(), unified()];
    const running = await open({ features, passwordRequired: false, apiEnabledMethods: ['session', 'basic'] });
    expect((await send(running, { email: address, password: '   ' })).status).toBe(400);
    expect((await send(running, { email: address })).status).toBe(200);
    expect((await running.user(address)).password).toBeNull();
    for (const guess of ['', ' ', 'null', 'undefined']) {
      expect((await running.client().login(address, guess)).status).toBe(400);
      const basic = Buffer.from(`${address}:${guess}`).toString('base64');
      expect((await running.client().getJson('/basic', { authorization: `Basic ${basic}` })).status).toBe(401);
    }
  });

  it('P12 the breach service down: the policy says which way', async () => {
    for (const [policy, status] of [
      ['strict', 400],
      ['best-effort', 200],
    ] as const) {
      const running = await open({ passwordCheckBreached: policy, passwordBreachedUrl: 'http://127.0.0.1:1/' });
      expect((await send(running, { email: address, password })).status).toBe(status);
      await running.close();
    }
    const liar = createServer((_request, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => liar.once('listening', resolve));
    const port = Reflect.get(Object(liar.address()), 'port');
    const running = await open({ passwordCheckBreached: 'strict', passwordBreachedUrl: `http://127.0.0.1:${port}/` });
    expect((await send(running, { email: address, password })).status).toBe(400);
    liar.close();
  });
});

describe('values of the form (modern)', () => {
  it('P7 addresses that mean another mailbox are refused; stored, mailed and compared is one form', async () => {
    const running = await open();
    const bad = [
      '"e@attacker.com"@victim.com',
      'a@b.example,c@d.example',
      'a@b.example;c@d.example',
      '<a@b.example>',
      'Name <a@b.example>',
      'a(comment)@b.example',
      'a%b.example@c.example@d.example',
      'a＠b.example',
      'a@b.example\r\nBcc: c@d.example',
      'a@[127.0.0.1]',
      `${'a'.repeat(320)}@b.example`,
      'ﬁn@b.example',
      'a@b',
      'a@@b.example',
    ];
    for (const email of bad) expect([email, (await send(running, { email, password })).status]).toEqual([email, 400]);
    await send(running, { email: ' New@BÜCHER.de ', password });
    await running.security.drain();
    expect(mails.mails.map(({ to }) => to)).toHaveLength(1);
    expect((await running.user('new@bücher.de')).email).toBe('new@bücher.de');
  });

  it('P9 nobody gives oneself an id, a role, a proof or a flag', async () => {
    const names = ['id', 'active', 'roles', 'confirmed_at', 'fs_uniquifier', 'fs_token_uniquifier', 'tf_totp_secret'];
    const more = ['tf_primary_method', 'us_totp_secrets', 'us_phone_number', 'mf_recovery_codes', 'login_count'];
    const all = [...names, ...more, 'create_datetime', 'current_login_ip', 'fs_webauthn_user_handle'];
    const fields = all.map((name) => ({ name, type: 'text' as const, label: name }));
    const extended: NonNullable<TestAppOptions['forms']> = { confirmRegisterForm: { fields } };
    for (const forms of [{}, extended]) {
      const running = await open({ forms });
      const values = Object.fromEntries(all.map((name) => [name, '1']));
      const extra = { ...values, passwordHash: 'x', is_admin: true, constructor: { prototype: { active: true } } };
      expect((await send(running, { ...extra, email: address, password })).status).toBe(200);
      const user = await running.user(address);
      for (const name of all) expect([name, user[name]]).not.toEqual([name, '1']);
      expect(user).toMatchObject({ active: true, roles: [], confirmed_at: null, tf_totp_secret: null });
      expect(user.fs_uniquifier).toMatch(/^[0-9a-f]{32}$/);
      await running.close();
    }
  });

  it('P10 P11 every field with every type of value: a field error, never an exception', async () => {
    const running = await open({ usernameEnable: true });
    let deep: unknown = 'x';
    for (let level = 0; level < 1000; level++) deep = [deep];
    const values = [
      null,
      1,
      2 ** 53 + 2,
      true,
      [],
      ['a@b.example'],
      {},
      { $gt: '' },
      { toString: 'x' },
      { __proto__: {} },
      deep,
    ];
    for (const field of ['email', 'username', 'password', 'next']) {
      for (const value of values) {
        const answer = await send(running, { email: address, password, [field]: value });
        expect([field, answer.status]).toEqual([field, 400]);
        const named = Object.keys(answer.json.response.field_errors ?? {});
        expect([field, 'null']).toContain(named[0] ?? 'null');
      }
    }
    const bodies = [
      '[]',
      'null',
      '"x"',
      '{',
      '{"email":"a@b.example","__proto__":{"active":true}}',
      '{"__proto__":null}',
    ];
    for (const body of bodies) {
      const client = running.client();
      const headers = { 'content-type': 'application/json', 'x-csrf-token': await client.csrfToken() };
      expect((await client.send('POST', '/register', { body, headers })).status).toBe(400);
    }
    expect(await running.datastore.findUser({ email: address })).toBeNull();
  });

  it('A3 A5 neither pages nor mails nor headers take on what was typed', async () => {
    const running = await open({ usernameEnable: true, appName: 'Acme' });
    const evil = `"><script>alert(1)</script>{{ 7*7 }}%(email)s`;
    const page = await running.client().submit(`/register?next=${encodeURIComponent(evil)}`, {
      email: `${evil}@x`,
      username: evil,
      password: evil,
    });
    expect(page.text).not.toContain('<script>');
    expect(page.text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}%(email)s@x"');
    for (const username of ['a\r\nBcc: x@y.example', 'http://evil.example', 'evil.example'])
      expect((await send(running, { email: address, username, password })).status).toBe(400);
    await send(running, { email: address, username: 'honest1', password });
    await running.security.drain();
    expect(mails.mails).toHaveLength(1);
    expect(mails.mails[0]).toMatchObject({ to: address, subject: 'Welcome' });
  });
});

describe('requests (both profiles)', () => {
  it.each(profiles)('C1 C5 no other site registers anybody, no GET or HEAD does (%s)', async (profile) => {
    const running = await open({ profile });
    const form = { email: address, password };
    const browser = running.client();
    const token = await browser.csrfToken('/register');
    expect((await browser.send('POST', '/register', { form })).status).toBe(400);
    const text = { 'content-type': 'text/plain' };
    await browser.send('POST', '/register', { body: JSON.stringify(form), headers: text });
    await browser.send('POST', '/register', { body: JSON.stringify({ ...form, csrf_token: token }), headers: text });
    if (profile === 'modern') {
      const headers = { origin: 'https://evil.example' };
      await browser.send('POST', '/register', { form: { ...form, csrf_token: token }, headers });
      await browser.send('POST', '/register', { form: { ...form, csrf_token: token }, headers: { origin: 'null' } });
    }
    const query = new URLSearchParams({ ...form, csrf_token: token, _method: 'POST' });
    for (const method of ['GET', 'HEAD'])
      await browser.send(method, `/register?${query}`, { headers: { 'x-http-method-override': 'POST' } });
    expect(await running.datastore.findUser({ email: address })).toBeNull();
    expect((await browser.send('POST', '/register', { form: { ...form, csrf_token: token } })).status).toBe(302);
  });

  it('R1 next never leads away (both)', async () => {
    for (const profile of profiles) {
      const running = await open({ profile, features: [registration()], baseUrl: null });
      const targets = [
        '//evil.example',
        '/\\evil.example',
        'https:evil.example',
        'https://evil.example',
        'javascript:alert(1)',
      ];
      for (const [index, target] of targets.entries()) {
        const fields = { email: `a${index}@example.com`, password, password_confirm: password };
        const inQuery = await running.client().submit(`/register?next=${encodeURIComponent(target)}`, fields);
        expect([target, inQuery.location]).toEqual([target, '/']);
        const inForm = await running
          .client()
          .submit('/register', { ...fields, email: `b${index}@example.com`, next: target });
        expect([target, inForm.location]).toEqual([target, '/']);
      }
      await running.close();
    }
  });

  it('R3 a forged host does not get into the mail (modern)', async () => {
    const running = await open({ baseUrl: 'https://app.example', csrfCheckOrigin: false, sessionCookieSecure: false });
    const browser = running.client();
    browser.headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    await browser.send('POST', '/register', {
      json: { email: address, password },
      headers: { 'x-csrf-token': await browser.csrfToken() },
    });
    await running.security.drain();
    const text = mails.mails.map((mail) => `${mail.text}${mail.html}`).join();
    expect(text).not.toContain('evil.example');
    if (mails.mails.length > 0) expect(text).toContain('https://app.example/confirm/');
  });
});

describe('what breaks (modern)', () => {
  it('A7 a store that fails: 503, no account, no cookie; the next attempt works', async () => {
    for (const method of ['findUser', 'createUser', 'createSession'] as const) {
      let broken = false;
      const running = await open({
        features: [registration()],
        wrap: (datastore) =>
          Object.assign(Object.create(datastore), {
            [method]: (...given: never[]) => {
              if (broken) throw new Error('down');
              return Reflect.apply(datastore[method], datastore, given);
            },
          }),
      });
      const browser = running.client();
      const headers = { 'x-csrf-token': await browser.csrfToken('/register') };
      broken = true;
      const answer = await browser.send('POST', '/register', { json: { email: address, password }, headers });
      expect([method, answer.status]).toEqual([method, 503]);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(answer.text).not.toContain('down');
      broken = false;
      const signedUp = await browser.send('POST', '/register', { json: { email: address, password }, headers });
      expect(signedUp.status).toBe(200);
      await running.close();
    }
  });

  it('A7 a mail server that fails: the account is there, nothing leaks', async () => {
    const running = await open({
      mailTransport: {
        send: async () => {
          throw new Error('no mail today');
        },
      },
    });
    expect((await send(running, { email: address, password })).status).toBe(200);
    expect((await send(running, { email: 'user@example.com', password })).status).toBe(200);
    await running.security.drain();
    expect((await running.user(address)).email).toBe(address);
  });

  it('T5 nobody’s mailbox is flooded, and the answer does not tell', async () => {
    const running = await open({ mailLimitPerRecipient: 3, mailLimitWithin: '1 hour' });
    const answers = [];
    for (let attempt = 0; attempt < 5; attempt++)
      answers.push(visible(await send(running, { email: 'user@example.com', password }), ''));
    for (const one of answers) expect(one).toEqual(answers[0]);
    await running.security.drain();
    expect(mails.mails).toHaveLength(3);
    running.clock.advance(3_700_000);
    await send(running, { email: 'user@example.com', password });
    await running.security.drain();
    expect(mails.mails).toHaveLength(4);
  });

  it('T7 nothing that was typed or mailed is in the store', async () => {
    const running = await open();
    await send(running, { email: address, password });
    await running.security.drain();
    const token = mailedLink(mails, address, '/confirm/').slice('/confirm/'.length);
    const dump = [];
    for (const table of ['user', 'auth_once', 'auth_session'])
      dump.push(JSON.stringify(await running.execute(`select * from "${table}"`)));
    expect(dump.join()).toContain(address);
    for (const secret of [password, token, decodeURIComponent(token)]) expect(dump.join()).not.toContain(secret);
  });
});

describe.each(['sqlite', 'postgresql', 'mysql'] as const)('races on %s', async (database) => {
  const available = await databaseAvailable(database);

  it.skipIf(!available)('T1 twenty registrations of one address make one account; all get one answer', async () => {
    const running = await open({ database, mailLimitPerRecipient: 0 });
    const clients = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const client = running.client();
        return { client, headers: { 'x-csrf-token': await client.csrfToken() } };
      }),
    );
    const answers = await Promise.all(
      clients.map(({ client, headers }) =>
        client.send('POST', '/register', { json: { email: address, password }, headers }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await running.security.drain();
    expect(mails.mails.filter(({ text }) => text?.includes('/confirm/'))).toHaveLength(1);
  });

  it.skipIf(!available)('P6 T1 twenty spellings of one username at once make one account', async () => {
    const running = await open({ database, usernameEnable: true, mailLimitPerClient: 0 });
    const clients = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const client = running.client();
        const username = [...'abcde']
          .map((letter, bit) => ((index >> bit) & 1 ? letter.toUpperCase() : letter))
          .join('');
        const json = { email: `u${index}@example.com`, username, password };
        return { client, json, headers: { 'x-csrf-token': await client.csrfToken() } };
      }),
    );
    await Promise.all(clients.map(({ client, json, headers }) => client.send('POST', '/register', { json, headers })));
    await running.security.drain();
    const made = await Promise.all(clients.map(({ json }) => running.datastore.findUser({ email: json.email })));
    expect(made.filter((user) => user !== null)).toHaveLength(1);
  });
});
