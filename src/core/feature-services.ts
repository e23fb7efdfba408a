import type { User } from '../datastores/contract.js';
import type { RequestContext } from './context.js';

/** What confirmation does for the features that make accounts; they know it by this name only. */
export interface ConfirmationService {
  /** May a user sign in whose address is not confirmed yet (`loginWithoutConfirmation`)? */
  readonly loginWithoutConfirmation: boolean;
  /** A new confirmation token, and the absolute link that a mail carries. Earlier ones of the user die. */
  issue(context: RequestContext, user: User): Promise<ConfirmationInstructions>;
  /**
   * Notes that this browser is where the account was made. `null` (no account was made) leaves a note that looks the
   * same, so that a cookie does not tell.
   */
  markBrowser(context: RequestContext, user: User | null): void;
}

export interface ConfirmationInstructions {
  token: string;
  link: string;
  /** How long the link works, as configured: `5 days`. */
  within: string;
}

/**
 * Services by name. A feature offers one with `{ to: 'service', name, service }`; others ask
 * `registry.service('confirmation')`, which answers nothing when that feature is off.
 */
export interface FeatureServices {
  confirmation: ConfirmationService;
}

export type ServiceName = keyof FeatureServices;

export type ServiceContribution = {
  [Name in ServiceName]: { to: 'service'; name: Name; service: FeatureServices[Name] };
}[ServiceName];
