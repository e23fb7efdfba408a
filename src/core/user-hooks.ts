import type { User } from '../datastores/contract.js';

/** What the specification lets one override on the user model (3.1.3), given as `createSecurity({ user: { … } })`. */
export interface UserHooks {
  /** The best name of a user: the first identity attribute that is set. */
  calcUsername(user: User): string;
  /** What JSON answers show of a user; `{}` by default: nothing leaves unless it is named. */
  securityPayload(user: User): Record<string, unknown>;
  /** What redirects to a front end tell of a user (`email`, `identity`), merged into `existing`. */
  redirectQueryParameters(user: User, existing?: Record<string, string>): Record<string, string>;
  /** A further check of an auth token whose signature and age are good. */
  verifyAuthToken(user: User, data: readonly unknown[]): boolean;
}

/** The hooks as the application gives them: any of them, over the defaults. */
export function createUserHooks(given: Partial<UserHooks>, attributes: readonly string[]): UserHooks {
  const calcUsername =
    given.calcUsername ??
    ((user) => {
      for (const attribute of attributes) {
        const value = user[attribute];
        if (value !== null && value !== undefined && String(value) !== '') return String(value);
      }
      return '';
    });
  return {
    calcUsername,
    securityPayload: given.securityPayload ?? (() => ({})),
    redirectQueryParameters:
      given.redirectQueryParameters ??
      ((user, existing = {}) => ({ ...existing, email: user.email, identity: calcUsername(user) })),
    verifyAuthToken: given.verifyAuthToken ?? (() => true),
  };
}
