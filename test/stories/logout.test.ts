import { expect, it } from 'vitest';
import { stories } from './support.js';

stories('signing out', {}, (app) => {
  it('ends the session on the server: the old cookie is refused', async () => {
    const browser = app().client();
    await browser.login('user@example.com');
    const cookie = await browser.cookie('session');
    const done = await browser.postJson('/logout', {});
    expect(done.status).toBe(200);
    expect(done.json).toEqual({ meta: { code: 200 }, response: {} });
    expect((await browser.getJson('/session')).status).toBe(401);
    expect(
      (
        await app()
          .client()
          .getJson('/session', { cookie: `session=${cookie}` })
      ).status,
    ).toBe(401);
  });

  it('leads a form to next, and where that leads away to the start page', async () => {
    for (const [next, expected] of [
      ['/any', '/any'],
      ['//evil.example', '/'],
    ] as const) {
      const browser = app().client();
      await browser.login('user@example.com');
      const token = await browser.csrfToken();
      const done = await browser.send('POST', '/logout', { form: { csrf_token: token, next } });
      expect([done.status, done.location]).toEqual([302, expected]);
    }
  });

  it('does not happen by GET or without a token', async () => {
    const browser = app().client();
    await browser.login('user@example.com');
    const byGet = await browser.get('/logout');
    expect(byGet.status).toBe(405);
    expect(byGet.headers.get('allow')).toBe('POST, OPTIONS');
    expect((await browser.send('POST', '/logout')).status).toBe(400);
    expect((await browser.getJson('/session')).status).toBe(200);
  });

  it('is no error for who is not signed in', async () => {
    expect((await app().client().postJson('/logout', {})).status).toBe(200);
  });

  it('leaves the user’s other browsers alone', async () => {
    const [one, other] = [app().client(), app().client()];
    await one.login('user@example.com');
    await other.login('user@example.com');
    await one.postJson('/logout', {});
    expect((await other.getJson('/session')).status).toBe(200);
  });
});

stories(
  'signing out as specified',
  { logoutMethods: ['GET', 'POST'], logoutCsrf: false, postLogoutView: '/bye' },
  (app) => {
    it('happens by GET too and leads to the configured view', async () => {
      const browser = app().client();
      await browser.login('user@example.com');
      expect((await browser.get('/logout')).location).toBe('/bye');
      expect((await browser.getJson('/session')).status).toBe(401);
      await browser.login('user@example.com');
      const byPost = await browser.send('POST', '/logout?next=/any');
      expect([byPost.status, byPost.location]).toEqual([302, '/any']);
    });
  },
);

stories('an application with its own way out', { on: ['express'], logoutMethods: null }, (app) => {
  it('has no such path', async () => {
    expect((await app().client().get('/logout')).status).toBe(404);
  });
});
