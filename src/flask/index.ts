import { ConfigurationError } from '../core/errors.js';
import type { FeatureFactory } from '../core/feature.js';
import type { MessageText } from '../core/messages.js';
import { nearestName } from '../core/options.js';
import { asOptionalFeature, type OptionalFeature, optionalFeatures } from '../features/optional.js';
import type { SecurityOptions } from '../security-options.js';
import { declaredNames, type Target, toOwnValue } from './declared-names.js';
import { derivedOptions } from './derived-options.js';
import { emailValidatorProblems } from './mail-settings.js';
import { activeMessages, knownMessages, messageText } from './messages.js';
import { otherSpellings, specifiedNames } from './specified-names.js';
import { plainValue, problemWithKind } from './value-kinds.js';

/** Names of the specification with their values: `{ SECURITY_REGISTERABLE: true }`. `undefined` counts as not given. */
export type FlaskConfig = Readonly<Record<string, unknown>>;

/** What `createSecurity` still lacks is the datastore. */
export type FlaskOptions = Omit<SecurityOptions, 'datastore'>;

export interface FlaskConfigParts<Options extends object = object> {
  /** Features of the application's own whose options carry specified names; one with a `flag` is on where that is true. */
  features?: readonly FeatureFactory<Options>[];
}

const messagePrefix = 'SECURITY_MSG_';

/**
 * Reads a Flask-Security configuration: every name of the specification (chapter 1.4), with its documented default and
 * behaviour (profile `flask`). Numbers are seconds where the specification has a timedelta or an age; lists, tuples and
 * sets are arrays or sets. Names of features that are not there are accepted as long as they switch nothing on.
 *
 * @throws ConfigurationError that lists every unknown name (with the nearest known one) and every wrong value at once
 * @example
 * const security = createSecurity({
 *   ...fromFlaskConfig({ SECRET_KEY: process.env.SECRET_KEY, SECURITY_PASSWORD_SALT: salt, SECURITY_TRACKABLE: true }),
 *   datastore,
 * });
 */
export function fromFlaskConfig<Options extends object = object>(
  config: FlaskConfig,
  parts: FlaskConfigParts<Options> = {},
): FlaskOptions {
  const problems: string[] = [];
  const features = [...optionalFeatures, ...(parts.features ?? []).map((factory) => asOptionalFeature(factory))];
  const declared = declaredNames(features);
  const given = readNames(config, { features, declared }, problems);
  const active = features.filter((feature) => feature.flag === undefined || given[feature.flag] === true);
  const options: Record<string, unknown> = {};
  const shares = new Map<OptionalFeature, Record<string, unknown>>(active.map((feature) => [feature, {}]));

  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith(messagePrefix)) continue;
    for (const { option, declaration, feature } of targetsFor(name, given, declared)) {
      const own = attempt(name, problems, () => toOwnValue(declaration, value));
      const place = feature === undefined ? options : shares.get(feature);
      if (place) place[option] = own;
    }
  }
  Object.assign(options, derivedOptions(given, problems));
  const messages = readMessages(given, active, problems);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return {
    // Each value has passed the schema of the option it is for.
    ...(options as Partial<FlaskOptions>),
    secretKey: options['secretKey'] as FlaskOptions['secretKey'],
    profile: 'flask',
    features: [...shares].map(([feature, share]) => feature.make(share)),
    messages,
  };
}

interface Known {
  features: readonly OptionalFeature[];
  declared: ReadonlyMap<string, readonly Target[]>;
}

/** The names that were given, each known, of the right kind, and not asking for what is not there. */
function readNames(config: FlaskConfig, { features, declared }: Known, problems: string[]): Record<string, unknown> {
  const switches = new Set(features.map((feature) => feature.flag).filter((flag) => flag !== undefined));
  const messages = [...knownMessages(features)].map((key) => `${messagePrefix}${key}`);
  const known = new Set([...specifiedNames.keys(), ...declared.keys(), ...switches, ...messages]);
  const given: Record<string, unknown> = {};
  for (const [name, raw] of Object.entries(config)) {
    if (raw === undefined) continue;
    const value = plainValue(raw);
    if (!known.has(name)) {
      const nearest = nearestName(name, known);
      problems.push(`${name}: there is no such name${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`);
      continue;
    }
    const kind = switches.has(name) ? 'switch' : declared.has(name) ? 'anything' : specifiedNames.get(name);
    const problem = kind && problemWithKind(kind, value);
    if (problem) problems.push(`${name}: ${problem}`);
    else if (kind === 'switch' && value === true && !switches.has(name))
      problems.push(`${name}: this feature is not available; leave the name out, or set it to false`);
    else given[name] = value;
  }
  if (Array.isArray(given['SECURITY_USER_IDENTITY_MAPPINGS']) && given['SECURITY_USER_IDENTITY_MAPPINGS'].length > 0)
    problems.push('SECURITY_USER_IDENTITY_MAPPINGS: write SECURITY_USER_IDENTITY_ATTRIBUTES instead');
  for (const problem of emailValidatorProblems(given['SECURITY_EMAIL_VALIDATOR_ARGS']))
    problems.push(`SECURITY_EMAIL_VALIDATOR_ARGS: ${problem}`);
  return given;
}

/** The options that a name stands for; another spelling counts where the proper one was not given. */
function targetsFor(name: string, given: FlaskConfig, declared: Known['declared']): readonly Target[] {
  const proper = otherSpellings[name];
  const own = declared.get(name) ?? [];
  return proper === undefined || Object.hasOwn(given, proper) ? own : [...own, ...(declared.get(proper) ?? [])];
}

function readMessages(
  given: FlaskConfig,
  active: readonly OptionalFeature[],
  problems: string[],
): Record<string, MessageText> {
  const wanted = activeMessages(active);
  const messages: Record<string, MessageText> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!name.startsWith(messagePrefix)) continue;
    const message = attempt(name, problems, () => messageText(value));
    const key = name.slice(messagePrefix.length);
    if (message !== undefined && wanted.has(key)) messages[key] = message;
  }
  return messages;
}

function attempt<Value>(name: string, problems: string[], work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
