import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { createSecurity, fromFlaskConfig, type Security, type UserDatastore } from 'sallyport';
import { createTablesSql, drizzleDatastore } from '../../src/datastores/drizzle/index.js';
import { sallyportTables } from '../../src/datastores/drizzle/sqlite.js';
import { adapters } from '../support/adapters.js';
import { Client } from '../support/client.js';
import { type Original, startOriginal } from './original.js';

/** The original and ours, with the same configuration on the same database. */
export interface Pair {
  original: Original;
  ours: { origin: string; security: Security; datastore: UserDatastore };
  /** A browser for each; `shared`: one that carries its cookies from one to the other, as behind one proxy. */
  clients(): { original: Client; ours: Client };
  shared(): { there: Client; here: Client };
  close(): Promise<void>;
}

export const settings = {
  SECRET_KEY: 'a-shared-secret-key-for-comparing-only-0123456789',
  SECURITY_PASSWORD_SALT: '146585145368132386173505678016728509634',
  SECURITY_EMAIL_VALIDATOR_ARGS: { check_deliverability: false },
  // The cost is of no interest here, and four users are hashed at each start.
  SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS: {
    bcrypt__rounds: 4,
    argon2__rounds: 1,
    pbkdf2_sha512__rounds: 1000,
    sha512_crypt__rounds: 1000,
  },
  MAIL_SUPPRESS_SEND: true,
};

export async function openPair(more: Readonly<Record<string, unknown>> = {}, csrfProtect = false): Promise<Pair> {
  const config = { ...settings, ...more };
  const original = await startOriginal(config, csrfProtect);
  const client = createClient({ url: `file:${original.database}` });
  const tables = sallyportTables();
  for (const statement of createTablesSql(tables)) await client.execute(statement);
  const datastore = drizzleDatastore(drizzle(client), tables) as unknown as UserDatastore; // the tables hold more than every user has
  const security = createSecurity({
    ...fromFlaskConfig(config),
    csrfProtect,
    logger: { warn() {}, error: (message, details) => console.error(message, details) },
    datastore,
  });
  const server = await adapters.express(security, { bodyParser: false });
  return {
    original,
    ours: { origin: server.origin, security, datastore },
    clients: () => ({ original: new Client(original.origin), ours: new Client(server.origin) }),
    shared() {
      const there = new Client(original.origin);
      const here = new Client(server.origin);
      // Cookies know no ports: one jar serves both origins of this host.
      return { there, here: Object.assign(here, { jar: there.jar }) };
    },
    async close() {
      await server.close();
      await security.drain();
      client.close();
      await original.close();
    },
  };
}
