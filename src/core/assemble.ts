import { createHashQueue, type HashQueue } from '../crypto/hash-queue.js';
import {
  createPasswordContext,
  flaskPasswordParameters,
  type PasswordContext,
  parsePasslibOptions,
} from '../crypto/password-context.js';
import { sha256Crypt, sha512Crypt } from '../crypto/passwords/sha-crypt.js';
import { createRememberCookie } from '../crypto/remember-cookie.js';
import { createTimedSerializer, type TimedSerializer } from '../crypto/serializer.js';
import { createSessionCookie } from '../crypto/session-cookie.js';
import type { UserDatastore } from '../datastores/contract.js';
import { createMailUtil, type MailUtil, type MailUtilOptions } from '../mail/index.js';
import { createPasswordUtil, type PasswordUtil } from '../passwords/index.js';
import type { Clock } from './clock.js';
import type { CoreOptions } from './config/index.js';
import { milliseconds } from './duration.js';
import type { Profile } from './options.js';
import type { Origins } from './origins.js';
import { rememberSeries } from './remember-series.js';
import { rememberToken } from './remember-token.js';
import type { Logger } from './security-core.js';
import { serverSessions } from './server-sessions.js';
import { rememberCookieSetting, sessionCookieSetting } from './session-cookie-format.js';
import { createSessionStore, type SessionStore } from './session-store.js';
import { createStateDigest, hexDigest, hmacDigest, passwordDigest, type StateDigest } from './state-digest.js';
import { statelessSessions } from './stateless-sessions.js';

/** Names of keys in the session that are ours; everything else is the application's and outlives a sign-in. */
export function isOurSessionKey(config: CoreOptions): (key: string) => boolean {
  const own = new Set([
    'sid',
    '_user_id',
    '_fresh',
    '_id',
    '_remember',
    '_remember_seconds',
    '_flashes',
    config.csrfFieldName,
    'identity.name',
    'identity.auth_type',
  ]);
  return (key) => own.has(key) || /^(fs|tf|us|wan|mf|oauth|sp)_/.test(key);
}

export function secretKeysOf(config: CoreOptions): readonly string[] {
  return typeof config.secretKey === 'string' ? [config.secretKey] : config.secretKey;
}

/** Serializers by salt, each made once. */
export function createSerializers(
  config: CoreOptions,
  profile: Profile,
): (salt: string, keys?: readonly string[]) => TimedSerializer {
  const made = new Map<string, TimedSerializer>();
  return (salt, keys = secretKeysOf(config)) => {
    const known = made.get(salt);
    if (known) return known;
    const serializer = createTimedSerializer({
      secretKeys: keys,
      salt,
      digest: config.serializerDigest,
      keyDerivation: profile === 'modern' ? 'hmac' : 'django-concat',
    });
    made.set(salt, serializer);
    return serializer;
  };
}

export function assembleSessions(
  config: CoreOptions,
  profile: Profile,
  datastore: UserDatastore,
  origins: Origins,
  clock: Clock,
): SessionStore {
  const secretKeys = secretKeysOf(config);
  const lifetime = milliseconds(config.sessionLifetime);
  const remembered = milliseconds(config.rememberCookieDuration);
  const setting = rememberCookieSetting(config, origins);
  return createSessionStore({
    cookie: createSessionCookie({ secretKeys, digest: config.serializerDigest, compress: profile === 'flask' }),
    setting: sessionCookieSetting(config, origins),
    maxAge: Math.floor(lifetime / 1000),
    clock,
    kind:
      config.session === 'server'
        ? serverSessions(datastore, { lifetime, idle: milliseconds(config.sessionIdleTimeout) })
        : statelessSessions(datastore),
    // Only the original's own cookie cannot be revoked, and only beside the original is it needed.
    remember:
      config.session === 'server' || profile === 'modern'
        ? rememberSeries(datastore, setting, remembered)
        : rememberToken(datastore, createRememberCookie({ secretKeys }), setting, remembered),
  });
}

/** All expensive hashing, of passwords and of state in tokens, waits in one line. */
export function assembleHashQueue({ hashQueueLimit, hashConcurrency }: CoreOptions): HashQueue {
  return createHashQueue({
    limit: hashQueueLimit,
    ...(hashConcurrency === null ? {} : { concurrency: hashConcurrency }),
  });
}

export function assemblePasswords(
  config: CoreOptions,
  profile: Profile,
  log: Logger,
  queue: HashQueue,
): PasswordContext {
  const { passwordSingleHash } = config;
  const own = { ...parsePasslibOptions(config.passwordHashPasslibOptions) };
  for (const [scheme, parameters] of Object.entries(config.passwordHashOptions)) {
    const prefixed = Object.entries(parameters).map(([name, value]) => [`${scheme}__${name}`, value]);
    own[scheme] = { ...own[scheme], ...parsePasslibOptions(Object.fromEntries(prefixed))[scheme] };
  }
  const parameters =
    profile === 'flask'
      ? Object.fromEntries(
          [...new Set([...Object.keys(flaskPasswordParameters), ...Object.keys(own)])].map((scheme) => [
            scheme,
            { ...flaskPasswordParameters[scheme], ...own[scheme] },
          ]),
        )
      : own;
  return createPasswordContext({
    scheme: config.passwordHash,
    schemes: [...new Set([...config.passwordSchemes, config.passwordHash])],
    deprecated: config.deprecatedPasswordSchemes,
    ...(config.passwordSalt === null ? {} : { passwordSalt: config.passwordSalt }),
    singleHash: passwordSingleHash === true ? true : passwordSingleHash === false ? [] : passwordSingleHash,
    parameters,
    queue,
    production: process.env['NODE_ENV'] === 'production',
    onRefusedHash: (refused) => log.warn('a stored password hash was refused', { ...refused }),
  });
}

export function assemblePasswordUtil(config: CoreOptions): PasswordUtil {
  return createPasswordUtil({
    passwordLengthMin: config.passwordLengthMin,
    passwordLengthMax: config.passwordLengthMax,
    // bcrypt alone reads 72 bytes; with the HMAC before it, any length.
    ...(config.passwordHash === 'bcrypt' && config.passwordSalt === null ? { passwordBytesMax: 72 } : {}),
    passwordNormalizeForm: config.passwordNormalizeForm,
    passwordComplexityChecker: config.passwordComplexityChecker,
    zxcvbnMinimumScore: config.zxcvbnMinimumScore,
    passwordCheckBreached: config.passwordCheckBreached,
    passwordBreachedCount: config.passwordBreachedCount,
    breachedUrl: config.passwordBreachedUrl,
  });
}

/** `SECURITY_EMAIL_VALIDATOR_ARGS` in either spelling: `check_deliverability`, `checkDeliverability`. */
export function assembleMailUtil(
  config: CoreOptions,
  profile: Profile,
  transport: MailUtilOptions['transport'] | undefined,
): MailUtil {
  const given = Object.entries(config.emailValidatorArgs ?? {}).map(([name, value]) => [
    name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    name === 'timeout' && typeof value === 'number' ? value * 1000 : value,
  ]);
  const validatorOptions = {
    // Deliverability is asked for where wanted: a name server must not decide who may register by default.
    ...(profile === 'modern' ? { checkDeliverability: false } : { allowCompatibilityCharacters: true }),
    lowercase: config.emailLowercase,
    ...Object.fromEntries(given),
  };
  return createMailUtil({ validatorOptions, ...(transport === undefined ? {} : { transport }) });
}

export function assembleStateDigest(config: CoreOptions, queue: HashQueue): StateDigest {
  const available = [
    hmacDigest(secretKeysOf(config)),
    hexDigest('md5', 32),
    hexDigest('sha1', 40),
    hexDigest('sha256', 64),
    hexDigest('sha512', 128),
    passwordDigest(sha256Crypt, queue),
    passwordDigest(sha512Crypt, queue),
  ];
  // Ours is always read, so that tokens survive a change of the option.
  const names = [...new Set([...config.hashingSchemes, 'hmac_sha256'])];
  return createStateDigest(available, names, config.deprecatedHashingSchemes);
}
