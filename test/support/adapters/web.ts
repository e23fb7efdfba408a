import { getRequestListener } from '@hono/node-server';
import type { Security } from 'sallyport';
import { webSecurity } from 'sallyport/web';
import { applicationRoutes, ownCookie, ownCookieRoute } from './application.js';
import { listen, type Start } from './server.js';

/** A dispatcher as small as they come: path to guards and handler. */
export function webApplication(
  security: Security,
  remoteAddress: (request: Request) => string | undefined,
): (request: Request) => Promise<Response> {
  const own = webSecurity(security, { remoteAddress });
  const routes = new Map(applicationRoutes(security, own).map((route) => [route.path, route]));
  return own.routes(async (request) => {
    const { pathname: path, searchParams: query } = new URL(request.url);
    if (path === ownCookieRoute) {
      own.flash(request, 'hello');
      return new Response('own', { headers: { 'Set-Cookie': ownCookie } });
    }
    const route = routes.get(path);
    if (route === undefined) return new Response('Not found', { status: 404 });
    for (const guard of route.guards) {
      const refused = await guard(request);
      if (refused) return refused;
    }
    try {
      return Response.json(await route.answer(request, { path, query, body: () => bodyOf(request) }));
    } catch {
      return new Response('failed', { status: 500 });
    }
  });
}

async function bodyOf(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(await request.text()));
  const text = await request.text();
  return text === '' ? null : JSON.parse(text);
}

export const startWeb: Start = (security) => {
  const addresses = new WeakMap<Request, string>();
  const handle = webApplication(security, (request) => addresses.get(request));
  return listen(
    getRequestListener((request, { incoming }) => {
      const { remoteAddress } = incoming.socket;
      if (remoteAddress !== undefined) addresses.set(request, remoteAddress);
      return handle(request);
    }),
  );
};
