import { createSecurity, manualClock } from 'sallyport';
import { drizzleDatastore } from 'sallyport/drizzle';
import { expect, it } from 'vitest';
import type { UserDatastore } from '../../src/datastores/contract.js';
import { createTablesSql } from '../../src/datastores/drizzle/index.js';
import { completeTables } from '../../src/datastores/drizzle/testing/complete-tables.js';
import { openDatabase } from '../databases/index.js';
import { adapters } from '../support/adapters.js';
import { fastPasswords, testSecret } from '../support/app.js';
import { Client } from '../support/client.js';

it('tokens of a user with a token uniquifier end alone, and sessions with the other', async () => {
  const opened = await openDatabase('sqlite', { memory: true });
  for (const statement of createTablesSql(completeTables.sqlite)) await opened.execute(statement);
  const complete = drizzleDatastore(opened.database, completeTables.sqlite);
  const datastore = complete as unknown as UserDatastore; // these tables hold more than every user has
  const security = createSecurity({ secretKey: testSecret, ...fastPasswords, clock: manualClock(), datastore });
  const user = await datastore.createUser({
    email: 'a@example.com',
    password: await security.hashPassword('password'),
  });
  const server = await adapters.express(security, { bodyParser: false });
  const client = new Client(server.origin);
  await client.login('a@example.com', 'password');
  const token = await security.getAuthToken(user);
  const status = async (path: string) =>
    (await client.getJson(path, path === '/token' ? { 'authentication-token': token } : {})).status;

  expect([await status('/token'), await status('/session')]).toEqual([200, 200]);
  await datastore.setTokenUniquifier(user);
  expect([await status('/token'), await status('/session')]).toEqual([401, 200]);
  await datastore.setUniquifier(user);
  expect(await status('/session')).toBe(401);
  await server.close();
  await opened.close();
});
