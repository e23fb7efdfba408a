import { type Client, createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { createTablesSql, drizzleDatastore } from 'sallyport/drizzle';
import { sallyportTables } from 'sallyport/drizzle/sqlite';
import { emailOf, loginUsers, password, userCount } from './settings.js';

/** The connection settings of both sides. */
export async function connect(file: string): Promise<Client> {
  const client = createClient({ url: `file:${file}`, timeout: 5000 });
  await client.execute('pragma journal_mode = wal');
  await client.execute('pragma synchronous = normal');
  return client;
}

export function datastoreOn(client: Client) {
  return drizzleDatastore(drizzle(client), sallyportTables());
}

/** 10,000 users, half of them with two roles. */
export async function seed(file: string, hash: (text: string) => Promise<string>): Promise<void> {
  const client = await connect(file);
  for (const statement of createTablesSql(sallyportTables())) await client.execute(statement);
  const datastore = datastoreOn(client);
  await datastore.createRole({ name: 'admin', permissions: ['read', 'write'] });
  await datastore.createRole({ name: 'editor', permissions: ['read'] });
  const passwordHash = await hash(password);
  for (let start = 0; start < userCount; start += 500) {
    const rows = Array.from({ length: 500 }, (_, offset) => start + offset).map((index) => ({
      sql: 'insert into user (email, password, active, fs_uniquifier, confirmed_at) values (?, ?, 1, ?, ?)',
      args: [
        emailOf(index),
        index < loginUsers ? passwordHash : null,
        String(index).padStart(32, 'a'),
        '2026-01-01 00:00:00.000000',
      ],
    }));
    await client.batch(rows, 'write');
  }
  await client.execute('insert into roles_users (user_id, role_id) select id, 1 from user where id % 2 = 0');
  await client.execute('insert into roles_users (user_id, role_id) select id, 2 from user where id % 2 = 0');
  client.close();
}
