import { expect, it } from 'vitest';
import { stories } from './support.js';

const day = 24 * 60 * 60_000;

stories('tokens', { tokenMaxAge: '2 days' }, (app) => {
  const issue = async (email = 'user@example.com') => app().security.getAuthToken(await app().user(email));

  it('come in the header, in the query or in JSON', async () => {
    const token = await issue();
    const client = app().client();
    expect((await client.getJson('/token', { 'authentication-token': token })).status).toBe(200);
    expect((await client.getJson(`/token?auth_token=${encodeURIComponent(token)}`)).status).toBe(200);
    expect((await client.send('POST', '/token', { json: { auth_token: token } })).status).toBe(200);
    expect((await client.getJson('/token')).status).toBe(401);
  });

  it('set no cookie', async () => {
    const answer = await app()
      .client()
      .getJson('/token', { 'authentication-token': await issue() });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('end with their age', async () => {
    const token = await issue();
    app().clock.advance(2 * day - 1000);
    expect((await app().client().getJson('/token', { 'authentication-token': token })).status).toBe(200);
    app().clock.advance(2000);
    expect((await app().client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
  });

  it('are refused when they were touched', async () => {
    const token = await issue();
    for (const bad of [`${token}x`, token.slice(1), 'x', 'a.b.c', 'ü'.repeat(10).slice(0, 0), 'x'.repeat(8000)])
      expect((await app().client().getJson('/token', { 'authentication-token': bad })).status).toBe(401);
  });

  it('and sessions end with the user’s uniquifier', async () => {
    const token = await issue('editor@example.com');
    const browser = app().client();
    await browser.login('editor@example.com');
    await app().datastore.setUniquifier(await app().user('editor@example.com'));
    expect((await app().client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
    expect((await browser.getJson('/session')).status).toBe(401);
  });

  it('end with the account', async () => {
    const token = await issue('admin@example.com');
    await app().datastore.deactivateUser(await app().user('admin@example.com'));
    expect((await app().client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
    await app().datastore.activateUser(await app().user('admin@example.com'));
    expect((await app().client().getJson('/token', { 'authentication-token': token })).status).toBe(200);
  });

  it('a bad one is not made good by a cookie beside it', async () => {
    const browser = app().client();
    await browser.login('user@example.com');
    expect((await browser.getJson('/default', { 'authentication-token': 'bad' })).status).toBe(401);
  });

  it('decide who it is where a cookie says somebody else', async () => {
    const browser = app().client();
    await browser.login('user@example.com');
    const token = await issue('editor@example.com');
    const answer = await browser.getJson('/any', { 'authentication-token': token });
    expect(JSON.parse(answer.text)).toMatchObject({ user: 'editor@example.com', via: 'token' });
  });
});

stories(
  'tokens under other names',
  { on: ['express', 'hono'], tokenAuthenticationHeader: 'X-Key', tokenAuthenticationKey: 'key', tokenMaxAge: null },
  (app) => {
    it('come where they were told to, for ever', async () => {
      const token = await app().security.getAuthToken(await app().user('user@example.com'));
      app().clock.advance(1000 * day);
      expect((await app().client().getJson('/token', { 'x-key': token })).status).toBe(200);
      expect((await app().client().getJson(`/token?key=${token}`)).status).toBe(200);
      expect((await app().client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
    });
  },
);
