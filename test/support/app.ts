import {
  createSecurity,
  manualClock,
  type Security,
  type SecurityOptions,
  type User,
  type UserDatastore,
} from 'sallyport';
import { type DatabaseKind, openTestDatastore } from '../databases/index.js';
import { type AdapterName, adapters } from './adapters.js';
import { Client } from './client.js';

export const testSecret = 'a-test-key-that-is-long-enough-0123456789';
export const password = 'correct horse';

export interface TestApp {
  security: Security;
  datastore: UserDatastore;
  clock: ReturnType<typeof manualClock>;
  origin: string;
  client(): Client;
  user(email: string): Promise<User>;
  /** Runs one statement on the database as it is. */
  execute(statement: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface TestAppOptions extends Partial<Omit<SecurityOptions, 'datastore'>> {
  adapter?: AdapterName;
  database?: DatabaseKind;
  /** The application's own body parser comes first. */
  bodyParser?: boolean;
  /** Wraps the datastore: to make it fail, to count. */
  wrap?: (datastore: UserDatastore) => UserDatastore;
}

/** Cheap hashing: the suite proves behaviour; the cost is proven where the hashes are. */
export const fastPasswords = {
  passwordHash: 'pbkdf2_sha256',
  passwordHashPasslibOptions: { pbkdf2_sha256__rounds: 1 },
} as const;

/** The smallest application with the features under test, served on a free port, with four users. */
export async function openApp(options: TestAppOptions = {}): Promise<TestApp> {
  const {
    adapter = 'express',
    database = 'sqlite',
    bodyParser = false,
    wrap = (datastore) => datastore,
    ...given
  } = options;
  const opened = await openTestDatastore(database);
  const clock = manualClock();
  const datastore = opened.datastore as unknown as UserDatastore; // the default tables hold more than every user has
  const security = createSecurity({
    secretKey: testSecret,
    ...fastPasswords,
    logger: { warn() {}, error() {} },
    clock,
    ...given,
    datastore: wrap(datastore),
  });
  await seed(security, datastore);
  const server = await adapters[adapter](security, { bodyParser });
  return {
    security,
    datastore,
    clock,
    origin: server.origin,
    client: () => new Client(server.origin),
    async user(email) {
      const user = await datastore.findUser({ email });
      if (user === null) throw new Error(`no user ${email}`);
      return user;
    },
    execute: opened.execute,
    async close() {
      await server.close();
      await security.drain();
      await opened.close();
    },
  };
}

async function seed(security: Security, datastore: UserDatastore): Promise<void> {
  const hash = await security.hashPassword(password);
  await datastore.createRole({ name: 'admin', permissions: ['read', 'write'] });
  await datastore.createRole({ name: 'editor', permissions: 'read' });
  const confirmed_at = new Date();
  const own = (email: string) => ({
    email,
    password: hash,
    ...(datastore.hasUserColumn('confirmed_at') ? { confirmed_at } : {}),
  });
  await datastore.createUser({ ...own('admin@example.com'), roles: ['admin'] });
  await datastore.createUser({ ...own('editor@example.com'), roles: ['editor'] });
  await datastore.createUser({
    ...own('user@example.com'),
    ...(datastore.hasUserColumn('username') ? { username: 'user1' } : {}),
  });
  await datastore.createUser({ ...own('inactive@example.com'), active: false });
}
