import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessionCookie } from '../../src/crypto/session-cookie.js';
import { openApp, type TestApp, testSecret } from '../support/app.js';
import { dump, profiles } from './tools/apps.js';
import { RawBrowser, requestText, sendRaw } from './tools/raw.js';

const digests = { modern: 'sha256', flask: 'sha1' } as const;
const minute = 60_000;
const day = 24 * 60 * minute;

describe.each(profiles)('sessions (%s)', (profile) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openApp({ profile, freshness: '30 days' });
  });
  afterAll(() => app.close());
  const state = (cookie: string | undefined) =>
    createSessionCookie({ secretKeys: [testSecret], digest: digests[profile] }).open(cookie ?? '', {
      now: app.clock(),
    });
  const asks = async (cookie: string): Promise<number> =>
    (await new RawBrowser(app.origin).getJson('/session', { cookie })).status;

  it('S1 what was in the browser before the sign-in is worth nothing after it', async () => {
    const attacker = app.client();
    const token = await attacker.csrfToken();
    const planted = await attacker.cookie('session');
    const victim = new RawBrowser(app.origin);
    victim.cookies.set('session', planted ?? '');
    await victim.login('user@example.com');
    const after = victim.cookies.get('session') ?? '';
    expect(await asks(`session=${after}`)).toBe(200);
    expect(await asks(`session=${planted}`)).toBe(401);
    const [before, now] = [state(planted), state(after)];
    expect(before?.['sid']).toBeUndefined();
    expect(now?.['sid'] ?? now?.['_user_id']).toBeDefined();
    if (profile === 'modern') {
      expect(now?.['csrf_token']).not.toBe(before?.['csrf_token']);
      const forged = { 'content-type': 'application/json', 'x-csrf-token': token };
      expect((await victim.send('POST', '/session', forged, '{}')).status).toBe(400);
    }
  });

  it('S1 signing in again from a live session gives a new one and ends the old', async () => {
    const browser = new RawBrowser(app.origin);
    await browser.login('user@example.com');
    const first = browser.cookies.get('session') ?? '';
    await browser.send('POST', '/enter');
    const second = browser.cookies.get('session') ?? '';
    expect(await asks(`session=${second}`)).toBe(200);
    if (profile === 'modern') {
      expect(second).not.toBe(first);
      expect(state(second)?.['sid']).not.toBe(state(first)?.['sid']);
      expect(await asks(`session=${first}`)).toBe(401);
    }
  });

  it('S1 an identifier that nobody signed is not taken over', async () => {
    for (const forged of [
      'attacker',
      'a.b.c',
      'eyJzaWQiOiJhIn0',
      'eyJzaWQiOiJhIn0.aSGIXA.xxxxxxxxxxxxxxxxxxxxxxxxxxx',
    ]) {
      const browser = new RawBrowser(app.origin);
      browser.cookies.set('session', forged);
      expect((await browser.login('user@example.com')).status).toBe(200);
      expect(browser.cookies.get('session')).not.toBe(forged);
      expect(await asks(`session=${forged}`)).toBe(401);
    }
  });

  it('S6 cookies of any size, number and shape: no error, nobody signed in', async () => {
    const headers = [
      'session=',
      'session',
      '=',
      ';;;;',
      '=session=x',
      'session="',
      'session="\\',
      'session=%00',
      'session=%E0%A4%A',
      `session=${'a'.repeat(4096)}`,
      `session=${'.'.repeat(4096)}`,
      `session=.${'e'.repeat(4096)}.a.b`,
      Array.from({ length: 60 }, (_, index) => `c${index}=${'x'.repeat(100)}`).join('; '),
      Array.from({ length: 60 }, () => 'session=x').join('; '),
      `${'session '.repeat(500)}=x`,
      'SESSION=x; Session=y',
      'remember=x; remember_token=y',
      `remember_token=${'1|'.repeat(2000)}`,
      `remember=${'A'.repeat(24)}.${'A'.repeat(43)}`,
      'session=\xff\xfe; remember=\xff',
    ];
    for (const cookie of headers) {
      for (const path of ['/session', '/login', '/']) {
        const answer = await sendRaw(
          app.origin,
          requestText('GET', path, [`Cookie: ${cookie}`, 'Accept: application/json']),
        );
        expect([cookie.slice(0, 40), path, answer.status]).toEqual([
          cookie.slice(0, 40),
          path,
          path === '/session' ? 401 : 200,
        ]);
        if (path === '/') expect(answer.body).toContain('"user":null');
      }
    }
    const tooMuch = await sendRaw(app.origin, requestText('GET', '/session', [`Cookie: a=${'x'.repeat(70_000)}`]));
    expect(tooMuch.status).toBe(431);
  });

  it('S6 a rightly signed cookie with nonsense inside signs nobody in', async () => {
    const cookies = createSessionCookie({ secretKeys: [testSecret], digest: digests[profile] });
    const user = await app.user('user@example.com');
    const values: unknown[] = [null, 1, true, '', [], {}, [user.fs_uniquifier], { toString: 'x' }, 'x'.repeat(5000)];
    for (const value of values) {
      for (const key of ['sid', '_user_id', 'tf_pending', 'fs_paa', 'csrf_token', '_flashes', 'fs_cc']) {
        const cookie = `session=${cookies.seal({ [key]: value }, app.clock())}`;
        const browser = new RawBrowser(app.origin);
        for (const path of ['/session', '/fresh', '/always', '/verify'])
          expect([key, value, path, (await browser.getJson(path, { cookie })).status]).toEqual([key, value, path, 401]);
        expect((await browser.send('GET', '/login', { cookie })).status).toBe(200);
        expect((await browser.send('GET', '/flashed', { cookie })).status).toBe(200);
      }
    }
  });

  it('S7 a session ends at its absolute end however busy it is', async () => {
    const browser = new RawBrowser(app.origin);
    await browser.login('user@example.com');
    const cookie = `session=${browser.cookies.get('session')}`;
    const lifetime = profile === 'modern' ? 7 * day : 31 * day;
    for (let passed = 0; passed < lifetime - day / 2; passed += day / 2) {
      expect(await asks(cookie)).toBe(200);
      app.clock.advance(day / 2);
    }
    app.clock.advance(day);
    expect(await asks(cookie)).toBe(401);
  });

  it('S7 a clock that goes back lets nobody in whose cookie is from the future', async () => {
    const browser = new RawBrowser(app.origin);
    await browser.login('user@example.com');
    app.clock.advance(-minute);
    expect(await asks(`session=${browser.cookies.get('session')}`)).toBe(401);
    app.clock.advance(minute);
  });
});

describe('idle sessions', () => {
  it('S7 the store itself leaves out rows that were idle, are over or belong to an older uniquifier (modern)', async () => {
    const app = await openApp({ sessionIdleTimeout: '10 minutes' });
    const open = async () => {
      const browser = new RawBrowser(app.origin);
      await browser.login('user@example.com');
      return browser;
    };
    const idle = await open();
    app.clock.advance(10 * minute - 1000);
    expect((await idle.getJson('/session')).status).toBe(200);
    app.clock.advance(10 * minute - 1);
    expect((await idle.getJson('/session')).status).toBe(200);
    app.clock.advance(10 * minute + 1);
    expect((await idle.getJson('/session')).status).toBe(401);
    // And it does not come back.
    app.clock.advance(-5 * minute);
    const before = await dump(app);
    expect(before).toContain('session');
    const live = await open();
    await app.datastore.setUniquifier(await app.user('user@example.com'));
    expect((await live.getJson('/session')).status).toBe(401);
    await app.close();
  });
});

describe('cookies of a site over https', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openApp({ baseUrl: 'https://app.example', csrfCookieName: 'XSRF-TOKEN' });
  });
  afterAll(() => app.close());

  it('S4 of the session only the prefixed cookie is read, wherever a tossed one stands (modern)', async () => {
    const browser = new RawBrowser(app.origin);
    await browser.login('user@example.com');
    const name = '__Host-session';
    const good = browser.cookies.get(name);
    const other = new RawBrowser(app.origin);
    await other.login('editor@example.com');
    const evil = other.cookies.get(name);
    const ask = async (cookie: string) =>
      JSON.parse((await new RawBrowser(app.origin).getJson('/', { cookie })).text).user;
    expect(await ask(`${name}=${good}`)).toBe('user@example.com');
    for (const tossed of [
      `session=${evil}`,
      `Host-session=${evil}`,
      `x${name}=${evil}`,
      `${name}x=${evil}`,
      `__host-session=${evil}`,
      `x=${name}=${evil}`,
      `x="; ${name}=${evil}`.replace('; ', ', '),
    ]) {
      expect([tossed.slice(0, 20), await ask(`${tossed}; ${name}=${good}`)]).toEqual([
        tossed.slice(0, 20),
        'user@example.com',
      ]);
      expect([tossed.slice(0, 20), await ask(tossed)]).toEqual([tossed.slice(0, 20), null]);
    }
    const remembered = new RawBrowser(app.origin);
    await remembered.login('user@example.com', { remember: true });
    expect(await ask(`remember=${remembered.cookies.get('__Host-remember')}`)).toBeNull();
  });

  it('S5 every cookie has its attributes, and one name is set once in one answer (modern)', async () => {
    const browser = new RawBrowser(app.origin);
    const answers = [
      await browser.send('GET', '/login'),
      await browser.login('user@example.com', { remember: true }),
      await browser.getJson('/session'),
      await browser.postJson('/verify', { password: 'correct horse' }),
      await browser.send('POST', '/enter?remember=1'),
      await browser.postJson('/logout', {}),
    ];
    for (const { setCookies } of answers) {
      const names = setCookies.map((line) => line.split('=')[0]);
      expect(new Set(names).size).toBe(names.length);
    }
    expect(browser.setCookies.length).toBeGreaterThan(6);
    for (const line of browser.setCookies) {
      expect(line).toMatch(/; Path=\/(;|$)/);
      expect(line).toMatch(/; Secure(;|$)/);
      expect(line).toMatch(/; SameSite=(Lax|Strict)(;|$)/);
      expect(line).not.toMatch(/Domain/i);
      // Only what scripts are to read is open to them.
      if (!line.startsWith('XSRF-TOKEN=')) {
        expect(line).toMatch(/; HttpOnly(;|$)/);
        expect(line).toMatch(/^__Host-(session|remember)=/);
      }
    }
  });

  it('S5 a cookie that the application sets itself stays beside ours (modern)', async () => {
    const browser = new RawBrowser(app.origin);
    const { setCookies } = await browser.send('GET', '/flash');
    expect(setCookies.filter((line) => line.startsWith('__Host-session=')).length).toBe(1);
  });
});
