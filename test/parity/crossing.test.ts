import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Client } from '../support/client.js';
import { originalAvailable } from './original.js';
import { openPair, type Pair } from './pair.js';

const email = 'user@example.com';
const password = 'correct horse';

async function signIn(client: Client, more: Record<string, unknown> = {}, query = ''): Promise<Answer> {
  const csrf_token = await client.csrfToken();
  const answer = await client.send('POST', `/login${query}`, { json: { email, password, csrf_token, ...more } });
  expect(answer.status, answer.text).toBe(200);
  return answer;
}

async function dropCookie(client: Client, name: string): Promise<void> {
  const cookies = await client.jar.getCookies(client.origin);
  for (const cookie of cookies.filter(({ key }) => key === name)) {
    await client.jar.setCookie(`${name}=; Max-Age=0; Path=${cookie.path ?? '/'}`, client.origin);
  }
}

describe.skipIf(!originalAvailable())('beside the original, on one database behind one proxy', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair();
  });
  afterAll(() => pair?.close());

  /** Both ways: who issues, who accepts. */
  const ways: [string, (shared: ReturnType<Pair['shared']>) => { issuer: Client; other: Client }][] = [
    ['from there to here', ({ there, here }) => ({ issuer: there, other: here })],
    ['from here to there', ({ there, here }) => ({ issuer: here, other: there })],
  ];

  describe.each(ways)('%s', (_way, pick) => {
    const both = (): { issuer: Client; other: Client } => pick(pair.shared());

    it('a session is accepted', async () => {
      const { issuer, other } = both();
      await signIn(issuer);
      expect((await other.getJson('/session')).status).toBe(200);
      expect(JSON.parse((await other.getJson('/session')).text)).toMatchObject({ user: email });
      expect((await issuer.getJson('/session')).status).toBe(200);
    });

    it('roles and permissions hold', async () => {
      const { issuer, other } = both();
      await signIn(issuer, { email: 'editor@example.com' });
      expect((await other.getJson('/staff')).status).toBe(200);
      expect((await other.getJson('/admin')).status).toBe(403);
    });

    it('a remembered browser is brought back', async () => {
      const { issuer, other } = both();
      await signIn(issuer, { remember: true });
      await dropCookie(issuer, 'session');
      expect(await issuer.cookie('remember_token')).toBeDefined();
      expect((await other.getJson('/session')).status).toBe(200);
    });

    it('an auth token is accepted', async () => {
      const { issuer, other } = both();
      const answer = await signIn(issuer, {}, '?include_auth_token');
      const token = String(answer.json.response.user?.['authentication_token']);
      await other.jar.removeAllCookies();
      expect((await other.getJson('/token', { 'authentication-token': token })).status).toBe(200);
      expect((await other.getJson(`/token?auth_token=${encodeURIComponent(token)}`)).status).toBe(200);
    });

    it('a CSRF token is accepted with the session it was made in', async () => {
      const { issuer, other } = both();
      const csrf_token = await issuer.csrfToken();
      const json = { email, password, csrf_token };
      expect((await other.send('POST', '/login', { json })).status).toBe(200);
      // Documented: the seed outlives the sign-in, so the token does too.
      const again = await issuer.send('POST', '/verify', { json: { password, csrf_token } });
      expect(again.status, again.text).toBe(200);
    });

    it('the time of the sign-in crosses over, and so does having confirmed it again', async () => {
      const { issuer, other } = both();
      await signIn(issuer);
      expect((await other.getJson('/verify')).status).toBe(200);
      const csrf_token = await other.csrfToken();
      expect((await other.send('POST', '/verify', { json: { password, csrf_token } })).status).toBe(200);
      expect((await issuer.getJson('/session')).status).toBe(200);
    });

    it('a flashed message is shown once', async () => {
      const { issuer, other } = both();
      const refused = await issuer.get('/session');
      expect(refused.location).toBe('/login?next=%2Fsession');
      const page = await other.get('/login');
      expect(page.text).toMatch(/Please (?:sign|log) in to (?:open|access) this page\./);
      expect((await other.get('/login')).text).not.toMatch(/Please (?:sign|log) in to (?:open|access)/);
      expect((await issuer.get('/login')).text).not.toMatch(/Please (?:sign|log) in to (?:open|access)/);
    });

    it('signing out on one side signs out on both, remembered or not', async () => {
      const { issuer, other } = both();
      await signIn(issuer, { remember: true });
      expect((await other.getJson('/session')).status).toBe(200);
      expect((await other.send('POST', '/logout', { json: {} })).status).toBe(200);
      expect((await issuer.getJson('/session')).status).toBe(401);
      expect((await other.getJson('/session')).status).toBe(401);
      expect((await issuer.cookie('remember_token')) ?? '').toBe('');
    });
  });

  it('changing the uniquifier here ends sessions, remembered browsers and tokens there', async () => {
    const { there } = pair.shared();
    const answer = await signIn(there, { email: 'admin@example.com', remember: true }, '?include_auth_token');
    const token = String(answer.json.response.user?.['authentication_token']);
    const { datastore } = pair.ours;
    const user = await datastore.findUser({ email: 'admin@example.com' });
    if (user === null) throw new Error('no user');
    expect((await there.getJson('/session')).status).toBe(200);
    await datastore.setUniquifier(user);
    expect((await there.getJson('/session')).status).toBe(401);
    expect((await there.getJson('/token', { 'authentication-token': token })).status).toBe(401);
  });
});

for (const scheme of ['bcrypt', 'argon2', 'pbkdf2_sha512', 'sha512_crypt']) {
  describe.skipIf(!originalAvailable())(`passwords hashed with ${scheme}`, () => {
    let pair: Pair;
    beforeAll(async () => {
      pair = await openPair({ SECURITY_PASSWORD_HASH: scheme });
    });
    afterAll(() => pair?.close());

    it('are verified on the other side and left as they are', async () => {
      const { security, datastore } = pair.ours;
      const before = await datastore.findUser({ email });
      const { original, ours } = pair.clients();
      await signIn(ours);
      expect((await datastore.findUser({ email }))?.password).toBe(before?.password);

      const hash = await security.hashPassword('pässwörd of ours');
      await datastore.createUser({ email: 'new@example.com', password: hash });
      await signIn(original, { email: 'new@example.com', password: 'pässwörd of ours' });
      expect((await datastore.findUser({ email: 'new@example.com' }))?.password).toBe(hash);
    });
  });
}
