import { z } from 'zod';
import { type OptionDeclarations, option } from '../options.js';

/** Where browsers are sent (specification 2.1.6, 2.5.2). */
export interface RedirectOptions {
  redirectBehavior: 'spa' | null;
  redirectHost: string | null;
  redirectAllowSubdomains: boolean;
  redirectValidateMode: readonly ('absolute' | 'regex')[];
  redirectValidateRe: string;
  postLoginView: string | null;
  loginErrorView: string | null;
  unauthorizedView: string | null;
  applicationRoot: string;
}

const mode = z.enum(['absolute', 'regex']);
const host = z
  .string()
  .refine((text) => URL.canParse(`http://${text}`) && new URL(`http://${text}`).host === text.toLowerCase(), {
    error: 'expected a host with an optional port, such as "localhost:8080"',
  })
  .nullable();

export const redirectOptions: OptionDeclarations<RedirectOptions> = {
  redirectBehavior: option.of<'spa' | null>(
    z.literal('spa').nullable(),
    null,
    '`spa`: mailed links lead to the front end with the outcome as query parameters.',
    { specified: 'SECURITY_REDIRECT_BEHAVIOR' },
  ),
  redirectHost: option.of<string | null>(
    host,
    null,
    'Host (and port) of a front end that is served elsewhere during development.',
    { specified: 'SECURITY_REDIRECT_HOST' },
  ),
  redirectAllowSubdomains: option.flag(false, 'Lets `next` lead to subdomains of the site’s host.', {
    specified: 'SECURITY_REDIRECT_ALLOW_SUBDOMAINS',
  }),
  redirectValidateMode: option.of<RedirectOptions['redirectValidateMode']>(
    z.array(mode),
    ['absolute'],
    'Beside the comparison of parsed origins: `regex` also refuses what `redirectValidateRe` matches.',
    {
      specified: 'SECURITY_REDIRECT_VALIDATE_MODE',
      convert: (value) => (typeof value === 'string' ? [value] : (value ?? [])),
    },
  ),
  redirectValidateRe: option.of(
    z.string().refine((text) => isRegularExpression(text), { error: 'expected a regular expression' }),
    '/{4,}|\\\\{3,}|[\\s\\u0000-\\u001f][/\\\\]{2,}',
    'The pattern of targets that the `regex` mode refuses.',
    { specified: 'SECURITY_REDIRECT_VALIDATE_RE' },
  ),
  postLoginView: option.view(null, 'Where to go after signing in; by default `applicationRoot`.', {
    specified: 'SECURITY_POST_LOGIN_VIEW',
  }),
  loginErrorView: option.view(
    null,
    'With `redirectBehavior: "spa"`: where links that should have signed in lead when they did not; by default `applicationRoot`.',
    { specified: 'SECURITY_LOGIN_ERROR_VIEW' },
  ),
  unauthorizedView: option.view(
    null,
    'Where a page request goes that lacks a role or permission; absent: an error page with status 403.',
    { specified: 'SECURITY_UNAUTHORIZED_VIEW' },
  ),
  applicationRoot: option.path('/', 'Where the application begins; the default target of redirects.', {
    specified: 'APPLICATION_ROOT',
  }),
};

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
