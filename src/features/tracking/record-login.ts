import type { RequestContext } from '../../core/context.js';
import type { User } from '../../datastores/contract.js';

/** Each sign-in that another one overtakes tries again; more at once than this do not happen to one user by accident. */
const mostAttempts = 100;

/**
 * Writes the sign-in that is just being made into the user's record: of two at once, both are counted.
 *
 * @throws Error when it cannot be written; the gate then makes no session (attack line A7)
 */
export async function recordLogin(context: RequestContext, user: User): Promise<User> {
  const { datastore } = context.core;
  let present: User | null = user;
  for (let attempt = 0; attempt < mostAttempts && present !== null; attempt += 1) {
    const changes = nextLogin(present, context);
    const count = present['login_count'] ?? null;
    if (await datastore.compareAndSet(present, { login_count: count }, changes)) return { ...present, ...changes };
    present = await datastore.findUser({ fs_uniquifier: user.fs_uniquifier });
  }
  throw new Error(present === null ? 'The user is gone.' : 'The sign-in could not be counted.');
}

/** What was current becomes last. A first sign-in is its own last one, without an address, as in the original. */
function nextLogin(user: User, context: RequestContext): Record<string, unknown> {
  const now = new Date(context.now);
  const count = user['login_count'];
  return {
    last_login_at: user['current_login_at'] ?? now,
    current_login_at: now,
    last_login_ip: user['current_login_ip'] ?? null,
    current_login_ip: context.address ?? null,
    login_count: (typeof count === 'number' ? count : 0) + 1,
  };
}
