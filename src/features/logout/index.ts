import { z } from 'zod';
import { defineFeature } from '../../core/feature.js';
import { option } from '../../core/options.js';
import { logoutRoutes } from './routes.js';

/** Signing out (specification 1.4.4; wire contract: `/logout`). */
export interface LogoutOptions {
  logoutUrl: string;
  /** `null`: no such URL; the application has its own. */
  logoutMethods: readonly ('GET' | 'POST')[] | null;
  /** Asks for a CSRF token; the specification's sign-out does not (attack line C1). */
  logoutCsrf: boolean;
  postLogoutView: string | null;
}

const methods = z
  .array(z.enum(['GET', 'POST']))
  .min(1)
  .nullable();

export const logout = defineFeature<LogoutOptions>({
  name: 'logout',
  options: {
    logoutUrl: option.path('/logout', 'Path that signs out.', { specified: 'SECURITY_LOGOUT_URL' }),
    logoutMethods: option.of<LogoutOptions['logoutMethods']>(
      methods,
      ['POST'],
      'Methods that sign out; `null`: the path is not there.',
      {
        documented: ['GET', 'POST'],
        specified: 'SECURITY_LOGOUT_METHODS',
      },
    ),
    logoutCsrf: option.flag(true, 'Signing out needs a CSRF token.', { documented: false }),
    postLogoutView: option.view(null, 'Where to go after signing out; by default `applicationRoot`.', {
      specified: 'SECURITY_POST_LOGOUT_VIEW',
    }),
  },
  signals: ['userLoggedOut', 'identityChanged'],
  routes: logoutRoutes,
});
