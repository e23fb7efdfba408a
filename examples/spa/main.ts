/** Starts backend and front end for development. Settings come from the environment, see README.md. */
import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { resolve } from 'node:path';
import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { outbox } from 'sallyport';
import { createTablesSql, drizzleDatastore } from 'sallyport/drizzle';
import { sallyportTables } from 'sallyport/drizzle/sqlite';
import { frontEnd } from './front-end.js';
import { createBackend } from './server.js';

const { env } = process;
const backendPort = Number(env['BACKEND_PORT'] ?? 5000);
const frontEndPort = Number(env['PORT'] ?? 8080);
const origin = `http://localhost:${backendPort}`;
const frontEndOrigin = `http://localhost:${frontEndPort}`;

const tables = sallyportTables();
const client = createClient({ url: env['DATABASE_FILE'] ? `file:${env['DATABASE_FILE']}` : ':memory:' });
for (const statement of createTablesSql(tables)) await client.execute(statement);

const mails = outbox();
mails.subscribe((mail) => console.log(`\nA mail to ${mail.to}: ${mail.subject}\n\n${mail.text ?? ''}`));

const { app } = createBackend({
  secretKey: env['SECRET_KEY'] ?? randomBytes(32).toString('base64url'),
  datastore: drizzleDatastore(drizzle(client), tables),
  mailTransport: env['SMTP_URL'] ?? mails,
  origin,
  frontEndOrigin,
});

function listen(listener: RequestListener, port: number): void {
  const server = createServer(listener);
  server.on('error', (error) => {
    console.error(`Port ${port}: ${error.message}`);
    process.exit(1);
  });
  server.listen(port, 'localhost');
}

listen(app, backendPort);
listen(frontEnd(resolve(env['PUBLIC_DIR'] ?? 'examples/spa/public'), origin), frontEndPort);
console.log(`The single-page application runs at ${frontEndOrigin} (its backend at ${origin}). Ctrl+C ends it.`);
