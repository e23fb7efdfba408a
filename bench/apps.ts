import { createServer, type Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Client } from '@libsql/client';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { createSecurity } from 'sallyport';
import { expressSecurity } from 'sallyport/express';
import { fastifySecurity } from 'sallyport/fastify';
import { honoSecurity } from 'sallyport/hono';
import { datastoreOn } from './database.js';
import { handGuards, handLogin } from './hand-written.js';
import { type Framework, secretKey } from './settings.js';

export function makeSecurity(client: Client, quiet = true) {
  return createSecurity({
    secretKey,
    baseUrl: 'http://127.0.0.1:3000',
    datastore: datastoreOn(client),
    // The clients of the benchmark are no browsers; the check itself is a fraction of one hash.
    csrfIgnoreUnauthEndpoints: true,
    hashQueueLimit: 10_000,
    ...(quiet ? { logger: { warn() {}, error: console.error } } : {}),
  });
}

type Start = (client: Client, port: number) => Promise<void>;

/** Both guards and a bare route in one process, so that both run under the same conditions. */
export const apps: Record<Framework, Start> = {
  async express(client, port) {
    const app = express();
    app.disable('x-powered-by');
    const hand = handGuards(client);
    const { authRequired, currentUser } = expressSecurity(makeSecurity(client));
    app.get('/bare', (_request, response) => void response.json({ ok: true }));
    const guarded =
      (find: (request: express.Request) => Promise<unknown>): express.RequestHandler =>
      async (request, response, next) => {
        const user = await find(request);
        if (user === undefined) return void response.status(401).end();
        response.locals['user'] = user;
        next();
      };
    const answer: express.RequestHandler = (_request, response) =>
      void response.json({ email: response.locals['user'].email });
    app.get(
      '/hand/session',
      guarded((request) => hand.session(request.headers.cookie)),
      answer,
    );
    app.get(
      '/hand/token',
      guarded((request) => hand.token(request.headers['authentication-token'] as string | undefined)),
      answer,
    );
    app.get(
      '/ours/session',
      authRequired('session'),
      (request, response) => void response.json({ email: currentUser(request).email }),
    );
    app.get(
      '/ours/token',
      authRequired('token'),
      (request, response) => void response.json({ email: currentUser(request).email }),
    );
    await new Promise<void>((resolve) => createServer(app).listen(port, '127.0.0.1', resolve));
  },

  async fastify(client, port) {
    const app = fastify();
    const hand = handGuards(client);
    const { authRequired, currentUser } = fastifySecurity(makeSecurity(client));
    app.decorateRequest('user', null);
    app.get('/bare', async () => ({ ok: true }));
    const guarded = (find: (headers: Record<string, string | string[] | undefined>) => Promise<unknown>) => ({
      preHandler: async (
        request: object & { headers: Record<string, string | string[] | undefined> },
        reply: { code(status: number): { send(): unknown } },
      ) => {
        const user = await find(request.headers);
        if (user === undefined) return void reply.code(401).send();
        Reflect.set(request, 'user', user);
      },
    });
    const answer = async (request: object) => ({ email: (Reflect.get(request, 'user') as { email: string }).email }); // set by the guard
    app.get(
      '/hand/session',
      guarded((headers) => hand.session(headers['cookie'] as string | undefined)),
      answer,
    );
    app.get(
      '/hand/token',
      guarded((headers) => hand.token(headers['authentication-token'] as string | undefined)),
      answer,
    );
    app.get('/ours/session', { preHandler: authRequired('session') }, async (request) => ({
      email: currentUser(request).email,
    }));
    app.get('/ours/token', { preHandler: authRequired('token') }, async (request) => ({
      email: currentUser(request).email,
    }));
    await app.listen({ port, host: '127.0.0.1' });
  },

  async hono(client, port) {
    const app = new Hono<{ Variables: { user: { email: string } } }>();
    const hand = handGuards(client);
    const { authRequired, currentUser } = honoSecurity(makeSecurity(client));
    app.get('/bare', (c) => c.json({ ok: true }));
    for (const [path, find] of [
      ['/hand/session', (header: (name: string) => string | undefined) => hand.session(header('cookie'))],
      ['/hand/token', (header: (name: string) => string | undefined) => hand.token(header('authentication-token'))],
    ] as const) {
      app.get(
        path,
        async (c, next) => {
          const user = await find((name) => c.req.header(name));
          if (user === undefined) return c.body(null, 401);
          c.set('user', user);
          await next();
        },
        (c) => c.json({ email: c.get('user').email }),
      );
    }
    app.get('/ours/session', authRequired('session'), (c) => c.json({ email: currentUser(c).email }));
    app.get('/ours/token', authRequired('token'), (c) => c.json({ email: currentUser(c).email }));
    await new Promise<void>((resolve) => serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, () => resolve()));
  },
};

/** Sign-in and an open route, by hand or with ours, on Express: each in a process of its own. */
export async function startLogin(side: 'hand' | 'ours', client: Client, port: number): Promise<Server> {
  const app = express();
  app.disable('x-powered-by');
  app.get('/open', (_request, response) => void response.json({ ok: true }));
  if (side === 'ours') app.use(expressSecurity(makeSecurity(client)).routes);
  else {
    const login = handLogin(client);
    app.post('/login', express.json(), async (request, response) => {
      const cookie = await login(String(request.body.email), String(request.body.password));
      if (cookie === undefined) return void response.status(400).json({ errors: ['no'] });
      response.setHeader('set-cookie', cookie);
      response.json({ meta: { code: 200 }, response: {} });
    });
  }
  return await new Promise((resolve) => {
    const server = createServer(app).listen(port, '127.0.0.1', () => resolve(server));
  });
}
