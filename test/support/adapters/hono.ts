import { getRequestListener } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Security } from 'sallyport';
import { honoSecurity } from 'sallyport/hono';
import { applicationRoutes, ownCookie, ownCookieRoute } from './application.js';
import { listen, type Start, type StartOptions } from './server.js';

/** The application itself: it also answers without a server, `app.request('/login')`. */
export function honoApplication(security: Security, { bodyParser }: StartOptions): Hono {
  const app = new Hono();
  const own = honoSecurity(security);
  if (bodyParser) {
    app.use(async (c, next) => {
      await bodyOf(c);
      await next();
    });
  }
  app.use(own.routes);
  for (const route of applicationRoutes(security, own)) {
    for (const guard of route.guards) app.use(route.path, guard);
    app.all(route.path, async (c) => {
      const query = new URL(c.req.url).searchParams;
      return Response.json(await route.answer(c, { path: c.req.path, query, body: () => bodyOf(c) }));
    });
  }
  app.get(ownCookieRoute, (c) => {
    own.flash(c, 'hello');
    return new Response('own', { headers: { 'Set-Cookie': ownCookie } });
  });
  app.onError((_error, c) => c.text('failed', 500));
  return app;
}

async function bodyOf(c: Context): Promise<unknown> {
  const type = c.req.header('content-type') ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) return await c.req.parseBody();
  const text = await c.req.text();
  return text === '' ? null : JSON.parse(text);
}

export const startHono: Start = (security, options) =>
  listen(getRequestListener(honoApplication(security, options).fetch));
