import { describe, expect, it } from 'vitest';
import { existing, freshHash, makeUser, type Subject, uniqueEmail } from './subject.js';

export function transactionStories(subject: Subject): void {
  describe('transactions', () => {
    it('keeps all when the work is done, and hands back its result', async () => {
      const { datastore } = subject();
      const email = uniqueEmail();
      const hash = freshHash();
      const result = await datastore.transaction(async (transaction) => {
        const user = await transaction.createUser({ email });
        expect(await transaction.consume({ hash, purpose: 'p', subject: 's', expires_at: 9 }, 1)).toBe(true);
        expect(await transaction.consume({ hash, purpose: 'p', subject: 's', expires_at: 9 }, 1)).toBe(false);
        return transaction.updateUser(user, { login_count: 5 });
      });
      expect(existing(result).login_count).toBe(5);
      expect(existing(await datastore.findUser({ email })).login_count).toBe(5);
    });

    it('A7 undoes all when the work throws, and the error comes out as it is', async () => {
      const { datastore } = subject();
      const email = uniqueEmail();
      const row = { hash: freshHash(), purpose: 'reset', subject: 's', expires_at: 5000 };
      await datastore.issue(row);
      const failure = new Error('The mail server is down.');
      const work = datastore.transaction(async (transaction) => {
        await transaction.createUser({ email });
        expect(await transaction.redeem(row, 1)).toBe(true);
        throw failure;
      });
      await expect(work).rejects.toBe(failure);
      expect(await datastore.findUser({ email })).toBeNull();
      expect(await datastore.redeem(row, 1)).toBe(true);
    });

    it('nests: an inner one can fail alone', async () => {
      const { datastore } = subject();
      const [outer, inner] = [uniqueEmail(), uniqueEmail()];
      await datastore.transaction(async (transaction) => {
        await transaction.createUser({ email: outer });
        const failed = transaction.transaction(async (nested) => {
          await nested.createUser({ email: inner });
          throw new Error('Not this one.');
        });
        await expect(failed).rejects.toThrow('Not this one.');
      });
      expect(await datastore.findUser({ email: outer })).not.toBeNull();
      expect(await datastore.findUser({ email: inner })).toBeNull();
    });

    it('others wait or see nothing of it while it is open', async () => {
      const { datastore } = subject();
      const user = await makeUser(datastore);
      let finish = (): void => {};
      const open = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const work = datastore.transaction(async (transaction) => {
        await transaction.updateUser(user, { login_count: 1 });
        await open;
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
      const write = datastore.compareAndSet(user, { login_count: null }, { login_count: 2 });
      const hit = datastore.hit(freshHash(), 1000, 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      finish();
      await work;
      expect(await hit).toMatchObject({ count: 1 });
      expect(await write).toBe(false);
      expect(existing(await datastore.findUser({ email: user.email })).login_count).toBe(1);
    });
  });
}
