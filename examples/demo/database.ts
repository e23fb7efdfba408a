import { createClient } from '@libsql/client';
import { asc, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/libsql';
import { createTablesSql, drizzleDatastore, type UserRow } from 'sallyport/drizzle';
import { sallyportTables } from 'sallyport/drizzle/sqlite';

const tables = sallyportTables();

/** A record of the demo's user table. */
export type DemoUser = UserRow<typeof tables.user>;

/** A line of the administrator's list. */
export interface ListedUser {
  id: number;
  email: string;
  active: boolean;
  roles: string[];
}

/** Opens the SQLite file, with the tables that Sallyport brings. An application of your own would use migrations. */
export async function openDatabase(file: string) {
  const client = createClient({ url: `file:${file}`, timeout: 5000 });
  await client.execute('pragma journal_mode = wal');
  for (const statement of createTablesSql(tables)) await client.execute(statement);
  const database = drizzle(client);
  return {
    datastore: drizzleDatastore(database, tables),
    listUsers: async (): Promise<ListedUser[]> => {
      const { user, role, rolesUsers } = tables;
      const rows = await database
        .select({ id: user.id, email: user.email, active: user.active, role: role.name })
        .from(user)
        .leftJoin(rolesUsers, eq(rolesUsers.user_id, user.id))
        .leftJoin(role, eq(role.id, rolesUsers.role_id))
        .orderBy(asc(user.email), asc(role.name));
      const byId = new Map<number, ListedUser>();
      for (const { role: name, ...row } of rows) {
        const listed = byId.get(row.id) ?? { ...row, roles: [] };
        if (name !== null) listed.roles.push(name);
        byId.set(row.id, listed);
      }
      return [...byId.values()];
    },
    close: () => client.close(),
  };
}

export type DemoDatabase = Awaited<ReturnType<typeof openDatabase>>;
