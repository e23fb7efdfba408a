import { drizzle as drizzleLibsql } from 'drizzle-orm/libsql';
import { drizzle as drizzleMysql } from 'drizzle-orm/mysql2';
import { drizzle as drizzlePostgresql } from 'drizzle-orm/node-postgres';
import { describe, expect, it } from 'vitest';
import {
  type DatabaseKind,
  databaseAvailable,
  defaultTables,
  openTestDatastore,
} from '../../../test/databases/index.js';
import { existing, makeSession } from '../conformance/subject.js';
import type { UserDatastore } from '../contract.js';
import { type DrizzleDatabase, drizzleDatastore } from './index.js';

/** Counts the calls by which a driver's client sends a statement. */
function counted<Client extends object>(client: Client, methods: readonly string[], count: () => void): Client {
  return new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]) => {
        if (methods.includes(String(name))) count();
        const result: unknown = Reflect.apply(value, target, parameters);
        return name === 'promise' ? counted(Object(result), methods, count) : result;
      };
    },
  });
}

function counting(kind: DatabaseKind, database: DrizzleDatabase, count: () => void): DrizzleDatabase {
  const client = Object(Reflect.get(database, '$client'));
  if (kind === 'sqlite') return drizzleLibsql(counted(client, ['execute', 'batch', 'transaction'], count));
  if (kind === 'postgresql') return drizzlePostgresql(counted(client, ['query', 'connect'], count));
  return drizzleMysql(counted(client, ['query', 'execute', 'getConnection'], count));
}

for (const kind of ['sqlite', 'postgresql', 'mysql'] as const) {
  const available = await databaseAvailable(kind);
  describe.skipIf(!available)(`the hot path on ${kind}`, () => {
    it('is one statement each', async () => {
      const opened = await openTestDatastore(kind);
      try {
        const plain = opened.datastore;
        await plain.createRole({ name: 'a', permissions: 'x,y' });
        await plain.createRole({ name: 'b' });
        const user = await plain.createUser({ email: 'a@example.com', roles: ['a', 'b'] });
        const session = await makeSession(plain, user);
        const remember = await makeSession(plain, user, { kind: 'remember' });
        let statements = 0;
        const count = () => {
          statements += 1;
        };
        const datastore = drizzleDatastore(counting(kind, opened.database, count), defaultTables[kind]);
        const calls = [
          () => datastore.findSession(session.id_hash, { now: 1_500_000, idleSince: 0 }),
          () => datastore.findRememberSeries(remember.id_hash, 1_500_000),
          () => datastore.findUser({ fs_uniquifier: user.fs_uniquifier }),
          () => datastore.findUser({ email: 'A@EXAMPLE.COM' }, { caseInsensitive: true }),
        ];
        for (const call of calls) {
          for (let time = 0; time < 3; time++) {
            statements = 0;
            const found = existing<object>(await call());
            expect(statements).toBe(1);
            const { roles } = 'user' in found ? Object(found.user) : Object(found);
            expect(roles).toHaveLength(2);
          }
        }
      } finally {
        await opened.close();
      }
    });
  });

  describe.skipIf(!available)(`faults on ${kind}`, () => {
    it('A7 errors of the database come out as they are, without the values that were sent', async () => {
      const opened = await openTestDatastore(kind);
      try {
        const { datastore } = opened;
        const user = await datastore.createUser({ email: 'a@example.com' });
        const session = await makeSession(datastore, user);
        await opened.execute('drop table auth_once');
        await opened.execute('alter table auth_session rename to elsewhere');
        const secret = 'a-secret-that-no-log-may-have';
        const row = { hash: secret, purpose: 'p', subject: 's', expires_at: 2 };
        const calls = [
          () => datastore.consume(row, 1),
          () => datastore.redeem(row, 1),
          () => datastore.issue(row, { replace: true }),
          () => datastore.hit(secret, 1, 1),
          () => datastore.findSession(secret, { now: 1, idleSince: 0 }),
          () => datastore.rotateRememberSeries(secret, secret, secret, 1),
          () => datastore.createSession({ ...session, id_hash: secret }),
          () => datastore.purgeExpired(1),
          () => datastore.deleteUser(user),
        ];
        for (const call of calls) {
          const error: unknown = await call().then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          expect(error).toBeInstanceOf(Error);
          expect(Object(error).name).not.toBe('DrizzleQueryError');
          expect(String(error)).not.toContain(secret);
        }
        expect(await datastore.findUser({ email: user.email })).toEqual(user);
      } finally {
        await opened.close();
      }
    });
  });
}

describe('a SQLite file in use', () => {
  it('is waited for without blocking', async () => {
    const opened = await openTestDatastore('sqlite', {});
    try {
      const user = await opened.datastore.createUser({ email: 'a@example.com' });
      const other: UserDatastore = drizzleDatastore(opened.another(), defaultTables.sqlite);
      let ticks = 0;
      const ticking = setInterval(() => {
        ticks += 1;
      }, 5);
      const writer = opened.datastore.transaction(async (transaction) => {
        await transaction.updateUser(user, { login_count: 1 });
        await new Promise((resolve) => setTimeout(resolve, 100));
      });
      await new Promise((resolve) => setTimeout(resolve, 10));
      const nested = other.transaction((transaction) => transaction.updateUser(user, { tf_phone_number: '1' }));
      expect(await other.compareAndSet(user, { active: true }, { tf_totp_secret: 'x' })).toBe(true);
      await Promise.all([writer, nested]);
      clearInterval(ticking);
      expect(ticks).toBeGreaterThan(3);
      const expected = { login_count: 1, tf_totp_secret: 'x', tf_phone_number: '1' };
      expect(await other.findUser({ email: user.email })).toMatchObject(expected);
    } finally {
      await opened.close();
    }
  });

  it('in memory, readers wait for the transaction that has the only connection', async () => {
    const opened = await openTestDatastore('sqlite');
    const { datastore } = opened;
    const work = datastore.transaction(async (transaction) => {
      await transaction.createUser({ email: 'a@example.com' });
      await new Promise((resolve) => setTimeout(resolve, 30));
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await datastore.findUser({ email: 'a@example.com' })).not.toBeNull();
    await work;
    await opened.close();
  });
});
