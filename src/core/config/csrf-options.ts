import { z } from 'zod';
import type { Duration } from '../duration.js';
import { capitalised, type OptionDeclarations, option } from '../options.js';

export type Mechanism = 'token' | 'session' | 'basic';
export const mechanismSchema = z.enum(['token', 'session', 'basic']);

/** Attributes of the CSRF cookie, as the specification's dictionary names them. */
export interface CsrfCookie {
  samesite?: 'Strict' | 'Lax' | 'None' | null;
  httponly?: boolean;
  secure?: boolean | null;
  path?: string;
  domain?: string | null;
  /** Seconds; absent: until the browser is closed. */
  max_age?: number | null;
}

/** Protection against requests that another site makes a browser send (specification 2.5.5). */
export interface CsrfOptions {
  csrfEnabled: boolean;
  csrfProtect: boolean;
  csrfCheckDefault: boolean;
  csrfMethods: readonly string[];
  csrfFieldName: string;
  csrfHeaders: readonly string[];
  csrfHeader: string;
  csrfTimeLimit: Duration | null;
  csrfSecretKey: string | null;
  csrfSslStrict: boolean;
  csrfCheckOrigin: boolean;
  csrfProtectMechanisms: readonly Mechanism[];
  csrfIgnoreUnauthEndpoints: boolean;
  csrfCookieName: string | null;
  csrfCookie: CsrfCookie;
  csrfCookieRefreshEachRequest: boolean;
  trustedOrigins: readonly string[];
}

const csrfCookie: z.ZodType<CsrfCookie> = z.strictObject({
  samesite: z.enum(['Strict', 'Lax', 'None']).nullable().optional(),
  httponly: z.boolean().optional(),
  secure: z.boolean().nullable().optional(),
  path: z.string().optional(),
  domain: z.string().nullable().optional(),
  max_age: z.int().min(0).nullable().optional(),
});

/** Flask writes `'strict'` as well as `'Strict'`; `key` is an earlier place for the name (see `fromFlaskConfig`). */
function cookieFrom(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'key')
      .map(([name, entry]) => [name, name === 'samesite' ? capitalised(entry) : entry]),
  );
}
const origin = z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text, {
  error: 'expected an origin, such as "https://app.example"',
});

export const csrfOptions: OptionDeclarations<CsrfOptions> = {
  csrfEnabled: option.flag(true, 'Switches all CSRF checks off: for tests only.', { specified: 'WTF_CSRF_ENABLED' }),
  csrfProtect: option.flag(
    true,
    'Guards check the token on routes of the application too (the original: only once `CSRFProtect(app)` was called).',
    { documented: false },
  ),
  csrfCheckDefault: option.flag(
    false,
    'With `csrfProtect`: checks every changing request that passes through our routes, guarded or not.',
    { documented: true, specified: 'WTF_CSRF_CHECK_DEFAULT' },
  ),
  csrfMethods: option.texts(['POST', 'PUT', 'PATCH', 'DELETE'], 'Methods that change something.', {
    specified: 'WTF_CSRF_METHODS',
  }),
  csrfFieldName: option.text('csrf_token', 'Name of the form field and of the session key.', {
    specified: 'WTF_CSRF_FIELD_NAME',
  }),
  csrfHeaders: option.texts(
    ['X-CSRFToken', 'X-CSRF-Token'],
    'Headers in which a token is looked for, beside `csrfHeader`.',
    { specified: 'WTF_CSRF_HEADERS' },
  ),
  csrfHeader: option.text('X-XSRF-Token', 'The header that front ends with the cookie send.', {
    specified: 'SECURITY_CSRF_HEADER',
  }),
  csrfTimeLimit: option.optionalDuration('1 hour', 'How long a token is good; `null`: as long as the session.', {
    specified: 'WTF_CSRF_TIME_LIMIT',
  }),
  csrfSecretKey: option.optionalText(null, 'Signs CSRF tokens instead of `secretKey`.', {
    specified: 'WTF_CSRF_SECRET_KEY',
  }),
  csrfSslStrict: option.flag(
    true,
    'Over https a changing request must name us as its Referer (only without `csrfCheckOrigin`).',
    { specified: 'WTF_CSRF_SSL_STRICT' },
  ),
  csrfCheckOrigin: option.flag(true, 'Refuses changing requests whose Origin or Fetch-Metadata name another site.', {
    documented: false,
  }),
  csrfProtectMechanisms: option.of<readonly Mechanism[]>(
    z.array(mechanismSchema),
    ['session'],
    'Ways of signing in whose changing requests need a token.',
    { documented: ['basic', 'session', 'token'], specified: 'SECURITY_CSRF_PROTECT_MECHANISMS' },
  ),
  csrfIgnoreUnauthEndpoints: option.flag(
    false,
    'Asks no token of callers who are not signed in (no protection against login CSRF).',
    { specified: 'SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS' },
  ),
  csrfCookieName: option.optionalText(null, 'Name of a cookie with the token, for scripts to send back as a header.', {
    specified: 'SECURITY_CSRF_COOKIE_NAME',
  }),
  csrfCookie: option.of<CsrfCookie>(
    csrfCookie,
    { samesite: 'Strict', httponly: false, secure: null },
    'Attributes of that cookie; `secure: null` follows `baseUrl`.',
    {
      documented: { samesite: 'Strict', httponly: false, secure: false },
      specified: 'SECURITY_CSRF_COOKIE',
      convert: cookieFrom,
    },
  ),
  csrfCookieRefreshEachRequest: option.flag(false, 'Sends that cookie anew with every request.', {
    specified: 'SECURITY_CSRF_COOKIE_REFRESH_EACH_REQUEST',
  }),
  trustedOrigins: option.of<readonly string[]>(
    z.array(origin),
    [],
    'Origins of front ends served elsewhere whose changing requests are believed (with a token).',
  ),
};
