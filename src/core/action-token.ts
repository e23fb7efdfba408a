import { sha256Hex } from '../crypto/encoding.js';
import type { TimedSerializer } from '../crypto/serializer.js';
import type { User, UserDatastore } from '../datastores/contract.js';
import type { Profile } from './options.js';
import type { StateDigest } from './state-digest.js';

/** What a mailed token is for. Each purpose has a salt of its own: a token for one is worth nothing for another. */
export interface ActionPurpose {
  /** `confirm`, `reset`, `login` … */
  name: string;
  salt: string;
  withinMilliseconds: number;
  /** The state of the user that the token is bound to: when it changes, the token is dead. `null`: none. */
  state(user: User): string | null;
}

export type TokenStatus =
  | { status: 'valid'; user: User }
  /** Too old, but otherwise good: a new one may be sent to the user. */
  | { status: 'expired'; user: User }
  | { status: 'invalid' };

/** Tokens that are mailed: signed, timed, bound to the user's state, good for one use. */
export interface ActionTokens {
  /** A new token; an earlier one for the same purpose and user dies. */
  issue(purpose: ActionPurpose, user: User, now: number): Promise<string>;
  /** What a token is worth, without using it. One that has been used already may still look valid here. */
  inspect(purpose: ActionPurpose, token: string, now: number): Promise<TokenStatus>;
  /**
   * Uses a token: of many at once, one. `work` and the use are one transaction: if `work` throws, nothing was used.
   * Inside, only `store` may be written to: it may be run again when the database breaks a deadlock.
   */
  use<Result>(
    purpose: ActionPurpose,
    token: string,
    now: number,
    work: (user: User, store: UserDatastore) => Promise<Result>,
  ): Promise<TokenStatus | { status: 'done'; user: User; result: Result }>;
  /** Gives a token back that was used without effect, because what it was used for failed afterwards (law 6). */
  restore(purpose: ActionPurpose, token: string, user: User, now: number): Promise<void>;
}

export function createActionTokens(parts: {
  profile: Profile;
  datastore: UserDatastore;
  serializer: (salt: string) => TimedSerializer;
  digest: StateDigest;
}): ActionTokens {
  const { profile, datastore, serializer, digest } = parts;
  // Tokens of the original, made beside us, are in no table of ours: there only the use is written down.
  const isStored = profile === 'modern';

  const inspect: ActionTokens['inspect'] = async (purpose, token, now) => {
    const loaded = serializer(purpose.salt).loads(token, { now, maxAge: purpose.withinMilliseconds / 1000 });
    if (!loaded.ok && loaded.reason === 'invalid') return { status: 'invalid' };
    const [uniquifier, stateDigest]: unknown[] = Array.isArray(loaded.value) ? loaded.value : [];
    if (typeof uniquifier !== 'string' || uniquifier === '') return { status: 'invalid' };
    const user = await datastore.findUser({ fs_uniquifier: uniquifier });
    if (user === null) return { status: 'invalid' };
    const state = purpose.state(user);
    if (state !== null && !(await digest.matches(state, stateDigest))) return { status: 'invalid' };
    if (state === null && stateDigest !== null && stateDigest !== undefined) return { status: 'invalid' };
    return { status: loaded.ok ? 'valid' : 'expired', user };
  };

  return {
    inspect,

    async issue(purpose, user, now) {
      const state = purpose.state(user);
      const token = serializer(purpose.salt).dumps(
        [user.fs_uniquifier, state === null ? null : await digest.make(state)],
        now,
      );
      const row = {
        hash: sha256Hex(token),
        purpose: purpose.name,
        subject: user.fs_uniquifier,
        expires_at: now + purpose.withinMilliseconds + 1000,
      };
      if (isStored) await datastore.issue(row, { replace: true });
      return token;
    },

    async use(purpose, token, now, work) {
      const status = await inspect(purpose, token, now);
      if (status.status !== 'valid') return status;
      const { user } = status;
      const row = { hash: sha256Hex(token), purpose: purpose.name, subject: user.fs_uniquifier };
      const outcome = await datastore.transaction(
        async (store) => {
          const won = isStored
            ? await store.redeem(row, now)
            : await store.consume(
                { ...row, purpose: `used-${purpose.name}`, expires_at: now + purpose.withinMilliseconds + 1000 },
                now,
              );
          return won ? { result: await work(user, store) } : undefined;
        },
        { repeatable: true },
      );
      return outcome === undefined ? { status: 'invalid' } : { status: 'done', user, result: outcome.result };
    },

    async restore(purpose, token, user, now) {
      const row = { hash: sha256Hex(token), purpose: purpose.name, subject: user.fs_uniquifier };
      if (isStored) await datastore.issue({ ...row, expires_at: now + purpose.withinMilliseconds + 1000 });
      else await datastore.redeem({ ...row, purpose: `used-${purpose.name}` }, now);
    },
  };
}
