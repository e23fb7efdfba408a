import Fastify from 'fastify';
import { fastifySecurity } from 'sallyport/fastify';
import { applicationRoutes, ownCookie, ownCookieRoute } from './application.js';
import type { Start } from './server.js';

export const startFastify: Start = async (security, { bodyParser }) => {
  const app = Fastify({ forceCloseConnections: true });
  const own = fastifySecurity(security);
  if (bodyParser) {
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(text)))),
    );
  }
  await app.register(own.routes);
  for (const route of applicationRoutes(security, own)) {
    app.all(route.path, { preHandler: route.guards }, async (request) => {
      const { pathname: path, searchParams: query } = new URL(request.originalUrl, 'http://localhost');
      return await route.answer(request, { path, query, body: async () => request.body ?? null });
    });
  }
  app.get(ownCookieRoute, async (request, reply) => {
    own.flash(request, 'hello');
    return await reply.header('set-cookie', ownCookie).send('own');
  });
  return { origin: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() };
};
