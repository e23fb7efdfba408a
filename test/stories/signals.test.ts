import { expect, it } from 'vitest';
import { stories } from './support.js';

stories('signals', {}, (app) => {
  it('tell of signing in and out, with whom and how', async () => {
    const heard: unknown[] = [];
    const { security } = app();
    const stop = [
      security.on('userAuthenticated', ({ user, authnVia }) => {
        heard.push(['userAuthenticated', user.email, authnVia]);
      }),
      security.on('userLoggedIn', ({ user }) => {
        heard.push(['userLoggedIn', user.email]);
      }),
      security.on('userLoggedOut', ({ user }) => {
        heard.push(['userLoggedOut', user.email]);
      }),
      security.on('identityChanged', ({ user }) => {
        heard.push(['identityChanged', user?.email ?? null]);
      }),
    ];
    const client = app().client();
    await client.login('user@example.com', 'wrong');
    expect(heard).toEqual([]);
    await client.login('user@example.com');
    await client.postJson('/logout', {});
    const email = 'user@example.com';
    expect(heard).toEqual([
      ['userLoggedIn', email],
      ['identityChanged', email],
      ['userAuthenticated', email, ['password']],
      ['userLoggedOut', email],
      ['identityChanged', null],
    ]);
    for (const end of stop) end();
    await client.login(email);
    expect(heard).toHaveLength(5);
  });

  it('tell of a remembered browser, and of a stolen cookie', async () => {
    const heard: string[] = [];
    app().security.on('userLoadedFromCookie', ({ user }) => void heard.push(`back ${user.email}`));
    app().security.on('rememberTokenStolen', ({ user }) => void heard.push(`stolen ${user.email}`));
    const browser = app().client();
    await browser.postJson('/login', { email: 'user@example.com', password: 'correct horse', remember: true });
    const remember = `remember=${await browser.cookie('remember')}`;
    expect((await app().client().getJson('/session', { cookie: remember })).status).toBe(200);
    app().clock.advance(60_000);
    expect((await app().client().getJson('/session', { cookie: remember })).status).toBe(401);
    expect(heard).toEqual(['back user@example.com', 'stolen user@example.com']);
    expect((await browser.getJson('/session')).status).toBe(401);
  });

  it('a listener that throws undoes nothing', async () => {
    const end = app().security.on('userLoggedIn', () => {
      throw new Error('broken');
    });
    const client = app().client();
    expect((await client.login('user@example.com')).status).toBe(200);
    expect((await client.getJson('/session')).status).toBe(200);
    end();
  });
});
