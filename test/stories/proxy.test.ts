import { expect, it } from 'vitest';
import type { TestApp } from '../support/app.js';
import { stories } from './support.js';

/** The address that the newest session of a user was begun from. */
async function sessionAddress(app: TestApp, headers: Record<string, string>): Promise<string | null | undefined> {
  const user = await app.user('user@example.com');
  await app.datastore.deleteUserSessions(user);
  const client = app.client();
  client.headers = headers;
  await client.login('user@example.com');
  return (await app.datastore.listSessions(user, app.clock()))[0]?.address;
}

stories('behind a proxy that is trusted', { trustedProxies: ['127.0.0.1/32', '10.0.0.0/8'] }, (app) => {
  it('A2 the client is the last hop that is no proxy (profile modern)', async () => {
    for (const [forwarded, expected] of [
      ['203.0.113.9', '203.0.113.9'],
      ['1.1.1.1, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
      ['203.0.113.9:4711', '203.0.113.9'],
      ['[2001:db8::1]:80', '2001:db8::1'],
      ['1.1.1.1, unknown', '127.0.0.1'],
    ] as const)
      expect(await sessionAddress(app(), { 'x-forwarded-for': forwarded })).toBe(expected);
    expect(await sessionAddress(app(), {})).toBe('127.0.0.1');
  });

  it('the scheme is the proxy’s: an https page may change things', async () => {
    const client = app().client();
    client.headers = { 'x-forwarded-proto': 'https' };
    await client.login('user@example.com');
    const token = await client.csrfToken();
    const origin = app().origin.replace('http:', 'https:');
    const send = (own: string) => client.send('POST', '/session', { headers: { 'x-csrf-token': token, origin: own } });
    expect((await send(origin)).status).toBe(200);
    expect((await send(app().origin)).status).toBe(400);
  });
});

stories('behind a proxy that nobody trusts', {}, (app) => {
  it('A2 what it says is not believed (profile modern)', async () => {
    expect(await sessionAddress(app(), { 'x-forwarded-for': '203.0.113.9' })).toBe('127.0.0.1');
    const client = app().client();
    client.headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' };
    const answer = await client.get('/url?external');
    expect(JSON.parse(answer.text)).toEqual({ url: `${app().origin}/login?next=%2Fx` });
  });
});
