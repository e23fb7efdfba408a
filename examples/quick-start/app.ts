import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import express from 'express';
import { createSecurity } from 'sallyport';
import { createTablesSql, drizzleDatastore } from 'sallyport/drizzle';
import { sallyportTables } from 'sallyport/drizzle/sqlite';
import { expressSecurity } from 'sallyport/express';

// Your database, with Sallyport's tables in it. Later these come from your own schema and migrations.
const client = createClient({ url: process.env['DATABASE_URL'] ?? 'file:quick-start.db' });
const tables = sallyportTables();
for (const statement of createTablesSql(tables)) await client.execute(statement);

const security = createSecurity({
  appName: 'Quick start',
  secretKey: process.env['SECRET_KEY'],
  baseUrl: process.env['SITE_URL'] ?? null, // required in production: 'https://app.example'
  datastore: drizzleDatastore(drizzle(client), tables),
});

// A role and a user to begin with.
const { datastore } = security;
await datastore.findOrCreateRole('editor', { permissions: ['report-read'] });
if ((await datastore.findUser({ email: 'ada@example.com' })) === null) {
  const password = await security.hashPassword('analytical engine');
  await datastore.createUser({ email: 'ada@example.com', password, roles: ['editor'] });
}

const { routes, authRequired, permissionsRequired, currentUser } = expressSecurity(security);
const app = express();
app.use(routes); // /login, /logout, /verify …

app.get('/', authRequired(), (request, response) => {
  response.send(`Hello ${currentUser(request).email.replaceAll('<', '&lt;')}`);
});
app.get('/report', authRequired('token', 'session'), permissionsRequired('report-read'), (_request, response) => {
  response.json({ visitors: 1204 });
});
app.get('/keys', authRequired('session', { within: '10 minutes' }), (_request, response) => {
  response.json({ fresh: true });
});

export const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
