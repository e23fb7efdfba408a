import Fastify, { type FastifyInstance } from 'fastify';
import { fastifySecurity } from 'sallyport/fastify';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { openApp, type TestApp } from '../../../test/support/app.js';
import type { BaseUser, User } from '../../datastores/contract.js';

interface AppUser extends BaseUser {
  nickname: string;
}

describe('the Fastify adapter', () => {
  let opened: TestApp;
  const apps: FastifyInstance[] = [];
  beforeAll(async () => {
    opened = await openApp();
  });
  afterAll(async () => {
    for (const app of apps) await app.close();
    await opened.close();
  });

  const fresh = async (register = true) => {
    const app = Fastify();
    apps.push(app);
    const own = fastifySecurity(opened.security);
    if (register) await app.register(own.routes);
    return { app, own };
  };

  it('answers our pages in an application without any route or parser', async () => {
    const { app } = await fresh();
    const page = await app.inject({ method: 'GET', url: '/login' });
    expect(page.statusCode).toBe(200);
    const cookies = Object.fromEntries(page.cookies.map(({ name, value }) => [name, value]));
    const csrf_token = /name="csrf_token" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
    const done = await app.inject({
      method: 'POST',
      url: '/login',
      cookies,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ csrf_token, email: 'user@example.com', password: 'correct horse' }).toString(),
    });
    expect([done.statusCode, done.headers.location]).toEqual([302, '/']);
  });

  it('sees our paths before routers that are careless about case and slashes', async () => {
    const app = Fastify({ routerOptions: { caseSensitive: false, ignoreTrailingSlash: true } });
    apps.push(app);
    await app.register(fastifySecurity(opened.security).routes);
    app.get('/me', async () => 'me');
    for (const url of ['/LOGIN', '/login/', '//login'])
      expect((await app.inject({ method: 'GET', url })).statusCode).toBe(404);
    expect((await app.inject({ method: 'GET', url: '/login' })).statusCode).toBe(200);
  });

  it('reaches routes in plugins, with guards before the body is read', async () => {
    const { app, own } = await fresh();
    await app.register(
      async (inner) => {
        inner.post('/things', { onRequest: own.authRequired('token') }, async (request) => request.body);
      },
      { prefix: '/api' },
    );
    const send = (headers: Record<string, string>) =>
      app.inject({ method: 'POST', url: '/api/things', headers, payload: { a: 1 } });
    expect((await send({ accept: 'application/json' })).statusCode).toBe(401);
    const token = await opened.security.getAuthToken(await opened.user('user@example.com'));
    const answer = await send({ 'authentication-token': token });
    expect([answer.statusCode, answer.json()]).toEqual([200, { a: 1 }]);
  });

  it('says so when the plugin was forgotten', async () => {
    const { app, own } = await fresh(false);
    app.get('/who', async (request) => ({ who: await own.optionalUser(request) }));
    app.get('/guarded', { preHandler: own.authRequired() }, async (request) => own.currentUser(request).email);
    const answer = await app.inject({ method: 'GET', url: '/who' });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      500,
      { message: expect.stringContaining('register(routes)') },
    ]);
    const guarded = { method: 'GET', url: '/guarded', headers: { accept: 'application/json' } } as const;
    expect((await app.inject(guarded)).statusCode).toBe(401);
  });

  it('lets hooks of the application see our answers', async () => {
    const { app } = await fresh();
    app.addHook('onSend', async (_request, reply, payload) => {
      reply.header('x-seen', 'yes');
      return payload;
    });
    expect((await app.inject({ method: 'GET', url: '/login' })).headers['x-seen']).toBe('yes');
  });

  it('keeps two Sallyports in one application apart', async () => {
    const other = await openApp({ urlPrefix: '/other', sessionCookieName: 'other' });
    const app = Fastify();
    apps.push(app);
    await app.register(fastifySecurity(opened.security).routes);
    await app.register(fastifySecurity(other.security).routes);
    expect((await app.inject({ method: 'GET', url: '/login' })).cookies.map(({ name }) => name)).toEqual(['session']);
    expect((await app.inject({ method: 'GET', url: '/other/login' })).cookies.map(({ name }) => name)).toEqual([
      'other',
    ]);
    await other.close();
  });

  it('types the user by the application’s own table', () => {
    const types = () => fastifySecurity<AppUser>(opened.security as never); // for its type only
    expectTypeOf<ReturnType<ReturnType<typeof types>['currentUser']>>().toEqualTypeOf<User<AppUser>>();
  });
});
