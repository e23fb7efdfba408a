import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openApp, password, type TestApp } from '../support/app.js';
import { profiles } from './tools/apps.js';
import { RawBrowser } from './tools/raw.js';

const email = 'editor@example.com';
const authorization = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;

describe.each(profiles)('accounts (%s)', (profile) => {
  let app: TestApp;
  const name = profile === 'modern' ? 'remember' : 'remember_token';
  beforeEach(async () => {
    app = await openApp({ profile });
  });
  afterEach(() => app.close());

  /** Every proof that one user can hold. */
  async function proofs(): Promise<Record<string, () => Promise<number>>> {
    const browser = new RawBrowser(app.origin);
    await browser.login(email, { remember: true });
    const session = `session=${browser.cookies.get('session')}`;
    const remembered = `${name}=${browser.cookies.get(name)}`;
    const issued = await app.client().login(email, password, '?include_auth_token');
    const token = String(issued.json.response.user?.['authentication_token']);
    const ask = async (path: string, headers: Record<string, string>) =>
      (await new RawBrowser(app.origin).getJson(path, headers)).status;
    return {
      session: () => ask('/session', { cookie: session }),
      verify: () => ask('/verify', { cookie: session }),
      remember: () => ask('/session', { cookie: remembered }),
      token: () => ask('/token', { 'authentication-token': token }),
      basic: () => ask('/basic', { authorization }),
      password: async () => ((await app.client().login(email)).status === 200 ? 200 : 401),
    };
  }
  const standing = async (all: Record<string, () => Promise<number>>): Promise<string[]> => {
    const alive = [];
    for (const [kind, ask] of Object.entries(all)) if ((await ask()) === 200) alive.push(kind);
    return alive;
  };

  it('A10 an inactive user is refused by every method, and welcome again afterwards', async () => {
    const all = await proofs();
    expect(await standing(all)).toEqual(Object.keys(all));
    const user = await app.user(email);
    await app.datastore.deactivateUser(user);
    expect(await standing(all)).toEqual([]);
    const entered = await app.security.core.datastore.findUser({ email });
    expect(entered?.active).toBe(false);
    await app.datastore.activateUser(user);
    // Rows of sessions and remembered browsers ended with the account; a signed cookie alone is good again.
    const survivors = profile === 'flask' ? Object.keys(all) : ['token', 'basic', 'password'];
    expect(await standing(all)).toEqual(survivors);
  });

  const changes: [string, (app: TestApp) => Promise<unknown>, string[]][] = [
    ['deletion', async (it) => it.datastore.deleteUser(await it.user(email)), []],
    ['deactivation', async (it) => it.datastore.deactivateUser(await it.user(email)), []],
    ['a new uniquifier', async (it) => it.datastore.setUniquifier(await it.user(email)), ['basic', 'password']],
    ['a reset of access', async (it) => it.datastore.resetUserAccess(await it.user(email)), ['basic', 'password']],
  ];
  it.each(changes)('S3 what survives %s', async (_name, change, survivors) => {
    const all = await proofs();
    await change(app);
    expect(await standing(all)).toEqual(survivors);
  });

  it('S3 a role that was taken away is gone with the next request', async () => {
    const browser = new RawBrowser(app.origin);
    await browser.login('admin@example.com');
    expect((await browser.getJson('/admin')).status).toBe(200);
    await app.datastore.removeRoleFromUser(await app.user('admin@example.com'), 'admin');
    expect((await browser.getJson('/admin')).status).toBe(403);
  });

  it('S2 after signing out the old cookie is refused by the server', async () => {
    const browser = new RawBrowser(app.origin);
    await browser.login(email, { remember: true });
    const cookie = `session=${browser.cookies.get('session')}; ${name}=${browser.cookies.get(name)}`;
    await browser.postJson('/logout', {});
    expect(browser.cookies.get(name)).toBeUndefined();
    expect((await browser.getJson('/session')).status).toBe(401);
    // A stateless cookie cannot be taken back: the documented difference of the profile.
    const replayed = (await new RawBrowser(app.origin).getJson('/session', { cookie })).status;
    expect(replayed).toBe(profile === 'modern' ? 401 : 200);
  });
});
