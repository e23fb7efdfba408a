import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { type Clock, createSecurity, outbox } from 'sallyport';
import { expressSecurity } from 'sallyport/express';
import { prepareDataDirectory, readOrMakeSecretKey } from './data-directory.js';
import { openDatabase } from './database.js';
import { seed } from './demo-users.js';
import { demoFeatures } from './features.js';
import { mountAdmin } from './pages/admin.js';
import { mountApi } from './pages/api.js';
import { mountHome } from './pages/home.js';
import { mountMembers } from './pages/members.js';
import { mountNotFound } from './pages/not-found.js';
import { mountOutbox } from './pages/outbox.js';
import { mountReports } from './pages/reports.js';
import { mountStatic } from './pages/static.js';
import { mountVault } from './pages/vault.js';
import { policyFor } from './policy.js';
import type { Site } from './site.js';

export interface DemoSettings {
  /** Where the database and the key are kept. */
  dataDirectory: string;
  /** Demo users, mails kept instead of sent, and no `baseUrl` needed. */
  development: boolean;
  baseUrl?: string | undefined;
  /** By default one that is made on the first start. */
  secretKey?: string | undefined;
  /** `smtp://…`: needed outside development where features send mails. */
  smtpUrl?: string | undefined;
  clock?: Clock;
}

export interface Demo {
  app: Express;
  close(): Promise<void>;
}

/** The whole demo application, ready to listen. */
export async function createDemo(settings: DemoSettings): Promise<Demo> {
  const { dataDirectory, development, smtpUrl } = settings;
  prepareDataDirectory(dataDirectory);
  const database = await openDatabase(join(dataDirectory, 'demo.db'));
  const kept = development && smtpUrl === undefined ? outbox() : undefined;
  const security = createSecurity({
    appName: 'Sallyport demo',
    secretKey: settings.secretKey ?? readOrMakeSecretKey(dataDirectory),
    baseUrl: settings.baseUrl ?? null,
    datastore: database.datastore,
    features: demoFeatures(),
    mailTransport: kept ?? smtpUrl,
    clock: settings.clock,
  });
  await seed(security, database.datastore, development);

  const app = express();
  app.disable('x-powered-by');
  const site: Site = { security, own: expressSecurity(security), database, development, outbox: kept };
  // Programs get JSON, refusals included, and never a redirect to a page.
  app.use('/api/', (request, _response, next) => {
    if (request.path !== '/') request.headers.accept = 'application/json';
    next();
  });
  // Sallyport's own pages first: they bring their own headers.
  app.use(site.own.routes);
  app.use((_request, response, next) => {
    response.set(policyFor('page'));
    next();
  });
  mountStatic(app);
  mountHome(app, site);
  mountMembers(app, site);
  mountReports(app, site);
  mountAdmin(app, site);
  mountVault(app, site);
  mountApi(app, site);
  if (kept !== undefined) mountOutbox(app, site, kept);
  mountNotFound(app, site);
  app.use(reportError);
  return {
    app,
    async close() {
      await security.drain();
      database.close();
    },
  };
}

const reportError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  console.error(error);
  response.status(500).type('text').send('Something went wrong. The console of the server knows more.\n');
};
