import { afterEach, describe, expect, it } from 'vitest';
import { openApp, type TestApp, type TestAppOptions } from '../support/app.js';
import { dump } from './tools/apps.js';
import { RawBrowser } from './tools/raw.js';

const minute = 60_000;
const week = 7 * 24 * 60 * minute;
let app: TestApp;
afterEach(() => app.close());

const open = async (options: TestAppOptions = {}): Promise<void> => {
  app = await openApp({ freshness: '30 days', ...options });
};
const remembered = async (email = 'user@example.com'): Promise<RawBrowser> => {
  const browser = new RawBrowser(app.origin);
  await browser.login(email, { remember: true });
  return browser;
};
const withOnly = (cookies: Record<string, string | undefined>): RawBrowser => {
  const browser = new RawBrowser(app.origin);
  for (const [name, value] of Object.entries(cookies)) if (value !== undefined) browser.cookies.set(name, value);
  return browser;
};

describe('S8 remember-me series (modern)', () => {
  it('S8 a copied secret that was used by its owner since ends everything of the user', async () => {
    await open();
    const browser = await remembered();
    const stolen = browser.cookies.get('remember');
    let reports = 0;
    app.security.on('rememberTokenStolen', () => {
      reports += 1;
    });
    browser.cookies.delete('session');
    expect((await browser.getJson('/session')).status).toBe(200);
    expect(browser.cookies.get('remember')).not.toBe(stolen);
    app.clock.advance(minute);
    expect((await withOnly({ remember: stolen }).getJson('/session')).status).toBe(401);
    expect(reports).toBe(1);
    expect((await browser.getJson('/session')).status).toBe(401);
    expect((await withOnly({ remember: browser.cookies.get('remember') }).getJson('/session')).status).toBe(401);
  });

  it('S8 twenty requests at once with one secret: all come in, one secret follows, no alarm', async () => {
    await open();
    const browser = await remembered();
    const secret = browser.cookies.get('remember');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => withOnly({ remember: secret }).getJson('/session')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    const lines = answers.flatMap(({ setCookies }) => setCookies.filter((line) => line.startsWith('remember=')));
    expect(lines.length).toBe(1);
    app.clock.advance(minute);
    expect((await withOnly({ remember: lines[0]?.match(/^remember=([^;]*)/)?.[1] }).getJson('/session')).status).toBe(
      200,
    );
  });

  it('S8 a wrong secret for a known series ends it; an unknown series says nothing', async () => {
    await open();
    const browser = await remembered();
    const [id] = (browser.cookies.get('remember') ?? '').split('.');
    expect((await withOnly({ remember: `${'A'.repeat(24)}.${'A'.repeat(43)}` }).getJson('/session')).status).toBe(401);
    expect((await browser.getJson('/session')).status).toBe(200);
    expect((await withOnly({ remember: `${id}.${'A'.repeat(43)}` }).getJson('/session')).status).toBe(401);
    expect((await browser.getJson('/session')).status).toBe(401);
  });

  it('S8 nothing in the store opens a browser: neither id nor secret rest there', async () => {
    await open();
    const browser = await remembered();
    const [id = '', secret = ''] = (browser.cookies.get('remember') ?? '').split('.');
    const store = await dump(app);
    expect(store).not.toContain(id);
    expect(store).not.toContain(secret);
    const hashes = [...store.matchAll(/"([0-9a-f]{64})"/g)].map((match) => match[1]);
    expect(hashes.length).toBeGreaterThan(2);
    for (const one of hashes)
      for (const other of hashes)
        expect(
          (await withOnly({ remember: `${one?.slice(0, 24)}.${other?.slice(0, 43)}` }).getJson('/session')).status,
        ).toBe(401);
  });

  it('S8 logout, expiry, a new uniquifier and deactivation end a series', async () => {
    await open();
    const ends: ((browser: RawBrowser) => Promise<unknown>)[] = [
      (browser) => browser.postJson('/logout', {}),
      async () => app.datastore.setUniquifier(await app.user('user@example.com')),
      async () => app.clock.advance(5 * week),
      async () => app.datastore.deactivateUser(await app.user('user@example.com')),
    ];
    for (const end of ends) {
      const browser = await remembered();
      const remember = browser.cookies.get('remember');
      expect(remember).toBeDefined();
      await end(browser);
      expect((await withOnly({ remember }).getJson('/session')).status).toBe(401);
    }
  });

  it('S8 a series that is ended while it is being used brings nobody back', async () => {
    let race = false;
    await open({
      wrap: (datastore) => ({
        ...datastore,
        async rotateRememberSeries(idHash, from, to, now) {
          if (race) await datastore.deleteSession(idHash);
          return await datastore.rotateRememberSeries(idHash, from, to, now);
        },
      }),
    });
    const browser = await remembered();
    const remember = browser.cookies.get('remember');
    race = true;
    expect((await withOnly({ remember }).getJson('/session')).status).toBe(401);
  });

  it('S8 a secret that was replaced goes out even when the rest of the request fails', async () => {
    let broken = false;
    await open({
      wrap: (datastore) => ({
        ...datastore,
        async createSession(row) {
          if (broken) throw new Error('down');
          await datastore.createSession(row);
        },
      }),
    });
    for (const path of ['/session', '/']) {
      const browser = await remembered();
      browser.cookies.delete('session');
      broken = true;
      const failed = await browser.getJson(path);
      expect(failed.status).toBeGreaterThanOrEqual(500);
      expect(failed.setCookies.map((line) => line.split('=')[0])).toEqual(['remember']);
      broken = false;
      app.clock.advance(minute);
      expect((await browser.getJson('/session')).status).toBe(200);
    }
  });
});

describe.each(['modern', 'flask'] as const)('S8 freshness of a remembered browser (%s)', (profile) => {
  const name = profile === 'modern' ? 'remember' : 'remember_token';

  it('S8 being remembered is not being fresh', async () => {
    await open({ profile });
    const browser = await remembered();
    const restored = withOnly({ [name]: browser.cookies.get(name) });
    expect((await restored.getJson('/session')).status).toBe(200);
    expect((await restored.getJson('/fresh')).status).toBe(401);
    expect((await restored.getJson('/always')).status).toBe(401);
  });

  it('S8 freshness of an ended session, own or of another account, is not carried into a restored one', async () => {
    await open({ profile });
    const victim = await remembered('admin@example.com');
    const stolen = victim.cookies.get(name);
    const attacker = new RawBrowser(app.origin);
    await attacker.login('user@example.com');
    expect((await attacker.getJson('/always')).status).toBe(401);
    expect((await attacker.getJson('/fresh')).status).toBe(200);
    const old = attacker.cookies.get('session');
    await attacker.postJson('/logout', {});
    await app.datastore.setUniquifier(await app.user('user@example.com'));
    const mixed = withOnly({ session: old, [name]: stolen });
    expect(JSON.parse((await mixed.getJson('/session')).text).user).toBe('admin@example.com');
    expect((await mixed.getJson('/fresh')).status).toBe(401);
    expect((await mixed.getJson('/always')).status).toBe(401);
  });

  it('S8 signing in as somebody else ends what the browser remembered', async () => {
    await open({ profile });
    const browser = await remembered('admin@example.com');
    const old = browser.cookies.get(name);
    await browser.send('POST', '/enter');
    expect(JSON.parse((await browser.getJson('/session')).text).user).toBe('user@example.com');
    browser.cookies.delete('session');
    expect((await browser.getJson('/session')).status).toBe(401);
    if (profile === 'modern') expect((await withOnly({ [name]: old }).getJson('/session')).status).toBe(401);
  });
});
