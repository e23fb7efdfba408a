import { expect, it } from 'vitest';
import { cookieNames, stories } from './support.js';

const right = { email: 'user@example.com', password: 'correct horse' };

for (const session of ['server', 'stateless'] as const) {
  stories(`being remembered, ${session} sessions`, { session }, (app) => {
    it('brings a browser back whose session is gone', async () => {
      const browser = app().client();
      const done = await browser.submit('/login', { ...right, remember: 'y' });
      expect(cookieNames(done.headers)).toContain('remember');
      await browser.jar.removeAllCookies();
      for (const line of done.headers.getSetCookie())
        if (line.startsWith('remember=')) await browser.jar.setCookie(line, browser.origin);
      const back = await browser.getJson('/session');
      expect(JSON.parse(back.text).user).toBe('user@example.com');
      expect(cookieNames(back.headers)).toContain('session');
    });

    it('is not fresh, and does not remember who did not ask', async () => {
      const browser = app().client();
      await browser.postJson('/login', { ...right, remember: true });
      const remember = await browser.cookie('remember');
      await browser.jar.removeAllCookies();
      await browser.jar.setCookie(`remember=${remember}; Path=/`, browser.origin);
      expect((await browser.getJson('/fresh')).json.response['reauth_required']).toBe(true);

      const other = app().client();
      await other.login(right.email);
      expect(await other.cookie('remember')).toBeUndefined();
    });

    it('ends with signing out', async () => {
      const browser = app().client();
      await browser.postJson('/login', { ...right, remember: true });
      const remember = await browser.cookie('remember');
      await browser.postJson('/logout', {});
      expect(await browser.cookie('remember')).toBeUndefined();
      await browser.jar.setCookie(`remember=${remember}; Path=/`, browser.origin);
      expect((await browser.getJson('/session')).status).toBe(401);
    });
  });
}

stories('remembering by default', { on: ['express'], defaultRememberMe: true }, (app) => {
  it('ticks the box and holds where JSON says nothing', async () => {
    expect((await app().client().get('/login')).text).toMatch(/name="remember"[^>]*checked/);
    const client = app().client();
    await client.login(right.email);
    expect(await client.cookie('remember')).toBeDefined();
    const refuses = app().client();
    await refuses.postJson('/login', { ...right, remember: false });
    expect(await refuses.cookie('remember')).toBeUndefined();
  });
});
