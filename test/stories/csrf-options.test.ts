import { expect, it } from 'vitest';
import { cookieNames, stories } from './support.js';

const right = { email: 'user@example.com', password: 'correct horse' };

stories('a CSRF cookie for scripts', { csrfCookieName: 'XSRF-TOKEN', csrfTimeLimit: '1 hour' }, (app) => {
  it('comes with the sign-in, is good as a header, and goes with the sign-out', async () => {
    const client = app().client();
    const done = await client.login(right.email);
    const line = done.headers.getSetCookie().find((one) => one.startsWith('XSRF-TOKEN='));
    expect(line).toMatch(/; Path=\/; SameSite=Strict$/);
    const token = (await client.cookie('XSRF-TOKEN')) ?? '';
    expect((await client.send('POST', '/session', { headers: { 'x-xsrf-token': token } })).status).toBe(200);
    await client.send('POST', '/logout', { headers: { 'x-xsrf-token': token, accept: 'application/json' } });
    expect(await client.cookie('XSRF-TOKEN')).toBeUndefined();
  });

  it('is renewed when it grew too old, and not otherwise', async () => {
    const client = app().client();
    await client.login(right.email);
    expect(cookieNames((await client.get('/session')).headers)).not.toContain('XSRF-TOKEN');
    app().clock.advance(61 * 60_000);
    expect(cookieNames((await client.get('/session')).headers)).toContain('XSRF-TOKEN');
    const token = (await client.cookie('XSRF-TOKEN')) ?? '';
    expect((await client.send('POST', '/session', { headers: { 'x-xsrf-token': token } })).status).toBe(200);
  });
});

stories(
  'a CSRF cookie with each answer',
  { csrfCookieName: 'XSRF-TOKEN', csrfCookieRefreshEachRequest: true, csrfCookie: { path: '/', samesite: 'Lax' } },
  (app) => {
    it('comes with each answer behind a guard', async () => {
      const client = app().client();
      await client.login(right.email);
      const { headers } = await client.get('/session');
      expect(headers.getSetCookie().find((line) => line.startsWith('XSRF-TOKEN='))).toMatch(/SameSite=Lax$/);
    });
  },
);

stories('strangers without tokens', { csrfIgnoreUnauthEndpoints: true }, (app) => {
  it('may sign in, but not from another site; who is signed in needs one', async () => {
    const client = app().client();
    const foreign = await client.send('POST', '/login', { json: right, headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(400);
    expect((await client.send('POST', '/unauth')).status).toBe(200);
    expect((await client.send('POST', '/login', { json: right })).status).toBe(200);
    expect((await client.send('POST', '/session')).status).toBe(400);
    expect((await client.send('POST', '/unauth')).status).toBe(400);
  });
});

stories('protected mechanisms', { csrfProtectMechanisms: ['basic', 'token'] }, (app) => {
  it('are those that are named', async () => {
    const client = app().client();
    await client.login(right.email);
    expect((await client.send('POST', '/session')).status).toBe(200);
    const authorization = `Basic ${Buffer.from('user@example.com:correct horse').toString('base64')}`;
    expect((await app().client().send('POST', '/basic', { headers: { authorization } })).status).toBe(400);
    const token = await app().security.getAuthToken(await app().user(right.email));
    const byToken = await app()
      .client()
      .send('POST', '/token', { headers: { 'authentication-token': token } });
    expect(byToken.status).toBe(400);
  });
});

stories(
  'front ends served elsewhere',
  { on: ['express', 'fastify'], trustedOrigins: ['https://front.example'] },
  (app) => {
    it('are believed, with a token', async () => {
      const client = app().client();
      const origin = 'https://front.example';
      const sent = await client.postJson('/login', right, { origin });
      expect(sent.status).toBe(200);
      expect((await client.send('POST', '/session', { headers: { origin } })).status).toBe(400);
    });
  },
);

stories('CSRF switched off', { on: ['express'], csrfEnabled: false }, (app) => {
  it('asks nobody for a token', async () => {
    const client = app().client();
    expect((await client.send('POST', '/login', { json: right })).status).toBe(200);
    expect((await client.send('POST', '/session')).status).toBe(200);
  });
});
