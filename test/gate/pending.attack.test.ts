import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RawBrowser } from '../attacks/tools/raw.js';
import { openApp, password, type TestApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import { codeOf, needs, secondFactor } from './second-factor.js';

const [user, editor, admin] = ['user@example.com', 'editor@example.com', 'admin@example.com'] as const;
let app: TestApp;
afterEach(async () => {
  needs.only();
  await app.close();
});
const complete = (client: Client, email: string) => client.postJson('/code', { code: codeOf(email) });
const whoIs = async (client: Client) => JSON.parse((await client.getJson('/')).text).user;

describe.each(['modern', 'flask'] as const)('the sign-in that waits (%s)', (profile) => {
  beforeEach(async () => {
    app = await openApp({ profile, features: [secondFactor()] });
    needs.only(user, editor);
  });

  it('F4 ends after ten minutes, to the millisecond', async () => {
    const client = app.client();
    await client.login(user);
    app.clock.advance(10 * 60_000);
    expect((await complete(client, user)).status).toBe(200);
    const late = app.client();
    await late.login(user);
    app.clock.advance(10 * 60_000 + 1);
    expect((await complete(late, user)).status).toBe(400);
    expect(await whoIs(late)).toBeNull();
  });

  it('F4 is bound to its user: the code of another does not complete it', async () => {
    const client = app.client();
    await client.login(user);
    expect((await complete(client, editor)).status).toBe(400);
    expect((await client.postJson('/code', { code: codeOf(editor), email: editor, user: editor })).status).toBe(400);
    expect(await whoIs(client)).toBeNull();
  });

  it('F4 dies on success, and so does a copy of its cookie', async () => {
    const browser = new RawBrowser(app.origin);
    await browser.login(user);
    await browser.csrfToken();
    const copy = new RawBrowser(app.origin);
    copy.cookies.set('session', browser.cookies.get('session') ?? '');
    expect((await browser.postJson('/code', { code: codeOf(user) })).status).toBe(200);
    expect((await browser.postJson('/code', { code: codeOf(user) })).status).toBe(400);
    expect((await copy.postJson('/code', { code: codeOf(user) })).status).toBe(401);
    expect((await copy.getJson('/session')).status).toBe(401);
  });

  it('F4 twenty completions of one pending sign-in at once: one succeeds', async () => {
    const browser = new RawBrowser(app.origin);
    await browser.login(user);
    const token = await browser.csrfToken();
    const copies = Array.from({ length: 20 }, () => {
      const copy = new RawBrowser(app.origin);
      copy.cookies.set('session', browser.cookies.get('session') ?? '');
      return copy;
    });
    const headers = { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': token };
    const body = JSON.stringify({ code: codeOf(user) });
    const answers = await Promise.all(copies.map((copy) => copy.send('POST', '/code', headers, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 401)]);
  });

  it('F4 dies with the user, with new credentials and with the sign-out', async () => {
    const ends: ((client: Client) => Promise<unknown>)[] = [
      async () => app.datastore.setUniquifier(await app.user(user)),
      (client) => client.postJson('/logout', {}),
      async () => app.datastore.deactivateUser(await app.user(user)),
      async () => app.datastore.deleteUser(await app.user(user)),
    ];
    for (const end of ends) {
      const client = app.client();
      await client.login(user);
      await end(client);
      expect((await complete(client, user)).status).toBeGreaterThanOrEqual(400);
      expect(await whoIs(client)).toBeNull();
    }
  });

  it('F2 can do nothing but wait: no page of a user, no verification, no token, no freshness', async () => {
    const client = app.client();
    await client.login(user);
    for (const path of ['/session', '/default', '/fresh', '/always', '/verify', '/admin', '/token'])
      expect([path, (await client.getJson(path)).status]).toEqual([path, path === '/admin' ? 401 : 401]);
    expect((await client.postJson('/verify', { password })).status).toBe(401);
    expect((await client.getJson('/login?include_auth_token')).text).not.toMatch(/authentication_token|user@example/);
    expect(await whoIs(client)).toBeNull();
  });

  it('S10 signing in as another clears it', async () => {
    const client = app.client();
    await client.login(user);
    await client.login(admin);
    expect(await whoIs(client)).toBe(admin);
    expect((await complete(client, user)).status).toBe(400);
    expect(await whoIs(client)).toBe(admin);
  });

  it('S10 a second pending sign-in takes the place of the first', async () => {
    const client = app.client();
    await client.login(user);
    await client.login(editor);
    expect((await complete(client, user)).status).toBe(400);
    expect((await complete(client, editor)).status).toBe(200);
    expect(await whoIs(client)).toBe(editor);
  });

  it('S10 beginning to sign in as somebody else signs out whoever was there, remembered or not', async () => {
    const client = app.client();
    needs.only(user);
    await client.postJson('/login', { email: admin, password, remember: true });
    expect(await whoIs(client)).toBe(admin);
    expect(JSON.parse((await client.send('POST', '/enter')).text)).toEqual({ state: 'pending' });
    expect(await whoIs(client)).toBeNull();
    expect((await complete(client, user)).status).toBe(200);
    expect(await whoIs(client)).toBe(user);
  });

  it('A7 a completion that fails half-way may be tried again', async () => {
    await app.close();
    let broken = false;
    app = await openApp({
      profile,
      session: 'server',
      features: [secondFactor()],
      wrap: (datastore) => ({
        ...datastore,
        async createSession(row) {
          if (broken) throw new Error('down');
          await datastore.createSession(row);
        },
      }),
    });
    const client = app.client();
    await client.login(user);
    broken = true;
    expect((await complete(client, user)).status).toBe(503);
    expect(await whoIs(client)).toBeNull();
    broken = false;
    expect((await complete(client, user)).status).toBe(200);
  });
});
