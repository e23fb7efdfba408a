import { sha256Hex } from '../crypto/encoding.js';
import type { UserDatastore } from '../datastores/contract.js';
import type { Clock } from './clock.js';

/** How many attempts within which time. */
export interface Budget {
  limit: number;
  windowMilliseconds: number;
}

/** The one seam through which attempts are counted: a counted write in the store, atomic among processes. */
export interface Attempts {
  /** Counts one attempt; `allowed` is false once the budget is used up, for `retryAfterSeconds` more. */
  hit(key: string, budget: Budget): Promise<{ allowed: boolean; remaining: number; retryAfterSeconds: number }>;
  clear(key: string): Promise<void>;
}

export function createAttempts(datastore: UserDatastore, clock: Clock): Attempts {
  return {
    async hit(key, budget) {
      const now = clock();
      const { count, resetAt } = await datastore.hit(sha256Hex(key), budget.windowMilliseconds, now);
      return {
        allowed: count <= budget.limit,
        remaining: Math.max(0, budget.limit - count),
        retryAfterSeconds: Math.max(1, Math.ceil((resetAt - now) / 1000)),
      };
    },
    clear: (key) => datastore.clearHits(sha256Hex(key)),
  };
}
