import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adapterNames } from '../support/adapters.js';
import { openApp, password, type TestApp } from '../support/app.js';
import type { Answer, Client } from '../support/client.js';
import { codeOf, needs, secondFactor } from './second-factor.js';

const email = 'user@example.com';
const basic = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;

interface FirstFactor {
  /** Makes the browser ready while no second factor is needed. */
  prepare?(client: Client): Promise<void>;
  prove(client: Client): Promise<Answer>;
  /** What comes in at once when no second factor is needed. */
  path: '/session' | '/basic' | '/token';
  headers?(client: Client): Record<string, string>;
}

const tokens = new WeakMap<Client, string>();
const factors: Record<string, FirstFactor> = {
  'password by form': {
    prove: (client) => client.submit('/login?include_auth_token', { email, password, remember: 'y' }),
    path: '/session',
  },
  'password by JSON': {
    prove: async (client) => await client.postJson('/login?include_auth_token', { email, password, remember: true }),
    path: '/session',
  },
  'loginUser of the application': { prove: (client) => client.send('POST', '/enter?remember=1'), path: '/session' },
  'a remembered browser': {
    async prepare(client) {
      await client.postJson('/login', { email, password, remember: true });
      await client.jar.setCookie('session=; Max-Age=0; Path=/', client.origin);
    },
    prove: (client) => client.getJson('/session'),
    path: '/session',
  },
  'basic credentials': {
    prove: (client) => client.getJson('/basic', { authorization: basic }),
    path: '/basic',
    headers: () => ({ authorization: basic }),
  },
};

describe.each(adapterNames)('F1 the gate (modern), on %s', (adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openApp({ adapter, features: [secondFactor()] });
  });
  afterAll(() => app.close());
  beforeEach(() => needs.only());

  it.each(Object.entries(factors))('F1 %s is enough where no second factor is needed', async (_name, factor) => {
    const client = app.client();
    await factor.prepare?.(client);
    await factor.prove(client);
    expect((await client.getJson(factor.path, factor.headers?.(client))).status).toBe(200);
  });

  it.each(Object.entries(factors))(
    'F1 %s alone gives neither session nor token nor remembered browser',
    async (_name, factor) => {
      const client = app.client();
      await factor.prepare?.(client);
      needs.only(email);
      const answer = await factor.prove(client);
      expect(answer.text).not.toContain('authentication_token');
      expect(
        answer.headers.getSetCookie().filter((line) => /^remember=[^;]/.test(line) && factor.prepare === undefined),
      ).toEqual([]);
      for (const path of ['/session', '/token', '/basic', '/any', '/default', '/fresh', '/verify'])
        expect([path, (await client.getJson(path, factor.headers?.(client))).status]).toEqual([path, 401]);
      expect(JSON.parse((await client.getJson('/')).text).user).toBeNull();
      const live = await app.datastore.listSessions(await app.user(email), app.clock());
      const ours = live.filter(({ kind, created_at }) => kind === 'session' && created_at === app.clock());
      if (factor.prepare === undefined && factor.path === '/session')
        expect(ours.filter(({ methods }) => !methods.includes('application') && methods.includes('code'))).toEqual([]);
    },
  );

  it('F1 a token that was issued when nothing more was needed stays a token: it never makes a session', async () => {
    const issued = await app.client().login(email, password, '?include_auth_token');
    const token = String(issued.json.response.user?.['authentication_token']);
    needs.only(email);
    const client = app.client();
    tokens.set(client, token);
    expect((await client.getJson('/token', { 'authentication-token': token })).status).toBe(200);
    expect((await client.getJson('/session', { 'authentication-token': token })).status).toBe(401);
    expect((await client.getJson('/session')).status).toBe(401);
    expect((await client.getJson('/login?include_auth_token', { 'authentication-token': token })).text).not.toContain(
      'authentication_token',
    );
  });

  it('F1 the second factor completes it: session, token on request, remembered browser as was wished', async () => {
    needs.only(email);
    const client = app.client();
    await client.postJson('/login', { email, password, remember: true });
    expect(await client.cookie('remember')).toBeUndefined();
    const done = await client.postJson('/code?include_auth_token', { code: codeOf(email) });
    expect(done.status).toBe(200);
    expect(done.json.response.user?.['authentication_token']).toBeDefined();
    expect((await client.getJson('/session')).status).toBe(200);
    expect((await client.getJson('/fresh')).status).toBe(200);
    expect(await client.cookie('remember')).toBeDefined();
  });

  it('R2 the way on survives the second factor and is judged again at the last step', async () => {
    needs.only(email);
    for (const [next, expected] of [
      ['/after?x=1', '/after?x=1'],
      ['//evil.com', '/'],
      ['/\\evil.com', '/'],
    ] as const) {
      const client = app.client();
      const first = await client.submit(`/login?next=${encodeURIComponent(next)}`, { email, password });
      expect(first.location?.startsWith('/code')).toBe(true);
      expect(new URL(first.location ?? '', app.origin).searchParams.get('next')).toBe(expected === '/' ? null : next);
      const second = await client.submit(first.location ?? '', { code: codeOf(email) });
      expect([second.status, second.location]).toEqual([302, expected]);
      app.clock.advance(11 * 60_000);
      const third = await client.get('/fresh?z=1');
      const verified = await client.submit(third.location ?? '', { password });
      expect(verified.location).toBe('/fresh?z=1');
    }
    const client = app.client();
    await client.submit('/login?next=/good', { email, password });
    const swapped = await client.submit('/code?next=//evil.com', { code: codeOf(email), next: 'http://evil.com' });
    expect(swapped.location).toBe('/');
  });
});
