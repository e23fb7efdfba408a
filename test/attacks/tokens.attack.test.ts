import { createHmac } from 'node:crypto';
import { ConfigurationError } from 'sallyport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTimedSerializer } from '../../src/crypto/serializer.js';
import { openApp, password, type TestApp, testSecret } from '../support/app.js';
import { dump, profiles } from './tools/apps.js';
import { requestText, sendRaw } from './tools/raw.js';

const day = 24 * 60 * 60_000;
const tokenOf = async (app: TestApp, email = 'user@example.com'): Promise<string> =>
  String(
    (await app.client().login(email, password, '?include_auth_token')).json.response.user?.['authentication_token'],
  );
const uses = async (app: TestApp, token: string): Promise<number> =>
  (await app.client().getJson('/token', { 'authentication-token': token })).status;

describe.each(profiles)('auth tokens (%s)', (profile) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openApp({ profile, tokenMaxAge: '1 day' });
  });
  afterAll(() => app.close());
  const sign = (value: unknown, salt: string, keys = [testSecret]) =>
    createTimedSerializer({
      secretKeys: keys,
      salt,
      digest: profile === 'modern' ? 'sha256' : 'sha1',
      keyDerivation: profile === 'modern' ? 'hmac' : 'django-concat',
    }).dumps(value, app.clock());

  it('T2 no token of another purpose is an auth token, and an auth token is nothing else', async () => {
    const user = await app.user('user@example.com');
    const uniquifier = String(user['fs_token_uniquifier'] ?? user.fs_uniquifier);
    expect(await uses(app, sign([uniquifier], 'remember-salt'))).toBe(200);
    for (const salt of [
      'confirm-salt',
      'reset-salt',
      'login-salt',
      'change-email-salt',
      'us-setup-salt',
      'wan-salt',
      'tf-validity-salt',
      'wtf-csrf-token',
      'cookie-session',
      'itsdangerous',
      '',
    ])
      expect([salt, await uses(app, sign([uniquifier], salt))]).toEqual([salt, 401]);
    const client = app.client();
    const token = await tokenOf(app);
    await client.csrfToken();
    const session = await client.cookie('session');
    expect(await uses(app, session ?? '')).toBe(401);
    expect(await uses(app, await client.csrfToken())).toBe(401);
    for (const cookie of [`session=${token}`, `remember=${token}`, `remember_token=${token}`])
      expect((await app.client().getJson('/session', { cookie })).status).toBe(401);
    const json = { email: 'user@example.com', password };
    expect((await client.send('POST', '/login', { json, headers: { 'x-csrf-token': token } })).status).toBe(400);
    const basic = `Basic ${Buffer.from(`user@example.com:${token}`).toString('base64')}`;
    expect((await client.getJson('/basic', { authorization: basic })).status).toBe(401);
  });

  it('T3 ends with its second, and is refused while the clock is before its birth', async () => {
    const start = Math.ceil(app.clock() / 1000) * 1000;
    app.clock.set(start);
    const token = await tokenOf(app);
    for (const [at, status] of [
      [start, 200],
      [start + day, 200],
      [start + day + 999, 200],
      [start + day + 1000, 401],
      [start - 1, 401],
      [start - day, 401],
      [start + 1, 200],
    ] as const) {
      app.clock.set(at);
      expect([at - start, await uses(app, token)]).toEqual([at - start, status]);
    }
  });

  it('T4 is its user’s alone: no id beside it changes that, and new credentials end it', async () => {
    const token = await tokenOf(app);
    const admin = await app.user('admin@example.com');
    for (const query of [`user=${admin['id']}`, `id=${admin['id']}`, 'email=admin@example.com', 'uid=1']) {
      const { text } = await app.client().getJson(`/token?${query}`, { 'authentication-token': token });
      expect(JSON.parse(text).user).toBe('user@example.com');
    }
    const user = await app.user('user@example.com');
    await app.datastore.setTokenUniquifier(await app.datastore.setUniquifier(user));
    expect(await uses(app, token)).toBe(401);
  });

  it('T9 is asked for its user each time', async () => {
    const token = await tokenOf(app, 'editor@example.com');
    expect(await uses(app, token)).toBe(200);
    const editor = await app.user('editor@example.com');
    await app.datastore.deactivateUser(editor);
    expect(await uses(app, token)).toBe(401);
    await app.datastore.activateUser(editor);
    expect(await uses(app, token)).toBe(200);
    const old = await tokenOf(app, 'editor@example.com');
    await app.datastore.deleteUser(editor);
    expect(await uses(app, old)).toBe(401);
  });

  it('T9 foreign formats, empty subjects and other algorithms are nothing to it', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = part({ sub: '3', exp: 9e9 });
    const forged = ['none', 'None', 'HS256', 'RS256'].flatMap((alg) => {
      const head = part({ alg, typ: 'JWT', kid: '../../dev/null', jku: 'http://evil.com' });
      return [
        `${head}.${body}.`,
        `${head}.${body}.${createHmac('sha256', '').update(`${head}.${body}`).digest('base64url')}`,
      ];
    });
    const values = [[], [''], [null], ['', '', ''], [1], {}, 'x', null, [['x']], ['x', 'y'], [{ $gt: '' }]];
    for (const token of [
      ...forged,
      ...values.map((value) => sign(value, 'remember-salt')),
      ...['.', '..', '...', 'x'.repeat(15_000)],
    ])
      expect([token.slice(0, 60), await uses(app, token)]).toEqual([token.slice(0, 60), 401]);
    const good = await tokenOf(app);
    for (const authorization of [`Bearer ${good}`, `Token ${good}`, good])
      expect((await app.client().getJson('/token', { authorization })).status).toBe(401);
  });

  it('T10 malformed Authorization is no credential and no error', async () => {
    const encode = (text: string) => Buffer.from(text).toString('base64');
    const heads = [
      '',
      'Basic',
      'Basic ',
      'Basic =',
      'Basic ====',
      'Basic %%%',
      `Basic ${'A'.repeat(12_000)}`,
      `Basic ${encode('nocolon')}`,
      `Basic ${encode(':')}`,
      `Basic ${encode(`:${password}`)}`,
      `Basic ${encode('user@example.com:')}`,
      `Basic ${encode('user@example.com')} ${encode('x')}`,
      `Basic\t${encode(`user@example.com:${password}`)}`,
      `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0x41]).toString('base64')}`,
      `Basic ${encode('a\0b:c')}`,
      'Basic \xff\xfe',
      'Negotiate x',
      'Digest username="user@example.com"',
      `Bearer ${encode('x')}`,
    ];
    for (const head of heads) {
      for (const path of ['/basic', '/any', '/session', '/token']) {
        const answer = await sendRaw(
          app.origin,
          requestText('GET', path, [`Authorization: ${head}`, 'Accept: application/json']),
        );
        expect([head.slice(0, 40), path, answer.status]).toEqual([head.slice(0, 40), path, 401]);
      }
    }
    const huge = await sendRaw(
      app.origin,
      requestText('GET', '/basic', [`Authorization: Basic ${'A'.repeat(65_536)}`]),
    );
    expect(huge.status).toBe(431);
    const good = `Authorization: Basic ${encode(`user@example.com:${password}`)}`;
    const bad = `Authorization: Basic ${encode('user@example.com:wrong')}`;
    const first = await sendRaw(app.origin, requestText('GET', '/basic', [bad, good, 'Accept: application/json']));
    expect(first.status).toBe(401);
    const colons = await app.security.hashPassword('a:b::c');
    await app.datastore.updateUser(await app.user('admin@example.com'), { password: colons });
    const authorization = `Basic ${encode('admin@example.com:a:b::c')}`;
    expect((await app.client().getJson('/basic', { authorization })).status).toBe(200);
    for (const name of ['__proto__:x', 'constructor:x', 'a'.repeat(3000)])
      expect((await app.client().getJson('/basic', { authorization: `Basic ${encode(`${name}:x`)}` })).status).toBe(
        401,
      );
  });

  it('T12 nothing that rests in the store is a session, a token or a remembered browser', async () => {
    const client = app.client();
    await client.postJson('/login', { email: 'user@example.com', password, remember: true });
    const store = await dump(app);
    const texts = new Set([...store.matchAll(/"([^"]{16,200})"/g)].map((match) => match[1] ?? ''));
    expect(texts.size).toBeGreaterThan(5);
    for (const text of texts) {
      expect(await uses(app, text)).toBe(401);
      for (const cookie of [`session=${text}`, `remember=${text}`, `remember_token=${text}`])
        expect((await app.client().getJson('/session', { cookie })).status).toBe(401);
    }
  });
});

describe('T11 secrets (modern, flask)', () => {
  it.each(profiles)('T11 the old key still verifies and never signs; a removed one refuses (%s)', async (profile) => {
    const old = 'an-older-key-that-is-long-enough-9876543210';
    const one = await openApp({ profile, secretKey: old });
    const user = await one.user('user@example.com');
    const token = await tokenOf(one);
    const both = await openApp({ profile, secretKey: [testSecret, old] });
    await both.datastore.updateUser(await both.user('user@example.com'), {
      fs_uniquifier: user.fs_uniquifier,
      fs_token_uniquifier: (await one.user('user@example.com'))['fs_token_uniquifier'],
    });
    both.clock.set(one.clock());
    expect(await uses(both, token)).toBe(200);
    const fresh = await tokenOf(both);
    expect(await uses(one, fresh)).toBe(401);
    const removed = await openApp({ profile });
    await removed.datastore.updateUser(await removed.user('user@example.com'), {
      fs_uniquifier: user.fs_uniquifier,
      fs_token_uniquifier: (await one.user('user@example.com'))['fs_token_uniquifier'],
    });
    removed.clock.set(one.clock());
    expect(await uses(removed, token)).toBe(401);
    expect(await uses(removed, fresh)).toBe(200);
    for (const app of [one, both, removed]) await app.close();
  });

  it.each(profiles)(
    'T11 without a secret, or with a short or well-known one, nothing starts in production (%s)',
    async (profile) => {
      const before = process.env['NODE_ENV'];
      process.env['NODE_ENV'] = 'production';
      try {
        for (const secretKey of [
          undefined,
          '',
          'secret',
          'x'.repeat(64),
          'change-me-change-me-change-me',
          'my-super-secret-key-1234567890',
          [],
          [testSecret, 'short'],
        ])
          await expect(openApp({ profile, secretKey, baseUrl: 'https://app.example' })).rejects.toThrow(
            ConfigurationError,
          );
        await (await openApp({ profile, baseUrl: 'https://app.example' })).close();
      } finally {
        process.env['NODE_ENV'] = before;
      }
    },
  );
});
