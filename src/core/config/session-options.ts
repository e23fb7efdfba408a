import { z } from 'zod';
import { type Duration, parseDuration } from '../duration.js';
import { capitalised, durationFrom, type OptionDeclarations, option } from '../options.js';

export type SameSite = 'Strict' | 'Lax' | 'None' | null;

/** Sessions and remember-me. */
export interface SessionOptions {
  session: 'server' | 'stateless';
  sessionCookieName: string | null;
  sessionCookieDomain: string | null;
  sessionCookiePath: string;
  sessionCookieHttponly: boolean;
  sessionCookieSecure: boolean | null;
  sessionCookieSamesite: SameSite;
  sessionLifetime: Duration;
  sessionIdleTimeout: Duration;
  rememberCookieName: string | null;
  rememberCookieDuration: Duration;
  rememberCookieDomain: string | null;
  rememberCookiePath: string;
  rememberCookieHttponly: boolean;
  rememberCookieSecure: boolean | null;
  rememberCookieSamesite: SameSite;
  rememberCookieRefreshEachRequest: boolean;
  defaultRememberMe: boolean;
  flashMessages: boolean;
}

const sameSite = z.enum(['Strict', 'Lax', 'None']).nullable();
const positive = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) > 0, { error: 'expected a positive duration, such as "30 days"' });
const secure = z.boolean().nullable();

export const sessionOptions: OptionDeclarations<SessionOptions> = {
  session: option.oneOf(
    ['server', 'stateless'],
    'server',
    'Sessions as rows that can be ended one by one, or wholly inside the signed cookie.',
    { documented: 'stateless' },
  ),
  sessionCookieName: option.optionalText(
    null,
    'Name of the session cookie; by default `__Host-session` over https, else `session`.',
    { documented: 'session', specified: 'SESSION_COOKIE_NAME' },
  ),
  sessionCookieDomain: option.optionalText(null, 'Domain of the session cookie; rules out the `__Host-` prefix.', {
    specified: 'SESSION_COOKIE_DOMAIN',
    convert: (value) => (value === false ? null : value),
  }),
  sessionCookiePath: option.text('/', 'Path of the session cookie.', {
    specified: 'SESSION_COOKIE_PATH',
    convert: (value) => value ?? '/',
  }),
  sessionCookieHttponly: option.flag(true, 'Hides the session cookie from scripts.', {
    specified: 'SESSION_COOKIE_HTTPONLY',
  }),
  sessionCookieSecure: option.of(
    secure,
    null,
    'Sends the session cookie over https only; by default when `baseUrl` is https.',
    { documented: false, specified: 'SESSION_COOKIE_SECURE' },
  ),
  sessionCookieSamesite: option.of<SameSite>(sameSite, 'Lax', 'SameSite of the session cookie.', {
    documented: null,
    specified: 'SESSION_COOKIE_SAMESITE',
    convert: capitalised,
  }),
  sessionLifetime: option.of(positive, '7 days', 'A session ends this long after it began, whatever happens.', {
    documented: '31 days',
    specified: 'PERMANENT_SESSION_LIFETIME',
    convert: durationFrom('seconds'),
  }),
  sessionIdleTimeout: option.of(
    positive,
    '1 day',
    'A session ends when it was not used for this long (server sessions).',
  ),
  rememberCookieName: option.optionalText(
    null,
    'Name of the remember-me cookie; by default `__Host-remember` over https, else `remember`.',
    { documented: 'remember_token', specified: 'REMEMBER_COOKIE_NAME' },
  ),
  rememberCookieDuration: option.of(positive, '30 days', 'How long a browser is remembered.', {
    documented: '365 days',
    specified: 'REMEMBER_COOKIE_DURATION',
    convert: durationFrom('seconds'),
  }),
  rememberCookieDomain: option.optionalText(null, 'Domain of the remember-me cookie.', {
    specified: 'REMEMBER_COOKIE_DOMAIN',
  }),
  rememberCookiePath: option.text('/', 'Path of the remember-me cookie.', { specified: 'REMEMBER_COOKIE_PATH' }),
  rememberCookieHttponly: option.flag(true, 'Hides the remember-me cookie from scripts.', {
    specified: 'REMEMBER_COOKIE_HTTPONLY',
  }),
  rememberCookieSecure: option.of(
    secure,
    null,
    'Sends the remember-me cookie over https only; by default when `baseUrl` is https.',
    { documented: false, specified: 'REMEMBER_COOKIE_SECURE' },
  ),
  rememberCookieSamesite: option.of<SameSite>(sameSite, 'Lax', 'SameSite of the remember-me cookie.', {
    documented: null,
    specified: 'REMEMBER_COOKIE_SAMESITE',
    convert: capitalised,
  }),
  rememberCookieRefreshEachRequest: option.flag(false, 'Sends the remember-me cookie again with every request.', {
    specified: 'REMEMBER_COOKIE_REFRESH_EACH_REQUEST',
  }),
  defaultRememberMe: option.flag(false, 'Whether a browser is remembered when the request does not say.', {
    specified: 'SECURITY_DEFAULT_REMEMBER_ME',
  }),
  flashMessages: option.flag(true, 'Keeps messages for the next page.', { specified: 'SECURITY_FLASH_MESSAGES' }),
};
