import { expect, it } from 'vitest';
import { ownCookie, ownCookieRoute } from '../support/adapters/application.js';
import { cookieNames, stories } from './support.js';

const json = (answer: { text: string }): unknown => JSON.parse(answer.text);

stories('what an application may call', {}, (app) => {
  it('loginUser signs in, and remembers when told to', async () => {
    const browser = app().client();
    const entered = await browser.send('POST', '/enter?remember=1');
    expect(json(entered)).toEqual({ state: 'signed-in' });
    expect(cookieNames(entered.headers).sort()).toEqual(['remember', 'session']);
    expect(json(await browser.getJson('/session'))).toMatchObject({ user: 'user@example.com', via: 'session' });
  });

  it('loginUser refuses a disabled user and sets nothing that signs in', async () => {
    const browser = app().client();
    expect(json(await browser.send('POST', '/enter?email=inactive@example.com'))).toEqual({ state: 'refused' });
    expect((await browser.getJson('/session')).status).toBe(401);
  });

  it('logoutUser signs out', async () => {
    const browser = app().client();
    await browser.send('POST', '/enter');
    await browser.send('POST', '/leave');
    expect((await browser.getJson('/session')).status).toBe(401);
  });

  it('currentUser is the user behind a guard, and an error elsewhere', async () => {
    const browser = app().client();
    expect((await browser.get('/nobody')).status).toBe(500);
    await browser.login('user@example.com');
    expect(json(await browser.get('/me'))).toEqual({ email: 'user@example.com' });
    expect((await browser.get('/nobody')).status).toBe(500);
  });

  it('optionalUser knows who came on open routes too', async () => {
    const browser = app().client();
    expect(json(await browser.get('/'))).toEqual({ path: '/', user: null, via: null });
    await browser.login('user@example.com');
    expect(json(await browser.get('/'))).toEqual({ path: '/', user: 'user@example.com', via: 'session' });
  });

  it('flash keeps texts for the next page, once', async () => {
    const browser = app().client();
    const flashed = await browser.get('/flash-twice');
    expect(cookieNames(flashed.headers)).toEqual(['session']);
    expect(json(await browser.get('/flashed'))).toEqual([
      ['info', 'one'],
      ['error', 'two'],
    ]);
    expect(json(await browser.get('/flashed'))).toEqual([]);
  });

  it('flashed texts are shown on our pages', async () => {
    const browser = app().client();
    await browser.get('/flash');
    expect((await browser.get('/login')).text).toContain('hello');
    expect((await browser.get('/login')).text).not.toContain('hello');
  });

  it('our cookies go out beside those that a handler sets itself', async () => {
    const browser = app().client();
    const answer = await browser.get(ownCookieRoute);
    expect(answer.text).toBe('own');
    expect(cookieNames(answer.headers).sort()).toEqual(['own', 'session']);
    expect(answer.headers.getSetCookie()).toContain(ownCookie);
    expect(json(await browser.get('/flashed'))).toEqual([['info', 'hello']]);
  });

  it('checkAndUpdateAuthnFresh tells whether the sign-in is recent', async () => {
    const browser = app().client();
    expect(json(await browser.get('/is-fresh'))).toEqual({ fresh: false });
    await browser.login('user@example.com');
    expect(json(await browser.get('/is-fresh'))).toEqual({ fresh: true });
    app().clock.advance(60 * 60_000);
    expect(json(await browser.get('/is-fresh'))).toEqual({ fresh: false });
  });

  it('urlForSecurity names our addresses', async () => {
    const url = async (query: string) => json(await app().client().get(`/url?${query}`));
    expect(await url('')).toEqual({ url: '/login?next=%2Fx' });
    expect(await url('endpoint=security.logout&external')).toEqual({ url: `${app().origin}/logout?next=%2Fx` });
    expect((await app().client().get('/url?endpoint=nothing')).status).toBe(500);
  });
});
