import express from 'express';
import { expressSecurity } from 'sallyport/express';
import { applicationRoutes, ownCookie, ownCookieRoute } from './application.js';
import { listen, type Start } from './server.js';

export const startExpress: Start = async (security, { bodyParser }) => {
  const app = express();
  const own = expressSecurity(security);
  if (bodyParser) app.use(express.json(), express.urlencoded({ extended: true }));
  app.use(own.routes);
  for (const route of applicationRoutes(security, own)) {
    app.all(route.path, ...route.guards, async (request, response) => {
      const { path } = request;
      const query = new URL(request.originalUrl, 'http://localhost').searchParams;
      response.json(await route.answer(request, { path, query, body: async () => request.body ?? null }));
    });
  }
  app.get(ownCookieRoute, (request, response) => {
    own.flash(request, 'hello');
    response.append('Set-Cookie', ownCookie).send('own');
  });
  // Express would print the error of a story that is meant to fail.
  const failed: express.ErrorRequestHandler = (_error, _request, response, _next) => {
    response.status(500).send('failed');
  };
  app.use(failed);
  return await listen(app);
};
