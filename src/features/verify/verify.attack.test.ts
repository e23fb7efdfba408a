import { afterEach, describe, expect, it } from 'vitest';
import { openApp, password, type TestApp } from '../../../test/support/app.js';
import type { Client } from '../../../test/support/client.js';

let app: TestApp;
afterEach(() => app.close());
const other = 'another horse';

async function open(profile: 'modern' | 'flask'): Promise<void> {
  app = await openApp({ profile });
  const editor = await app.user('editor@example.com');
  await app.datastore.updateUser(editor, { password: await app.security.hashPassword(other) });
}

async function tokenOf(email: string, secret: string): Promise<string> {
  const { json } = await app.client().login(email, secret, '?include_auth_token');
  return String(json.response.user?.['authentication_token']);
}

/** A session whose sign-in was long ago. */
async function staleSession(): Promise<Client> {
  const client = app.client();
  await client.login('user@example.com');
  app.clock.advance(11 * 60_000);
  expect((await client.getJson('/fresh')).status).toBe(401);
  return client;
}

describe.each(['modern', 'flask'] as const)('F6 verify (%s)', (profile) => {
  it('F6 the password of somebody else, or a wrong one, makes nothing fresh', async () => {
    await open(profile);
    const client = await staleSession();
    for (const guess of [other, 'wrong', '', ' ', password.toUpperCase()]) {
      expect((await client.postJson('/verify', { password: guess })).status).toBe(400);
      expect((await client.getJson('/fresh')).status).toBe(401);
    }
    expect((await client.postJson('/verify', { password })).status).toBe(200);
    expect((await client.getJson('/fresh')).status).toBe(200);
  });

  it('F6 a token of one user beside the session of another refreshes no session', async () => {
    await open(profile);
    const attacker = await tokenOf('editor@example.com', other);
    const client = await staleSession();
    const answer = await client.postJson('/verify', { password: other }, { 'authentication-token': attacker });
    expect(answer.status).toBe(200);
    expect((await client.getJson('/fresh')).status).toBe(401);
  });

  it('F6 a token of the same user beside its own session does', async () => {
    await open(profile);
    const own = await tokenOf('user@example.com', password);
    const client = await staleSession();
    await client.postJson('/verify', { password }, { 'authentication-token': own });
    expect((await client.getJson('/fresh')).status).toBe(200);
  });

  it('F6 an email address in the request does not change whose password is asked for', async () => {
    await open(profile);
    const client = await staleSession();
    for (const email of ['editor@example.com', ['editor@example.com']])
      expect((await client.postJson('/verify', { password: other, email, user: email, id: 2 })).status).toBe(400);
    expect((await client.getJson('/fresh')).status).toBe(401);
  });

  it('F6 the answer of a verification, replayed into another session, makes nothing fresh', async () => {
    await open(profile);
    const client = app.client();
    await client.login('user@example.com');
    await client.postJson('/verify', { password });
    const token = await tokenOf('user@example.com', password);
    const anonymous = app.client();
    await anonymous.postJson('/verify', { password }, { 'authentication-token': token });
    expect((await anonymous.getJson('/fresh')).status).toBe(401);
    expect((await anonymous.getJson('/session')).status).toBe(401);
  });

  it('C1 without a CSRF token nothing becomes fresh', async () => {
    await open(profile);
    const client = await staleSession();
    await client.send('POST', '/verify', { form: { password } });
    await client.send('POST', '/verify', { json: { password } });
    expect((await client.getJson('/fresh')).status).toBe(401);
  });
});
