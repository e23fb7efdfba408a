import { randomToken, sha256Hex } from '../crypto/encoding.js';
import type { SessionRow, UserDatastore } from '../datastores/contract.js';
import type { RequestContext } from './context.js';
import { sessionKeys } from './session.js';
import type { SessionKind } from './session-store.js';

const touchInterval = 60_000;

/**
 * Sessions as rows of `auth_session`: the cookie carries an id, the row its hash. Logout and revocation end them on the
 * server; idle and absolute ends are in the WHERE.
 */
export function serverSessions(datastore: UserDatastore, limits: { lifetime: number; idle: number }): SessionKind {
  return {
    async find(context) {
      const id = context.session.getText(sessionKeys.id);
      if (id === undefined) return null;
      const now = context.now;
      const found = await datastore.findSession(sha256Hex(id), { now, idleSince: now - limits.idle });
      if (found === null) return null;
      if (now - found.session.last_seen_at > touchInterval) await touch(context, found.session.id_hash, now);
      return { user: found.user, row: found.session };
    },

    async begin(context, user, methods) {
      const former = context.session.getText(sessionKeys.id);
      const id = randomToken();
      const now = context.now;
      const row: SessionRow = {
        id_hash: sha256Hex(id),
        kind: 'session',
        user_id: datastore.userKey(user),
        fs_uniquifier: user.fs_uniquifier,
        methods: [...methods],
        created_at: now,
        last_seen_at: now,
        expires_at: now + limits.lifetime,
        address: context.address ?? null,
        agent: context.request.header('user-agent')?.slice(0, 255) ?? null,
        secret_hash: null,
        previous_secret_hash: null,
        rotated_at: null,
      };
      await datastore.createSession(row);
      if (former !== undefined) await datastore.deleteSession(sha256Hex(former));
      context.session.set(sessionKeys.id, id);
      return row;
    },

    async end(context) {
      const id = context.session.getText(sessionKeys.id);
      if (id !== undefined) await datastore.deleteSession(sha256Hex(id));
      context.session.delete(sessionKeys.id);
    },
  };

  /** Bookkeeping: its failure must not take the page away. */
  async function touch(context: RequestContext, hash: string, now: number): Promise<void> {
    try {
      await datastore.touchSession(hash, now);
    } catch (error) {
      context.core.log.warn('last_seen_at could not be written', { error: String(error) });
    }
  }
}
