import { createHash } from 'node:crypto';
import type { BaseUser, OnceRow, UserDatastore } from './contract.js';
import { type Driver, equal } from './driver.js';

type Once<Row extends BaseUser> = Pick<
  UserDatastore<Row>,
  'consume' | 'issue' | 'redeem' | 'revoke' | 'hit' | 'clearHits' | 'purgeExpired'
>;

/** The purpose under which attempts are counted; its hashes are of `attempts:` and the key, so they meet no other. */
const counting = 'attempts';

function hitHash(key: string): string {
  return createHash('sha256').update(`${counting}:${key}`).digest('hex');
}

async function replace(driver: Driver, row: OnceRow): Promise<void> {
  await driver.delete('auth_once', [equal('purpose', row.purpose), equal('subject', row.subject)]);
  await driver.put(row);
}

export function onceMethods<Row extends BaseUser>(driver: Driver): Once<Row> {
  return {
    consume: (row, now) => driver.mark(row, now),
    issue: (row, options) =>
      options?.replace === true
        ? driver.transaction((transaction) => replace(transaction, row), 'repeatable')
        : driver.put(row),
    async redeem({ hash, purpose, subject }, now) {
      const bound = [equal('hash', hash), equal('purpose', purpose), equal('subject', subject)];
      return (
        (await driver.delete('auth_once', [...bound, { column: 'expires_at', operator: 'after', value: now }])) === 1
      );
    },
    async revoke(purpose, subject) {
      await driver.delete('auth_once', [equal('purpose', purpose), equal('subject', subject)]);
    },
    async hit(key, windowMilliseconds, now) {
      const row = { hash: hitHash(key), purpose: counting, subject: '', expires_at: now + windowMilliseconds };
      const { count, expiresAt } = await driver.count(row, now);
      return { count, resetAt: expiresAt };
    },
    async clearHits(key) {
      await driver.delete('auth_once', [equal('hash', hitHash(key)), equal('purpose', counting)]);
    },
    async purgeExpired(now) {
      const where = [{ column: 'expires_at', operator: 'not after', value: now }] as const;
      return (await driver.delete('auth_session', where)) + (await driver.delete('auth_once', where));
    },
  };
}
