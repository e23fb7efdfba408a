/** Sallyport's default tables with the token uniquifier as well. */
import { int, mysqlTable } from 'drizzle-orm/mysql-core';
import { pgTable, serial } from 'drizzle-orm/pg-core';
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';
import * as mysql from '../mysql.js';
import * as postgresql from '../postgresql.js';
import * as sqlite from '../sqlite.js';

const sqliteUser = sqliteTable('user', {
  id: integer('id').primaryKey(),
  ...sqlite.userColumns(),
  ...sqlite.tokenUniquifierColumns(),
});
const postgresqlUser = pgTable('user', {
  id: serial('id').primaryKey(),
  ...postgresql.userColumns(),
  ...postgresql.tokenUniquifierColumns(),
});
const mysqlUser = mysqlTable('user', {
  id: int('id').primaryKey().autoincrement(),
  ...mysql.userColumns(),
  ...mysql.tokenUniquifierColumns(),
});

// `user` stays first, so that it is created before the tables that refer to it by name.
export const completeTables = {
  sqlite: { ...sqlite.sallyportTables(), user: sqliteUser },
  postgresql: { ...postgresql.sallyportTables(), user: postgresqlUser },
  mysql: { ...mysql.sallyportTables(), user: mysqlUser },
};
