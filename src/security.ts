import { createActionTokens } from './core/action-token.js';
import {
  assembleHashQueue,
  assembleMailUtil,
  assemblePasswords,
  assemblePasswordUtil,
  assembleSessions,
  assembleStateDigest,
  createSerializers,
  isOurSessionKey,
  secretKeysOf,
} from './core/assemble.js';
import { createAttempts } from './core/attempts.js';
import { createAuthTokens } from './core/auth-token.js';
import { createAuthentication } from './core/authenticate.js';
import { createBackground } from './core/background.js';
import { checkColumns, checkConfiguration } from './core/check-configuration.js';
import { systemClock } from './core/clock.js';
import type { IdentityServices } from './core/config/identity-options.js';
import { type CoreOptions, coreOptions, identityAttributes } from './core/config/index.js';
import { createCsrf } from './core/csrf.js';
import { defaultHandlers } from './core/default-handlers.js';
import { ConfigurationError } from './core/errors.js';
import { createFacade, type Security } from './core/facade.js';
import type { ConfiguredFeature } from './core/feature.js';
import { createGate } from './core/gate.js';
import { createIdentityLookup } from './core/identity-lookup.js';
import { fillPlaces } from './core/messages.js';
import { nearestName, resolveOptions } from './core/options.js';
import { createOrigins } from './core/origins.js';
import { securityForTemplates } from './core/page-context.js';
import { createRedirects } from './core/redirect.js';
import { createRegistry } from './core/registry.js';
import { type ContextProcessor, createRenderer } from './core/render.js';
import type { Logger, SecurityCore } from './core/security-core.js';
import { createSignals } from './core/signals.js';
import { createUrls } from './core/urls.js';
import { createUserHooks } from './core/user-hooks.js';
import type { BaseUser, UserDatastore } from './datastores/contract.js';
import { baseFeatures, baseOptionDeclarations } from './features/base.js';
import { parseCidrs } from './http/address.js';
import { untranslated } from './i18n/translate.js';
import { createMailDispatcher } from './mail/index.js';
import { givenNames, type SecurityOptions } from './security-options.js';
import { builtinTemplatesDirectory, createTemplateRenderer } from './templates/index.js';
import { createUsernameUtil } from './username/index.js';

const consoleLogger: Logger = {
  warn: (message, details) => console.warn(`sallyport: ${message}`, details ?? ''),
  error: (message, details) => console.error(`sallyport: ${message}`, details ?? ''),
};

/**
 * Makes a running Sallyport out of options, with today's best defaults.
 *
 * @throws ConfigurationError that lists every problem at once: unknown options, wrong types, missing secrets, columns …
 * @example
 * const security = createSecurity({ secretKey: process.env.SECRET_KEY, baseUrl: 'https://app.example', datastore });
 */
export function createSecurity<Row extends BaseUser>(options: SecurityOptions<Row>): Security<Row> {
  const problems: string[] = [];
  const profile = options.profile ?? 'modern';
  const given = knownOptions(options, problems);
  const config = resolveOptions<CoreOptions>(coreOptions, given, profile, problems);
  if (problems.length > 0) throw new ConfigurationError(problems);
  problems.push(...checkConfiguration(config, profile));
  if (problems.length > 0) throw new ConfigurationError(problems);

  const features = configureFeatures(options, config, problems);
  if (features.length > 0) problems.push(...checkColumns(config, features, options.datastore));
  const registry = createRegistry(features, { messages: options.messages ?? {}, forms: options.forms ?? {} }, problems);
  if (problems.length > 0) throw new ConfigurationError(problems);

  // Inside, users are known by the columns that all of them have; the adapters give the application's type back.
  const datastore = options.datastore as unknown as UserDatastore;
  const clock = options.clock ?? systemClock;
  const log = options.logger ?? consoleLogger;
  const translate = options.translate ?? untranslated;
  const origins = createOrigins(config, parseCidrs(config.trustedProxies).matches);
  const urls = createUrls(
    config,
    new Map(config.registerBlueprint ? registry.routes.map((route) => [route.endpoint, route.path]) : []),
    origins,
  );
  const serializers = createSerializers(config, profile);
  const sessions = assembleSessions(config, profile, datastore, origins, clock);
  const mailUtil = options.mailUtil ?? assembleMailUtil(config, profile, options.mailTransport);
  const usernameUtil =
    options.usernameUtil ??
    createUsernameUtil({
      usernameMinLength: config.usernameMinLength,
      usernameMaxLength: config.usernameMaxLength,
      usernameNormalizeForm: config.usernameNormalizeForm,
    });
  const services: IdentityServices = {
    normalizeEmail: (text) => mailUtil.normalize(text),
    normalizeUsername: (text) => usernameUtil.normalize(text) || undefined,
  };
  const identities = createIdentityLookup(identityAttributes(config), datastore, services);
  const hooks = createUserHooks(options.user ?? {}, identities.attributes);
  const gate = createGate({ config, profile, datastore, steps: registry.gate, isOurKey: isOurSessionKey(config) });
  const csrfKeys = config.csrfSecretKey === null ? secretKeysOf(config) : [config.csrfSecretKey];
  const tokens = createAuthTokens(config, serializers(config.rememberSalt), datastore, hooks);
  const processors = new Map<string, ContextProcessor[]>();
  const hashQueue = assembleHashQueue(config);
  const passwords = assemblePasswords(config, profile, log, hashQueue);

  const core: SecurityCore = {
    profile,
    config,
    datastore,
    clock,
    log,
    registry,
    origins,
    urls,
    redirects: createRedirects(config, origins, urls),
    sessions,
    csrf: createCsrf(config, profile, serializers('wtf-csrf-token', csrfKeys), origins),
    gate,
    authentication: createAuthentication({ tokens, gate, sessions, identities }),
    identities,
    attempts: createAttempts(datastore, clock),
    signals: createSignals((error, signal) => log.error('a listener failed', { signal, error: String(error) })),
    renderer: createRenderer({
      core: () => core,
      securityForTemplates: securityForTemplates(config, features, registry.flags),
      renderTemplate: options.renderTemplate ?? templateRenderer(options.templates),
      processors,
      formTargets: formTargets(config, features),
    }),
    handlers: { ...defaultHandlers, ...pickHandlers(options) },
    hooks,
    passwords,
    passwordUtil: options.passwordUtil ?? assemblePasswordUtil(config),
    usernameUtil,
    mailUtil,
    mailer: createMailDispatcher({
      mailUtil,
      mode: config.mailMode,
      ...(options.mailQueue ? { mailQueue: options.mailQueue } : {}),
      ...(options.onMailError ? { onError: options.onMailError } : {}),
      log: (message, failure) => log.error(message, { ...failure }),
    }),
    background: createBackground(config.mailMode, log),
    actionTokens: createActionTokens({
      profile,
      datastore,
      serializer: (salt) => serializers(salt),
      digest: assembleStateDigest(config, hashQueue),
    }),
    serializer: (salt) => serializers(salt),
    wantJson: (request) => core.handlers.wantJson(request),
    localeOf: options.locale ?? (() => 'en'),
    say: (message, locale) =>
      fillPlaces(translate(locale, config.i18nDomain, core.message(message.key).text), message.parameters),
    message: (key) => registry.messages.get(key) ?? { text: key, level: 'error' },
    translate: (text, locale) => (text === '' ? '' : translate(locale, config.i18nDomain, text)),
    async verifyAndUpdatePassword(user, password) {
      const { valid, newHash } = await passwords.verifyAndUpdate(password, user.password);
      // Only over the very hash that was verified: a password changed in between must win.
      if (valid && newHash !== undefined)
        await datastore.compareAndSet(user, { password: user.password }, { password: newHash });
      return valid;
    },
  };
  for (const feature of features) problems.push(...feature.check(core).map((problem) => `${feature.name}: ${problem}`));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return createFacade<Row>(core, options.datastore, processors);
}

/** Our own options among those given; anything unknown is a problem with the nearest known name. */
function knownOptions(options: object, problems: string[]): Partial<CoreOptions> {
  const known = new Set<string>([...Object.keys(coreOptions), ...Object.keys(baseOptionDeclarations), ...givenNames]);
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (!known.has(name)) {
      const nearest = nearestName(name, known);
      problems.push(`${name}: there is no such option${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`);
    } else if (Object.hasOwn(coreOptions, name) && value !== undefined) given[name] = value;
    if (name === 'secretKey' && value === undefined)
      problems.push('secretKey: required, but it is undefined (is the environment variable set?)');
  }
  if (!Object.hasOwn(options, 'secretKey'))
    problems.push('secretKey: required; make one with: node -p "crypto.randomBytes(32).toString(\'base64url\')"');
  if (typeof (options as { datastore?: unknown }).datastore !== 'object')
    problems.push('datastore: required, for example drizzleDatastore(db, schema)');
  return given as Partial<CoreOptions>; // values are checked by their schemas next
}

function configureFeatures(
  options: SecurityOptions<never> | object,
  config: CoreOptions,
  problems: string[],
): ConfiguredFeature[] {
  const { profile = 'modern', features = [] } = options as SecurityOptions<BaseUser>;
  const base = baseFeatures(options as Readonly<Record<string, unknown>>);
  const seen = new Set<string>();
  const configured: ConfiguredFeature[] = [];
  for (const feature of [...base, ...features]) {
    if (seen.has(feature.name)) problems.push(`features: "${feature.name}" is there twice`);
    seen.add(feature.name);
    const ready = feature.configure(profile, config, problems);
    if (ready) configured.push(ready);
  }
  return configured;
}

function templateRenderer(
  templates: string | readonly string[] | undefined,
): (name: string, values: Record<string, unknown>) => Promise<string> {
  const own = templates === undefined ? [] : typeof templates === 'string' ? [templates] : templates;
  const renderer = createTemplateRenderer({ directories: [...own, builtinTemplatesDirectory] });
  return (name, values) => renderer.render(name, values);
}

function pickHandlers(options: Partial<SecurityCore['handlers']>): Partial<SecurityCore['handlers']> {
  const { renderJson, unauthnHandler, unauthzHandler, reauthnHandler, wantJson } = options;
  return Object.fromEntries(
    Object.entries({ renderJson, unauthnHandler, unauthzHandler, reauthnHandler, wantJson }).filter(
      ([, handler]) => handler !== undefined,
    ),
  );
}

/** Origins to which the answer to a form may lead: browsers check redirects against `form-action`. */
function formTargets(config: CoreOptions, features: readonly ConfiguredFeature[]): string[] {
  const views = [config, ...features.map((feature) => feature.options)]
    .flatMap((options) => Object.entries(options))
    .filter(([name, value]) => name.endsWith('View') && typeof value === 'string' && /^https?:/.test(value))
    .map(([, value]) => new URL(String(value)).origin);
  const targets = new Set([...views, ...config.trustedOrigins]);
  if (config.redirectHost !== null)
    for (const scheme of ['http', 'https']) targets.add(`${scheme}://${config.redirectHost}`);
  if (config.baseUrl !== null && (config.redirectAllowSubdomains || config.subdomain !== null)) {
    const site = new URL(config.baseUrl);
    targets.add(site.origin);
    if (config.redirectAllowSubdomains) targets.add(`${site.protocol}//*.${site.host}`);
  }
  return [...targets];
}
