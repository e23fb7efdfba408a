import { randomUUID } from 'node:crypto';
import { bigint, int, mysqlTable, varchar as mysqlVarchar } from 'drizzle-orm/mysql-core';
import {
  boolean as pgBoolean,
  integer as pgInteger,
  pgTable,
  text as pgText,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type DatabaseKind, databaseAvailable, openDatabase } from '../../../test/databases/index.js';
import { makeCredential, makeSession } from '../conformance/subject.js';
import { createTablesSql, type DrizzleDatabase, type DrizzleSchema, drizzleDatastore } from './index.js';
import * as mysql from './mysql.js';
import * as postgresql from './postgresql.js';
import * as sqlite from './sqlite.js';

/** An application's own user: the least columns, declared by hand, a key of its own name and type, own columns. */
const sqliteUser = sqliteTable('people', {
  personId: text('person_id')
    .primaryKey()
    .$defaultFn(() => randomUUID()),
  email: text('email').notNull().unique(),
  password: text('password'),
  active: integer('active', { mode: 'boolean' }).notNull(),
  fsUniquifier: text('fs_uniquifier').notNull().unique(),
  confirmedAt: integer('confirmed_at', { mode: 'timestamp_ms' }),
  recoveryCodes: text('mf_recovery_codes'),
  companyName: text('company_name'),
  settings: text('settings', { mode: 'json' }).$type<{ theme: string }>(),
  avatar: blob('avatar', { mode: 'buffer' }),
  updatedBy: text('updated_by').$onUpdateFn(() => 'the application'),
});
const postgresqlUser = pgTable('people', {
  personId: uuid('person_id').primaryKey().defaultRandom(),
  email: pgText('email').notNull().unique(),
  password: pgText('password'),
  active: pgBoolean('active').notNull(),
  fsUniquifier: pgText('fs_uniquifier').notNull().unique(),
  confirmedAt: timestamp('confirmed_at', { withTimezone: true }),
  recoveryCodes: pgText('mf_recovery_codes').array(),
  companyName: pgText('company_name'),
  level: pgInteger('level').default(3),
});
const mysqlUser = mysqlTable('people', {
  personId: bigint('person_id', { mode: 'number', unsigned: true }).primaryKey().autoincrement(),
  ...mysql.baseUserColumns(),
  ...mysql.recoveryCodesColumns(),
  ...mysql.confirmableColumns(),
  companyName: mysqlVarchar('company_name', { length: 80 }),
  level: int('level').default(3),
});

function sqliteSchema() {
  const role = sqliteTable('groups', {
    groupId: integer('group_id').primaryKey(),
    name: text('name').notNull().unique(),
  });
  const rolesUsers = sqliteTable('roles_users', sqlite.rolesUsersColumns(sqliteUser, role));
  const webAuthn = sqliteTable('web_authn', {
    key: integer('key').primaryKey(),
    ...sqlite.webauthnColumns(sqliteUser),
  });
  return { user: sqliteUser, role, rolesUsers, webAuthn, authSession: sqlite.authSession, authOnce: sqlite.authOnce };
}
function postgresqlSchema() {
  const role = pgTable('groups', {
    groupId: uuid('group_id').primaryKey().defaultRandom(),
    ...postgresql.roleColumns(),
  });
  const rolesUsers = pgTable('roles_users', {
    linkId: uuid('link_id')
      .primaryKey()
      .$defaultFn(() => randomUUID()),
    ...postgresql.rolesUsersColumns(postgresqlUser, role),
  });
  const webAuthn = pgTable('web_authn', {
    key: pgInteger('key').primaryKey().generatedByDefaultAsIdentity(),
    ...postgresql.webauthnColumns(postgresqlUser),
  });
  return {
    user: postgresqlUser,
    role,
    rolesUsers,
    webAuthn,
    authSession: postgresql.authSession,
    authOnce: postgresql.authOnce,
  };
}
function mysqlSchema() {
  const role = mysqlTable('groups', { groupId: int('group_id').primaryKey().autoincrement(), ...mysql.roleColumns() });
  const rolesUsers = mysqlTable('roles_users', mysql.rolesUsersColumns(mysqlUser, role));
  const webAuthn = mysqlTable('web_authn', {
    key: int('key').primaryKey().autoincrement(),
    ...mysql.webauthnColumns(mysqlUser),
  });
  return { user: mysqlUser, role, rolesUsers, webAuthn, authSession: mysql.authSession, authOnce: mysql.authOnce };
}

const schemas: Record<DatabaseKind, () => DrizzleSchema> = {
  sqlite: sqliteSchema,
  postgresql: postgresqlSchema,
  mysql: mysqlSchema,
};

async function open<Schema extends DrizzleSchema>(kind: DatabaseKind, schema: Schema) {
  const opened = await openDatabase(kind);
  for (const statement of createTablesSql(schema)) await opened.execute(statement);
  return { ...opened, datastore: drizzleDatastore(opened.database, schema) };
}

for (const kind of ['sqlite', 'postgresql', 'mysql'] as const) {
  const available = await databaseAvailable(kind);
  describe.skipIf(!available)(`an application's own tables on ${kind}`, () => {
    it('work with a key of any name and type, and columns of features that are off absent', async () => {
      const { datastore, close } = await open(kind, schemas[kind]());
      try {
        await datastore.createRole({ name: 'admin' });
        const confirmed_at = new Date(Date.UTC(2026, 0, 1));
        const user = await datastore.createUser({
          email: 'a@example.com',
          companyName: 'Acme',
          roles: ['admin'],
          confirmed_at,
        });
        expect(user).toMatchObject({ companyName: 'Acme', confirmed_at, roles: [{ name: 'admin', permissions: [] }] });
        expect(Object.keys(user)).toContain('personId');
        expect(Object.keys(user)).not.toContain('fsUniquifier');
        expect(datastore.userKey(user)).toBe(String(user.personId));
        expect(datastore.hasUserColumn('company_name')).toBe(true);
        expect(datastore.hasUserColumn('username')).toBe(false);
        expect(await datastore.findUser({ personId: datastore.userKey(user) })).toEqual(user);
        expect(await datastore.findUser({ personId: 'nobody' })).toBeNull();
        expect(await datastore.findUser({ company_name: 'Acme' })).toEqual(user);

        const codes = await datastore.mfSetRecoveryCodes(user, ['x', 'y']);
        expect(await datastore.mfDeleteRecoveryCode(codes, 0)).toBe(true);
        expect(await datastore.mfDeleteRecoveryCode(codes, 0)).toBe(false);
        expect(await datastore.findUser({ email: user.email })).toMatchObject({ mf_recovery_codes: ['y'] });
        await expect(datastore.tfSet(user, 'sms')).rejects.toThrow('tf_primary_method');
        await expect(datastore.usPutTotpSecrets(user, {})).rejects.toThrow('us_totp_secrets');
        expect((await datastore.setTokenUniquifier(user)).fs_uniquifier).toBe(user.fs_uniquifier);

        const row = await makeSession(datastore, user);
        const found = await datastore.findSession(row.id_hash, { now: 1_500_000, idleSince: 0 });
        expect(found?.user.personId).toEqual(user.personId);
        const credential = await makeCredential(datastore, user);
        expect((await datastore.findUserFromWebauthn(credential))?.email).toBe(user.email);
        await datastore.deleteWebauthn(credential);
        expect(await datastore.removeRoleFromUser(user, 'admin')).toBe(true);
        await datastore.resetUserAccess(user);
        await datastore.deleteUser(user);
        expect(await datastore.findUser({ email: user.email })).toBeNull();
      } finally {
        await close();
      }
    });

    it('work inside a transaction of the application', async () => {
      const { datastore, database, close } = await open(kind, schemas[kind]());
      try {
        const failure = new Error('undo');
        // drizzle's transaction has one signature for each dialect; what it hands over is what `within` takes.
        const transaction: (work: (opened: DrizzleDatabase) => Promise<unknown>) => Promise<unknown> = Reflect.get(
          Object(database),
          'transaction',
        ).bind(database);
        await expect(
          transaction(async (opened) => {
            await datastore.within(opened).createUser({ email: 'gone@example.com' });
            throw failure;
          }),
        ).rejects.toBe(failure);
        await transaction((opened) => datastore.within(opened).createUser({ email: 'kept@example.com' }));
        expect(await datastore.findUser({ email: 'gone@example.com' })).toBeNull();
        expect(await datastore.findUser({ email: 'kept@example.com' })).not.toBeNull();
      } finally {
        await close();
      }
    });
  });
}

describe('own columns on SQLite', () => {
  it('are typed by the table and mapped by drizzle', async () => {
    const { datastore, close } = await open('sqlite', sqliteSchema());
    const made = await datastore.createUser({
      email: 'a@example.com',
      settings: { theme: 'dark' },
      avatar: Buffer.from([1, 2, 255]),
    });
    expectTypeOf(made.email).toEqualTypeOf<string>();
    expectTypeOf(made.active).toEqualTypeOf<boolean>();
    expectTypeOf(made.companyName).toEqualTypeOf<string | null>();
    expectTypeOf(made.settings).toEqualTypeOf<{ theme: string } | null>();
    expectTypeOf(made.mf_recovery_codes).toEqualTypeOf<string[]>();
    expectTypeOf(made.confirmed_at).toEqualTypeOf<Date | null>();
    expect(made).toMatchObject({ settings: { theme: 'dark' }, updatedBy: 'the application', companyName: null });
    expect([...(made.avatar ?? [])]).toEqual([1, 2, 255]);
    await close();
  });

  it('are refused at once when a required one is missing', () => {
    const schema = sqliteSchema();
    const user = sqliteTable('user', { id: integer('id').primaryKey(), email: text('email') });
    // Nothing is sent to a database before the schema is right.
    expect(() => drizzleDatastore({ transaction: () => undefined }, { ...schema, user })).toThrow(
      'lacks the column "password"',
    );
  });
});
