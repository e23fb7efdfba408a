import type { FormDefinition, RouteDefinition } from 'sallyport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterNames } from '../support/adapters.js';
import { password, type TestApp } from '../support/app.js';
import { Client } from '../support/client.js';
import { cases, dump, entered, everyFeature, openWholeApp, pathOf, variants } from './tools/apps.js';
import { RawBrowser } from './tools/raw.js';

const credentials = { email: 'user@example.com', password };

/** Values that would pass, for any form there is. */
function fill(forms: Iterable<FormDefinition>): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const form of forms) {
    for (const { name, type } of form.fields) {
      if (type === 'email') fields[name] = 'user@example.com';
      else if (type === 'password') fields[name] = password;
      else if (type === 'checkbox') fields[name] = 'y';
      else fields[name] = '';
    }
  }
  return fields;
}

describe.each(variants)('C1 what another site can make a browser send (%s, %s)', (profile, which) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openWholeApp({ profile, features: everyFeature(which) });
  });
  afterAll(() => app.close());

  const cleared = (route: RouteDefinition): boolean => route.csrf === 'none';
  const bodies = (fields: Record<string, string>): [type: string | undefined, body: string][] => [
    ['application/x-www-form-urlencoded', new URLSearchParams(fields).toString()],
    ['text/plain', JSON.stringify(fields)],
    [undefined, JSON.stringify(fields)],
    ['application/json', JSON.stringify(fields)],
    ['application/json; x', JSON.stringify(fields)],
    ['APPLICATION/JSON;charset=utf-16', JSON.stringify(fields)],
    ['text/plain; application/json', JSON.stringify(fields)],
    [
      'multipart/form-data; boundary=x',
      `--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nuser@example.com\r\n--x--\r\n`,
    ],
  ];

  it('C1 no changing route has an effect without a token, whatever the body is called', async () => {
    const { core } = app.security;
    const fields = fill(core.registry.forms.values());
    const routes = cases(core).filter(([, route, method]) => method === 'POST' && !cleared(route));
    expect(routes.length).toBeGreaterThan(1);
    for (const signedIn of [false, true]) {
      for (const [name, route] of routes) {
        const browser = new RawBrowser(app.origin);
        await browser.getJson('/login');
        if (signedIn) await browser.send('POST', '/enter');
        const cookie = browser.cookies.get('session');
        const before = await dump(app);
        for (const [type, body] of bodies(fields)) {
          for (const accept of ['application/json', 'text/html']) {
            const headers = { accept, ...(type === undefined ? {} : { 'content-type': type }) };
            const bytes = type === undefined ? new TextDecoder().decode(Buffer.from(body)) : body;
            const answer = await browser.send('POST', pathOf(core, route), headers, bytes);
            expect([name, type, signedIn, answer.status >= 400 || answer.status === 302]).toEqual([
              name,
              type,
              signedIn,
              true,
            ]);
            expect([name, type, answer.text.includes('authentication_token')]).toEqual([name, type, false]);
          }
        }
        expect([name, await dump(app)]).toEqual([name, before]);
        if (cookie !== undefined && signedIn)
          expect((await new RawBrowser(app.origin).getJson('/session', { cookie: `session=${cookie}` })).status).toBe(
            200,
          );
        const now = browser.cookies.get('session') ?? '';
        const asked = await new RawBrowser(app.origin).getJson('/session', { cookie: `session=${now}` });
        expect([name, asked.status]).toEqual([name, signedIn ? 200 : 401]);
      }
    }
  });

  it('C1 a token in the query, a cookie or a made-up header is none', async () => {
    const client = app.client();
    const token = await client.csrfToken();
    const at = encodeURIComponent(token);
    const tries = [
      client.send('POST', `/login?csrf_token=${at}`, { form: credentials }),
      client.send('POST', '/login', { json: credentials, headers: { 'x-csrf': token } }),
      client.send('POST', '/login', { json: { ...credentials, csrf_token: [token] } }),
      client.send('POST', '/login', {
        form: [...Object.entries(credentials), ['csrf_token', ''], ['csrf_token', token]],
      }),
    ];
    for (const answer of await Promise.all(tries)) expect([400, 200]).toContain(answer.status);
    expect((await client.getJson('/session')).status).toBe(401);
  });

  it('C1 no header and no field overrides the method', async () => {
    const client = await entered(app);
    const token = await client.csrfToken();
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override', '_method']) {
      await client.get(`/login?_method=POST&csrf_token=${encodeURIComponent(token)}`, { headers: { [name]: 'POST' } });
      await client.send('HEAD', '/verify?_method=POST', { headers: { [name]: 'POST', 'x-csrf-token': token } });
      const answer = await client.send('POST', '/verify', {
        form: { _method: 'GET', password },
        headers: { [name]: 'GET' },
      });
      expect(answer.status).toBe(400);
    }
  });
});

describe.each(adapterNames)('C1 routes of the application (modern), on %s', (adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openWholeApp({ adapter });
  });
  afterAll(() => app.close());

  it('C1 every guard asks for the token of a session, roles and permissions alone too', async () => {
    const client = app.client();
    await client.login('admin@example.com');
    const user = app.client();
    await user.login('user@example.com');
    for (const path of [
      '/session',
      '/any',
      '/default',
      '/fresh',
      '/admin',
      '/staff',
      '/write',
      '/read-write',
      '/unauth',
    ]) {
      expect([path, (await client.send('POST', path)).status]).toEqual([path, 400]);
      expect([
        path,
        (await client.send('POST', path, { headers: { 'content-type': 'text/plain' }, body: '{}' })).status,
      ]).toEqual([path, 400]);
      const headers = { 'x-csrf-token': await client.csrfToken() };
      expect([path, (await client.send('POST', path, { headers })).status]).toEqual([path, 200]);
      expect([
        path,
        (await client.send('POST', path, { headers: { ...headers, origin: 'http://evil.com' } })).status,
      ]).toEqual([path, 400]);
    }
  });

  it('C2 a sibling, `Origin: null` and strangers are refused even with the right token', async () => {
    const client = app.client();
    await client.login('user@example.com');
    const token = { 'x-csrf-token': await client.csrfToken() };
    const { host } = new URL(app.origin);
    const foreign: Record<string, string>[] = [
      { origin: 'null' },
      { origin: '' },
      { origin: 'http://evil.com' },
      { origin: `https://${host}` },
      { origin: `http://sub.${host}` },
      { origin: `${app.origin}.evil.com` },
      { origin: `${app.origin}, http://evil.com` },
      { origin: 'http://127.0.0.1' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'anything' },
      { referer: 'http://evil.com/' },
      { referer: 'about:blank' },
    ];
    for (const headers of foreign) {
      const answer = await client.send('POST', '/session', { headers: { ...token, ...headers } });
      expect([headers, answer.status]).toEqual([headers, 400]);
    }
    const own: Record<string, string>[] = [
      { origin: app.origin },
      { 'sec-fetch-site': 'same-origin' },
      { referer: `${app.origin}/x` },
      {},
    ];
    for (const headers of own)
      expect([headers, (await client.send('POST', '/session', { headers: { ...token, ...headers } })).status]).toEqual([
        headers,
        200,
      ]);
    // Neither header: the token alone decides.
    expect((await client.send('POST', '/session')).status).toBe(400);
  });

  it('C3 which identity wins is fixed, and a cookie grants nothing that the token lacks', async () => {
    const admin = app.client();
    await admin.login('admin@example.com');
    const issued = await app.client().login('user@example.com', password, '?include_auth_token');
    const token = String(issued.json.response.user?.['authentication_token']);
    const basic = `Basic ${Buffer.from(`user@example.com:${password}`).toString('base64')}`;
    const who = async (path: string, headers: Record<string, string>) => {
      const { status, text } = await admin.getJson(path, headers);
      return status === 200 ? JSON.parse(text).user : status;
    };
    expect(await who('/any', { 'authentication-token': token })).toBe('user@example.com');
    expect(await who('/default', { 'authentication-token': token })).toBe('user@example.com');
    expect(await who('/admin', { 'authentication-token': token })).toBe(403);
    expect(await who('/token', { 'authentication-token': token })).toBe('user@example.com');
    expect(await who('/session', { 'authentication-token': token })).toBe('admin@example.com');
    expect(await who('/any', { authorization: basic })).toBe('admin@example.com');
    expect(await who('/basic', { authorization: basic })).toBe('user@example.com');
    // What was presented and is bad is not made good by the cookie.
    expect(await who('/any', { 'authentication-token': 'bad' })).toBe(401);
    expect(await who('/admin', { 'authentication-token': 'bad' })).toBe(401);
    expect(await who('/token', {})).toBe(401);
    expect(await who('/basic', {})).toBe(401);
  });

  it('C3 basic credentials, which browsers attach by themselves, are refused from other sites', async () => {
    const authorization = `Basic ${Buffer.from(`user@example.com:${password}`).toString('base64')}`;
    const post = async (headers: Record<string, string>) =>
      (await app.client().send('POST', '/basic', { headers: { authorization, ...headers } })).status;
    expect(await post({})).toBe(200);
    expect(await post({ origin: 'http://evil.com' })).toBe(400);
    expect(await post({ 'sec-fetch-site': 'cross-site' })).toBe(400);
  });
});

describe('C4 the token itself', () => {
  it('C4 is bound to its session, masked, new at sign-in and good for an hour (modern)', async () => {
    const app = await openWholeApp();
    const [one, other] = [app.client(), app.client()];
    const tokens = await Promise.all(Array.from({ length: 20 }, () => one.csrfToken()));
    const payloads = tokens.map((token) => token.split('.')[0] ?? '');
    expect(new Set(payloads).size).toBe(20);
    for (const [index, payload] of payloads.entries())
      for (const next of payloads.slice(index + 1)) expect(common(payload, next)).toBeLessThan(8);
    await other.csrfToken();
    const post = (client: Client, token: string) =>
      client.send('POST', '/login', { json: credentials, headers: { 'x-csrf-token': token } });
    expect((await post(other, tokens[0] ?? '')).status).toBe(400);
    expect((await post(new Client(app.origin), tokens[0] ?? '')).status).toBe(400);
    expect((await post(one, `${tokens[0]}x`)).status).toBe(400);
    app.clock.advance(3_601_000);
    expect((await post(one, tokens[0] ?? '')).status).toBe(400);
    const fresh = await one.csrfToken();
    expect((await post(one, fresh)).status).toBe(200);
    expect((await one.send('POST', '/session', { headers: { 'x-csrf-token': fresh } })).status).toBe(400);
    await app.close();
  });
});

/** The longest run of equal characters at one place. */
function common(one: string, other: string): number {
  let longest = 0;
  let run = 0;
  for (let index = 0; index < one.length; index += 1) {
    run = one[index] === other[index] ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
