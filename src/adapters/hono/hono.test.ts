import { Hono } from 'hono';
import { honoSecurity } from 'sallyport/hono';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { openApp, type TestApp } from '../../../test/support/app.js';
import type { BaseUser, User } from '../../datastores/contract.js';

interface AppUser extends BaseUser {
  nickname: string;
}

describe('the Hono adapter', () => {
  let opened: TestApp;
  beforeAll(async () => {
    opened = await openApp({ trustedProxies: ['192.0.2.0/24'] });
  });
  afterAll(() => opened.close());

  const signIn = async (app: Hono): Promise<string> => {
    const page = await app.request('/login', { headers: { accept: 'application/json' } });
    const { response } = (await page.json()) as { response: { csrf_token: string } };
    const done = await app.request('/login', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-csrf-token': response.csrf_token,
        cookie: page.headers.getSetCookie()[0]?.split(';')[0] ?? '',
      },
      body: JSON.stringify({ email: 'user@example.com', password: 'correct horse' }),
    });
    expect(done.status).toBe(200);
    return done.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  };

  it('works without a server', async () => {
    const app = new Hono();
    const own = honoSecurity(opened.security);
    app.use(own.routes);
    app.get('/me', own.authRequired(), (c) => c.json({ email: own.currentUser(c).email }));
    expect((await app.request('/me')).headers.get('location')).toBe('/login?next=%2Fme');
    const cookie = await signIn(app);
    const answer = await app.fetch(new Request('http://localhost/me', { headers: { cookie } }));
    expect(await answer.json()).toEqual({ email: 'user@example.com' });
  });

  it('answers 204 and HEAD without a body', async () => {
    const app = new Hono();
    app.use(honoSecurity(opened.security).routes);
    expect((await app.request('/login', { method: 'OPTIONS' })).status).toBe(204);
    const head = await app.request('/login', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('asks the application for the address of the peer where there is no Node', async () => {
    const app = new Hono();
    const own = honoSecurity(opened.security, { remoteAddress: (c) => c.req.header('x-peer') });
    app.use(own.routes);
    app.post('/enter', async (c) => c.json(await own.loginUser(c, await opened.user('editor@example.com'))));
    await app.request('/enter', {
      method: 'POST',
      headers: { 'x-peer': '192.0.2.1', 'x-forwarded-for': '203.0.113.5' },
    });
    const rows = await opened.datastore.listSessions(await opened.user('editor@example.com'), opened.clock());
    expect(rows.map(({ address }) => address)).toEqual(['203.0.113.5']);
  });

  it('sends cookies with whatever response the handler makes', async () => {
    const app = new Hono();
    const own = honoSecurity(opened.security);
    app.use(async (c, next) => {
      c.res.headers.set('x-early', '1');
      c.header('set-cookie', 'early=1', { append: true });
      await next();
    });
    app.use(own.routes);
    app.get('/raw', (c) => {
      own.flash(c, 'hello');
      return new Response('raw', { headers: { 'set-cookie': 'own=1' } });
    });
    app.get('/frozen', (c) => {
      own.flash(c, 'hello');
      return Response.redirect('http://localhost/elsewhere', 302);
    });
    app.get('/thrown', (c) => {
      own.flash(c, 'hello');
      throw new Error('broken');
    });
    app.onError((_error, c) => c.text('failed', 500));
    const names = async (path: string) =>
      (await app.request(path)).headers.getSetCookie().map((line) => line.split('=')[0]);
    // Hono itself puts cookies that were set on `c.res` in place of those of a response made by hand.
    expect(await names('/raw')).toContain('session');
    expect(await names('/frozen')).toContain('session');
    expect(await names('/thrown')).toContain('session');
    expect(await names('/login')).toEqual(['early', 'session']);
  });

  it('keeps the cookie of a response made by hand', async () => {
    const app = new Hono();
    const own = honoSecurity(opened.security);
    app.use(own.routes);
    app.get('/raw', (c) => {
      own.flash(c, 'one');
      own.flash(c, 'two');
      return new Response('raw', { headers: { 'set-cookie': 'own=1' } });
    });
    const lines = (await app.request('/raw')).headers.getSetCookie();
    expect(lines.map((line) => line.split('=')[0])).toEqual(['own', 'session']);
  });

  it('adds to what another server answered, whose headers cannot be changed', async () => {
    const app = new Hono();
    const own = honoSecurity(opened.security);
    app.use(own.routes);
    app.get('/proxied', (c) => {
      own.flash(c, 'mine');
      return fetch(`${opened.origin}/own-cookie`);
    });
    const lines = (await app.request('/proxied')).headers.getSetCookie();
    expect(lines.filter((line) => line.startsWith('own='))).toHaveLength(1);
    const [session, ...more] = lines.filter((line) => line.startsWith('session='));
    expect(more).toEqual([]);
    const cookie = session?.split(';')[0] ?? '';
    const flashed = await fetch(`${opened.origin}/flashed`, { headers: { cookie } });
    expect(await flashed.json()).toEqual([['info', 'mine']]);
  });

  it('sends what a middleware of the application changes after the handler, once', async () => {
    const app = new Hono();
    const own = honoSecurity(opened.security);
    app.use(own.routes);
    app.use(async (c, next) => {
      await next();
      own.flash(c, 'late');
    });
    app.get('/late', (c) => {
      own.flash(c, 'early');
      return c.text('late');
    });
    const lines = (await app.request('/late')).headers.getSetCookie();
    expect(lines).toHaveLength(1);
  });

  it('says so when the middleware was forgotten; a guard alone is enough', async () => {
    const app = new Hono();
    const own = honoSecurity(opened.security);
    app.get('/who', async (c) => c.json(await own.optionalUser(c)));
    app.get('/guarded', own.unauthCsrf(), (c) => {
      own.flash(c, 'hello');
      return c.text('ok');
    });
    app.onError((error, c) => c.text(error.message, 500));
    expect(await (await app.request('/who')).text()).toContain('app.use(routes)');
    expect((await app.request('/guarded')).headers.getSetCookie()).toHaveLength(1);
  });

  it('types the user by the application’s own table', () => {
    const types = () => honoSecurity<AppUser>(opened.security as never); // for its type only
    expectTypeOf<ReturnType<ReturnType<typeof types>['currentUser']>>().toEqualTypeOf<User<AppUser>>();
  });
});
