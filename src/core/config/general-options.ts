import { z } from 'zod';
import type { Duration } from '../duration.js';
import { durationFrom, type OptionDeclarations, option } from '../options.js';
import { type Mechanism, mechanismSchema } from './csrf-options.js';

/** What concerns the whole of Sallyport. */
export interface GeneralOptions {
  secretKey: string | readonly string[];
  baseUrl: string | null;
  urlPrefix: string | null;
  subdomain: string | null;
  blueprintName: string;
  staticFolder: string;
  staticFolderUrl: string;
  trustedProxies: readonly string[];
  registerBlueprint: boolean;
  loginDisabled: boolean;
  appName: string;
  i18nDomain: string;
  i18nDirname: string | readonly string[];
  freshness: Duration;
  freshnessGracePeriod: Duration;
  apiEnabledMethods: readonly Mechanism[];
  returnGenericResponses: boolean;
  backwardsCompatUnauthn: boolean;
  backwardsCompatAuthToken: boolean;
  serializerDigest: 'sha1' | 'sha256' | 'sha512';
  joinUserRoles: boolean;
  cliUsersName: string | false;
  cliRolesName: string | false;
  bodyLimit: number;
}

const secret = z.string().min(16, {
  error: 'expected at least 16 characters; make one with: node -p "crypto.randomBytes(32).toString(\'base64url\')"',
});
const secretKey: z.ZodType<GeneralOptions['secretKey']> = z.union(
  [secret, z.array(secret).min(1, { error: 'expected at least one key' })],
  {
    error: 'expected a text of at least 16 characters, or a list of such (the first signs, all verify)',
  },
);
const baseUrl = z
  .string()
  .refine(
    (text) =>
      URL.canParse(text) &&
      /^https?:$/.test(new URL(text).protocol) &&
      new URL(text).pathname === '/' &&
      !/[?#@]/.test(text),
    {
      error: 'expected the address of the site without path, such as "https://app.example"',
    },
  )
  .nullable();
const prefix = z
  .string()
  .refine((text) => /^(\/[\w.~-]+)+$/.test(text), {
    error: 'expected a path such as "/accounts", without trailing slash',
  })
  .nullable();
const label = z
  .string()
  .refine((text) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(text), { error: 'expected a host label such as "auth"' })
  .nullable();
const commandName: z.ZodType<string | false> = z.union([z.string().min(1), z.literal(false)]);
const directories: z.ZodType<string | readonly string[]> = z.union([z.string(), z.array(z.string())]);

export const generalOptions: OptionDeclarations<GeneralOptions> = {
  secretKey: option.of<GeneralOptions['secretKey']>(
    secretKey,
    '',
    'Signs cookies and tokens; of a list the first signs and all verify.',
    { specified: 'SECRET_KEY' },
  ),
  baseUrl: option.of<string | null>(
    baseUrl,
    null,
    'The site’s own address: origin of mailed links, of cookies and of redirects. Required outside development.',
  ),
  urlPrefix: option.of<string | null>(prefix, null, 'Path under which all our routes lie.', {
    specified: 'SECURITY_URL_PREFIX',
  }),
  subdomain: option.of<string | null>(label, null, 'Subdomain of the site on which our routes answer.', {
    specified: 'SECURITY_SUBDOMAIN',
  }),
  blueprintName: option.text('security', 'Prefix of endpoint names: `security.login`.', {
    specified: 'SECURITY_BLUEPRINT_NAME',
  }),
  staticFolder: option.text('static', 'Folder of our static files.', { specified: 'SECURITY_STATIC_FOLDER' }),
  staticFolderUrl: option.path('/fs-static', 'URL of our static files, below `urlPrefix`.', {
    specified: 'SECURITY_STATIC_FOLDER_URL',
  }),
  trustedProxies: option.texts(
    [],
    'CIDR ranges of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.',
  ),
  registerBlueprint: option.flag(true, 'Whether our routes answer at all; everything else works without them.'),
  loginDisabled: option.flag(false, 'Lets everybody through the guards: for the application’s own tests only.', {
    specified: 'LOGIN_DISABLED',
  }),
  appName: option.text('', 'Name of the application on pages and in mails.'),
  i18nDomain: option.text('flask_security', 'Domain of our texts in catalogues.', {
    specified: 'SECURITY_I18N_DOMAIN',
  }),
  i18nDirname: option.of<string | readonly string[]>(directories, 'builtin', 'Folders with catalogues.', {
    specified: 'SECURITY_I18N_DIRNAME',
  }),
  freshness: option.duration('24 hours', 'How recent a sign-in must be for sensitive changes; negative: never asked.', {
    specified: 'SECURITY_FRESHNESS',
  }),
  freshnessGracePeriod: option.duration('1 hour', 'How long one is not asked again once fresh.', {
    specified: 'SECURITY_FRESHNESS_GRACE_PERIOD',
  }),
  apiEnabledMethods: option.of<readonly Mechanism[]>(
    z.array(mechanismSchema),
    ['session', 'token'],
    'Ways of signing in that our own routes accept.',
    { specified: 'SECURITY_API_ENABLED_METHODS' },
  ),
  returnGenericResponses: option.flag(true, 'Answers alike whether an account exists or not.', {
    documented: false,
    specified: 'SECURITY_RETURN_GENERIC_RESPONSES',
  }),
  backwardsCompatUnauthn: option.flag(false, 'Answers 401 with a page instead of leading to the sign-in page.', {
    specified: 'SECURITY_BACKWARDS_COMPAT_UNAUTHN',
  }),
  backwardsCompatAuthToken: option.flag(false, 'Puts an auth token into every answer that could carry one.', {
    specified: 'SECURITY_BACKWARDS_COMPAT_AUTH_TOKEN',
  }),
  serializerDigest: option.oneOf(['sha1', 'sha256', 'sha512'], 'sha256', 'Digest of the HMAC in tokens and cookies.', {
    documented: 'sha1',
  }),
  joinUserRoles: option.flag(true, 'Accepted for compatibility: a user always comes with roles in one query.', {
    specified: 'SECURITY_JOIN_USER_ROLES',
  }),
  cliUsersName: option.of<string | false>(commandName, 'users', 'Name of the command for users.', {
    specified: 'SECURITY_CLI_USERS_NAME',
  }),
  cliRolesName: option.of<string | false>(commandName, 'roles', 'Name of the command for roles.', {
    specified: 'SECURITY_CLI_ROLES_NAME',
  }),
  bodyLimit: option.count(65_536, 'Most bytes that a request to our routes may carry.'),
};

/** Auth tokens and basic auth (specification 1.3.5, 1.3.6). */
export interface CredentialOptions {
  tokenAuthenticationKey: string;
  tokenAuthenticationHeader: string;
  tokenMaxAge: Duration | null;
  rememberSalt: string;
  defaultHttpAuthRealm: string;
}

export const credentialOptions: OptionDeclarations<CredentialOptions> = {
  tokenAuthenticationKey: option.text('auth_token', 'Query parameter that may carry an auth token.', {
    specified: 'SECURITY_TOKEN_AUTHENTICATION_KEY',
  }),
  tokenAuthenticationHeader: option.text('Authentication-Token', 'Header that may carry an auth token.', {
    specified: 'SECURITY_TOKEN_AUTHENTICATION_HEADER',
  }),
  tokenMaxAge: option.optionalDuration('30 days', 'How long an auth token is good; `null`: for ever.', {
    documented: null,
    specified: 'SECURITY_TOKEN_MAX_AGE',
    convert: durationFrom('seconds'),
  }),
  rememberSalt: option.text('remember-salt', 'Salt of auth tokens.', { specified: 'SECURITY_REMEMBER_SALT' }),
  defaultHttpAuthRealm: option.text('Login Required', 'Realm of basic auth.', {
    specified: 'SECURITY_DEFAULT_HTTP_AUTH_REALM',
  }),
};
