import { constantTimeEqual, randomToken, sha256Hex } from '../crypto/encoding.js';
import type { SessionRow, User, UserDatastore } from '../datastores/contract.js';
import { readCookie, writeCookie } from '../http/cookies.js';
import type { RequestContext } from './context.js';
import type { CookieSetting } from './session-cookie-format.js';
import type { RememberKind } from './session-store.js';

/** Requests that a browser sends at the same time may all carry the secret that the first of them replaces. */
const replacedSecretGrace = 30_000;

/**
 * Remember-me as a series with a secret that changes at every use; only hashes are stored. A secret that was replaced
 * before betrays a copied cookie: the series and every session of the user end (attack line S8).
 */
export function rememberSeries(datastore: UserDatastore, setting: CookieSetting, lifetime: number): RememberKind {
  const send = (
    context: RequestContext,
    { id, secret, expiresAt }: { id: string; secret: string; expiresAt: number },
    when?: 'even if it fails',
  ): void => {
    const maxAge = Math.max(0, Math.floor((expiresAt - context.now) / 1000));
    const line = writeCookie(setting.name, `${id}.${secret}`, { ...setting.attributes, maxAge });
    context.setCookie(setting.name, line, when);
  };
  const forget = (context: RequestContext): void =>
    context.setCookie(setting.name, writeCookie(setting.name, '', { ...setting.attributes, maxAge: 0 }));

  return {
    presented: (context) => readCookie(context.request.header('cookie'), setting.name) !== undefined,

    async find(context) {
      const pair = presentedPair(context, setting.name);
      if (pair === undefined) return null;
      const idHash = sha256Hex(pair.id);
      const found = await datastore.findRememberSeries(idHash, context.now);
      if (found === null) return null;
      const presented = sha256Hex(pair.secret);
      if (sameHash(found.session.secret_hash, presented)) {
        const secret = randomToken();
        const rotated = await datastore.rotateRememberSeries(idHash, presented, sha256Hex(secret), context.now);
        if (rotated) {
          // The store has moved on: a browser that never learnt the new secret would look like a thief.
          send(context, { id: pair.id, secret, expiresAt: found.session.expires_at }, 'even if it fails');
          return found.user;
        }
        // Somebody was first: a request beside this one, or a logout that ended the series.
        const again = await datastore.findRememberSeries(idHash, context.now);
        return again !== null && isJustReplaced(again.session, presented, context.now) ? again.user : null;
      }
      if (isJustReplaced(found.session, presented, context.now)) return found.user;
      await datastore.deleteUserSessions(found.user);
      await context.core.signals.send('rememberTokenStolen', { user: found.user });
      context.core.log.warn('a replaced remember-me secret was presented; all sessions of the user were ended');
      forget(context);
      return null;
    },

    async begin(context, user: User) {
      const id = randomToken(18);
      const secret = randomToken();
      const now = context.now;
      await datastore.createSession({
        id_hash: sha256Hex(id),
        kind: 'remember',
        user_id: datastore.userKey(user),
        fs_uniquifier: user.fs_uniquifier,
        methods: [],
        created_at: now,
        last_seen_at: now,
        expires_at: now + lifetime,
        address: context.address ?? null,
        agent: context.request.header('user-agent')?.slice(0, 255) ?? null,
        secret_hash: sha256Hex(secret),
        previous_secret_hash: null,
        rotated_at: null,
      });
      send(context, { id, secret, expiresAt: now + lifetime });
    },

    async end(context) {
      const pair = presentedPair(context, setting.name);
      if (readCookie(context.request.header('cookie'), setting.name) === undefined) return;
      if (pair !== undefined) await datastore.deleteSession(sha256Hex(pair.id));
      forget(context);
    },
  };
}

function presentedPair(context: RequestContext, name: string): { id: string; secret: string } | undefined {
  const value = readCookie(context.request.header('cookie'), name);
  const match = value === undefined || value.length > 200 ? null : /^([\w-]{24})\.([\w-]{43})$/.exec(value);
  return match?.[1] && match[2] ? { id: match[1], secret: match[2] } : undefined;
}

function sameHash(stored: string | null, presented: string): boolean {
  return stored !== null && constantTimeEqual(stored, presented);
}

function isJustReplaced(row: SessionRow, presented: string, now: number): boolean {
  return (
    sameHash(row.previous_secret_hash, presented) &&
    row.rotated_at !== null &&
    now - row.rotated_at <= replacedSecretGrace
  );
}
