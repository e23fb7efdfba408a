import type { CookieAttributes } from '../http/cookies.js';
import type { CoreOptions } from './config/index.js';
import type { Origins } from './origins.js';

export interface CookieSetting {
  name: string;
  attributes: CookieAttributes;
}

/**
 * Name and attributes of a cookie of ours. Over https, at path `/` and without a domain, the name gets the `__Host-`
 * prefix, so that no sibling host can set or shadow it (attack lines S1, S4).
 */
function cookieSetting(
  name: string | null,
  base: string,
  given: {
    domain: string | null;
    path: string;
    httponly: boolean;
    secure: boolean | null;
    samesite: 'Strict' | 'Lax' | 'None' | null;
  },
  origins: Origins,
): CookieSetting {
  const secure = given.secure ?? origins.secure;
  const mayPrefix = secure && given.path === '/' && given.domain === null;
  return {
    name: name ?? (mayPrefix ? `__Host-${base}` : base),
    attributes: {
      httpOnly: given.httponly,
      secure,
      sameSite: given.samesite ?? undefined,
      path: given.path,
      domain: given.domain ?? undefined,
    },
  };
}

export function sessionCookieSetting(config: CoreOptions, origins: Origins): CookieSetting {
  return cookieSetting(
    config.sessionCookieName,
    'session',
    {
      domain: config.sessionCookieDomain,
      path: config.sessionCookiePath,
      httponly: config.sessionCookieHttponly,
      secure: config.sessionCookieSecure,
      samesite: config.sessionCookieSamesite,
    },
    origins,
  );
}

export function rememberCookieSetting(config: CoreOptions, origins: Origins): CookieSetting {
  return cookieSetting(
    config.rememberCookieName,
    'remember',
    {
      domain: config.rememberCookieDomain,
      path: config.rememberCookiePath,
      httponly: config.rememberCookieHttponly,
      secure: config.rememberCookieSecure,
      samesite: config.rememberCookieSamesite,
    },
    origins,
  );
}
