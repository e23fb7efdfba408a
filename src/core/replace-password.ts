import type { User, UserDatastore } from '../datastores/contract.js';
import { newUniquifier } from '../datastores/users.js';

/**
 * Gives a user another password hash and, with it, a new uniquifier, so that every session, remembered browser and
 * (without a column of their own) auth token ends. One conditional write: it counts only where the user still has the
 * password and the uniquifier of the given record, so of two changes at once one wins (specification 1.3.13).
 *
 * @param store the datastore, or one inside a transaction
 * @param user as it was when the right to change was proven
 * @returns the fresh record; `null`: somebody else was faster, nothing was written
 */
export async function replacePassword(store: UserDatastore, user: User, hash: string): Promise<User | null> {
  const fs_uniquifier = newUniquifier();
  const expected = { password: user.password, fs_uniquifier: user.fs_uniquifier };
  if (!(await store.compareAndSet(user, expected, { password: hash, fs_uniquifier }))) return null;
  await store.deleteUserSessions(user);
  return await store.findUser({ fs_uniquifier });
}
