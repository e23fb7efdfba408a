import { describe, expect, it } from 'vitest';
import { freshHash, makeSession, makeUser, type Subject } from './subject.js';

export function onceStories(subject: Subject): void {
  describe('single use and counting', () => {
    it('T3 consumes once, until the mark is past its end', async () => {
      const { datastore } = subject();
      const row = { hash: freshHash(), purpose: 'totp-step', subject: 'someone', expires_at: 5000 };
      expect(await datastore.consume(row, 1000)).toBe(true);
      expect(await datastore.consume(row, 1000)).toBe(false);
      expect(await datastore.consume({ ...row, expires_at: 9000 }, 4999)).toBe(false);
      expect(await datastore.consume({ ...row, expires_at: 9000 }, 5000)).toBe(true);
      expect(await datastore.consume({ ...row, expires_at: 9999 }, 5001)).toBe(false);
      expect(await datastore.consume({ ...row, expires_at: 9999 }, 1)).toBe(false);
    });

    it('T2 T3 T4 redeems with the same purpose and subject before the end, once', async () => {
      const { datastore } = subject();
      const row = { hash: freshHash(), purpose: 'reset', subject: 'Someone', expires_at: 5000 };
      await datastore.issue(row);
      const { expires_at: _, ...secret } = row;
      expect(await datastore.redeem({ ...secret, purpose: 'confirm' }, 1000)).toBe(false);
      expect(await datastore.redeem({ ...secret, purpose: 'RESET' }, 1000)).toBe(false);
      expect(await datastore.redeem({ ...secret, subject: 'someone' }, 1000)).toBe(false);
      expect(await datastore.redeem({ ...secret, hash: freshHash() }, 1000)).toBe(false);
      expect(await datastore.redeem(secret, 5001)).toBe(false);
      expect(await datastore.redeem(secret, 5000)).toBe(false);
      expect(await datastore.redeem(secret, 4999)).toBe(true);
      expect(await datastore.redeem(secret, 4999)).toBe(false);
    });

    it('T5 issuing with replace kills the earlier ones of the same purpose and subject', async () => {
      const { datastore } = subject();
      const bound = { purpose: 'reset', subject: freshHash(), expires_at: 5000 };
      const [first, second, other] = [freshHash(), freshHash(), freshHash()];
      await datastore.issue({ ...bound, hash: first });
      await datastore.issue({ ...bound, hash: other, purpose: 'confirm' });
      await datastore.issue({ ...bound, hash: second }, { replace: true });
      expect(await datastore.redeem({ ...bound, hash: first }, 1000)).toBe(false);
      expect(await datastore.redeem({ ...bound, hash: second }, 1000)).toBe(true);
      expect(await datastore.redeem({ ...bound, hash: other, purpose: 'confirm' }, 1000)).toBe(true);
    });

    it('issuing the same secret again moves its end; revoking drops it', async () => {
      const { datastore } = subject();
      const row = { hash: freshHash(), purpose: 'link', subject: freshHash(), expires_at: 5000 };
      await datastore.issue(row);
      await datastore.issue({ ...row, expires_at: 9000 });
      await datastore.revoke('other', row.subject);
      expect(await datastore.redeem(row, 8000)).toBe(true);
      await datastore.issue(row);
      await datastore.revoke(row.purpose, row.subject);
      expect(await datastore.redeem(row, 1000)).toBe(false);
    });

    it('T6 counts attempts within the window that began with the first', async () => {
      const { datastore } = subject();
      const key = `login:${freshHash()}:${'x'.repeat(1000)}`;
      expect(await datastore.hit(key, 1000, 10_000)).toEqual({ count: 1, resetAt: 11_000 });
      expect(await datastore.hit(key, 1000, 10_500)).toEqual({ count: 2, resetAt: 11_000 });
      expect(await datastore.hit(key, 1000, 10_999)).toEqual({ count: 3, resetAt: 11_000 });
      expect(await datastore.hit(key, 1000, 11_000)).toEqual({ count: 1, resetAt: 12_000 });
      expect(await datastore.hit(key, 1000, 11_001)).toEqual({ count: 2, resetAt: 12_000 });
      expect(await datastore.hit(`${key}'`, 1000, 11_001)).toEqual({ count: 1, resetAt: 12_001 });
      await datastore.clearHits(key);
      expect(await datastore.hit(key, 1000, 11_002)).toEqual({ count: 1, resetAt: 12_002 });
    });

    it('purges what is past its end and nothing else', async () => {
      const { datastore } = subject();
      await datastore.purgeExpired(Number.MAX_SAFE_INTEGER);
      const user = await makeUser(datastore);
      const over = await makeSession(datastore, user, { expires_at: 5000 });
      const live = await makeSession(datastore, user, { expires_at: 5001 });
      const mark = { hash: freshHash(), purpose: 'p', subject: 's', expires_at: 5000 };
      const kept = { ...mark, hash: freshHash(), expires_at: 5001 };
      await datastore.consume(mark, 1);
      await datastore.issue(kept);
      expect(await datastore.purgeExpired(5000)).toBe(2);
      expect(await datastore.deleteSession(over.id_hash)).toBe(false);
      expect(await datastore.deleteSession(live.id_hash)).toBe(true);
      expect(await datastore.redeem(kept, 5000)).toBe(true);
    });
  });
}
