import type { UserDatastore } from '../datastores/contract.js';
import { parseCidrs } from '../http/address.js';
import { type CoreOptions, identityAttributes } from './config/index.js';
import { parseDuration } from './duration.js';
import type { ConfiguredFeature } from './feature.js';
import type { Profile } from './options.js';

/** Are we where people develop or test? Everything else counts as the world outside (fail closed). */
export function isDevelopment(): boolean {
  const environment = process.env['NODE_ENV'];
  return environment === 'development' || environment === 'test';
}

/** What is wrong with options that are each of the right form: one sentence each. */
export function checkConfiguration(config: CoreOptions, profile: Profile): string[] {
  const problems: string[] = [];
  const keys = typeof config.secretKey === 'string' ? [config.secretKey] : config.secretKey;
  if (keys.some((key) => key === '')) {
    problems.push('secretKey: required; make one with: node -p "crypto.randomBytes(32).toString(\'base64url\')"');
  } else if (!isDevelopment() && keys.some((key) => isWeakSecret(key))) {
    problems.push(
      'secretKey: too short or too regular for use outside development; make one with: node -p "crypto.randomBytes(32).toString(\'base64url\')"',
    );
  }
  if (config.baseUrl === null && profile === 'modern' && !isDevelopment()) {
    problems.push(
      'baseUrl: required outside development (NODE_ENV=development), such as "https://app.example": links, cookies and redirects are made from it',
    );
  }
  if (config.subdomain !== null && config.baseUrl === null && !isDevelopment())
    problems.push('subdomain: needs baseUrl');
  if (config.redirectAllowSubdomains && config.baseUrl === null)
    problems.push('redirectAllowSubdomains: needs baseUrl (SERVER_NAME)');
  for (const range of parseCidrs(config.trustedProxies).problems)
    problems.push(`trustedProxies: "${range}" is no CIDR range such as "10.0.0.0/8"`);
  for (const name of ['sessionCookieSamesite', 'rememberCookieSamesite'] as const) {
    if (config[name] === 'None' && config.baseUrl?.startsWith('http:'))
      problems.push(`${name}: browsers take "None" over https only`);
  }
  if ((parseDuration(config.freshness) ?? 0) >= 0 && (parseDuration(config.freshnessGracePeriod) ?? 0) < 0) {
    problems.push('freshnessGracePeriod: must not be negative');
  }
  if (profile === 'modern' && !isDevelopment()) {
    if (!config.csrfEnabled) problems.push('csrfEnabled: false is for tests (NODE_ENV=test) only');
    if (config.loginDisabled) problems.push('loginDisabled: true is for tests (NODE_ENV=test) only');
    if (config.passwordHash === 'plaintext') problems.push('passwordHash: plaintext is for tests (NODE_ENV=test) only');
  }
  return problems;
}

/** Well-known examples, and texts of few different characters. */
function isWeakSecret(key: string): boolean {
  return key.length < 24 || new Set(key).size < 8 || /secret[-_ ]?key|change[-_ ]?me|super[-_ ]?secret/i.test(key);
}

/** Columns that the features' options need and the user table has not. */
export function checkColumns(
  config: CoreOptions,
  features: readonly ConfiguredFeature[],
  datastore: UserDatastore,
): string[] {
  const wanted = new Map<string, string>();
  for (const feature of features) for (const column of feature.userColumns) wanted.set(column, feature.name);
  for (const entry of identityAttributes(config))
    for (const name of Object.keys(entry)) wanted.set(name, 'userIdentityAttributes');
  return [...wanted]
    .filter(([column]) => !datastore.hasUserColumn(column))
    .map(([column, feature]) => `${feature}: the user table needs a column "${column}"`);
}
