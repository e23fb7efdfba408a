import { createServer, type RequestListener } from 'node:http';
import express from 'express';
import type { Security } from 'sallyport';
import { expressSecurity } from 'sallyport/express';

export interface RunningServer {
  origin: string;
  close(): Promise<void>;
}

type Start = (security: Security, options: { bodyParser: boolean }) => Promise<RunningServer>;

/** The same routes on every framework; each answers `{ path, user, via }`. */
export const adapters = {
  async express(security, { bodyParser }) {
    const app = express();
    const own = expressSecurity(security);
    if (bodyParser) app.use(express.json(), express.urlencoded({ extended: true }));
    app.use(own.routes);
    const answer: express.RequestHandler = async (request, response) => {
      const user = await own.optionalUser(request);
      response.json({
        path: request.path,
        user: user?.email ?? null,
        via: own.getRequestAttr(request, 'fs_authn_via') ?? null,
      });
    };
    app.all('/', answer);
    app.all('/session', own.authRequired('session'), answer);
    app.all('/token', own.authTokenRequired(), answer);
    app.all('/basic', own.httpAuthRequired(), answer);
    app.all('/realm', own.httpAuthRequired('My "own" realm'), answer);
    app.all('/any', own.authRequired('basic', 'session', 'token'), answer);
    app.all('/default', own.authRequired(), answer);
    app.all('/fresh', own.authRequired({ within: '10 minutes', grace: '5 minutes' }), answer);
    app.all('/always', own.authRequired({ within: 0, grace: 0 }), answer);
    app.all('/admin', own.authRequired(), own.rolesRequired('admin'), answer);
    app.all('/staff', own.authRequired(), own.rolesAccepted('admin', 'editor'), answer);
    app.all('/both', own.rolesRequired('admin', 'editor'), answer);
    app.all('/write', own.authRequired(), own.permissionsAccepted('write', 'own'), answer);
    app.all('/read-write', own.permissionsRequired('read', 'write'), answer);
    app.all('/anonymous', own.anonymousUserRequired(), answer);
    app.all('/unauth', own.unauthCsrf(), answer);
    app.post('/enter', async (request, response) => {
      const user = await security.datastore.findUser({ email: 'user@example.com' });
      if (user === null) throw new Error('no user');
      const result = await own.loginUser(request, user, { remember: request.query['remember'] === '1' });
      response.json({ state: result.state });
    });
    app.post('/leave', async (request, response) => {
      await own.logoutUser(request);
      response.json({});
    });
    app.get('/flash', (request, response) => {
      own.flash(request, 'hello', 'info');
      response.json({});
    });
    app.get('/flashed', (request, response) => {
      response.json(own.getFlashedMessages(request));
    });
    return await listen(app);
  },
} satisfies Record<string, Start>;

export type AdapterName = keyof typeof adapters;
export const adapterNames = Object.keys(adapters) as AdapterName[]; // the keys of the record just above

export async function listen(listener: RequestListener): Promise<RunningServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
