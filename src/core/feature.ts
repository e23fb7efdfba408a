import type { User } from '../datastores/contract.js';
import type { CoreOptions } from './config/index.js';
import type { RequestContext } from './context.js';
import type { ServiceContribution } from './feature-services.js';
import type { FieldDefinition, FormDefinition } from './form.js';
import type { MessageCatalog, MessageReference } from './messages.js';
import { type OptionDeclarations, type Profile, resolveOptions } from './options.js';
import type { Reply } from './reply.js';
import type { SecurityCore } from './security-core.js';
import type { SignalName } from './signals.js';

/** Who may call a route: everybody, only callers who are not signed in, signed-in users, recently signed-in users. */
export type RouteAccess = 'public' | 'anonymous' | 'user' | 'fresh';

export interface RouteDefinition {
  /** Endpoint name for `urlFor`: `login`. */
  endpoint: string;
  /** Path below the prefix; a segment that begins with `:` is a parameter. */
  path: string;
  methods: readonly ('GET' | 'POST')[];
  access: RouteAccess;
  /**
   * Who judges the CSRF token of a changing request. By default the dispatcher, which refuses; `form`: it leaves the
   * verdict to `submittedForm`, so that the page can be shown again; `none`: nobody.
   */
  csrf?: 'form' | 'none';
  handle(context: RequestContext, parameters: Readonly<Record<string, string>>): Promise<Reply>;
}

/** One mail that a feature sends (specification 2.1.4). */
export interface MailDefinition {
  /** Template name: `security/email/<template>.txt` and `.html`. */
  template: string;
  subject: string;
}

/** How a user was just proven to be who they say. */
export interface Proof {
  /** Methods proven, in order: `password`, `confirm`, `reset`, `register` … */
  methods: readonly string[];
  remember?: boolean | undefined;
}

/** A second factor that is still to come. */
export interface PendingSecondFactor {
  /** Further keys of the JSON answer: `tf_required`, `tf_state` … */
  payload: Record<string, unknown>;
  /** Endpoint of the page that asks for it. */
  endpoint: string;
}

export interface SecondFactor {
  name: string;
  /** From the user's live record: what is still to be proven after `methods`, if anything. */
  required(user: User, methods: readonly string[], core: SecurityCore): PendingSecondFactor | undefined;
  /** Called once when a sign-in becomes pending (to send a code). */
  begin?(context: RequestContext, user: User): Promise<void>;
}

/** Something that a feature adds to another's form, answer, page or gate step. The target must exist unless `optional`. */
export type Contribution = { optional?: boolean } & (
  | { to: 'form'; form: string; fields: readonly FieldDefinition[]; before?: string }
  | {
      to: 'response';
      endpoint: string;
      payload: (context: RequestContext, core: SecurityCore) => Record<string, unknown>;
    }
  | { to: 'page'; view: string; slot: string; html: (context: RequestContext) => string | Promise<string> }
  | { to: 'gate'; secondFactor: SecondFactor }
  | { to: 'gate'; refuse: (user: User, proof: Proof, core: SecurityCore) => MessageReference | undefined }
  | { to: 'gate'; signedIn: (context: RequestContext, user: User, proof: Proof) => Promise<User | undefined> }
  | {
      to: 'route';
      endpoint: string;
      replace: (original: RouteDefinition) => RouteDefinition | readonly RouteDefinition[];
    }
  | ServiceContribution
);

/** All that a feature may declare: its head, on one screen. */
export interface FeatureDefinition<Options extends object> {
  /** Folder name: `change-password`. */
  name: string;
  /** The specified switch, `SECURITY_CHANGEABLE`; absent: always on. */
  flag?: string;
  options: OptionDeclarations<Options>;
  messages?: MessageCatalog;
  signals?: readonly SignalName[];
  /** Columns of the user table that these options need. */
  userColumns?: (options: Options, config: CoreOptions) => readonly string[];
  forms?: (options: Options, config: CoreOptions) => readonly FormDefinition[];
  mails?: (options: Options, config: CoreOptions) => readonly MailDefinition[];
  routes?: (options: Options, config: CoreOptions) => readonly RouteDefinition[];
  contributes?: (options: Options, config: CoreOptions) => readonly Contribution[];
  /** What is wrong with these options in this configuration: one sentence each. */
  check?: (options: Options, core: SecurityCore) => readonly string[];
  /** Values that templates see as `security.<name>`. */
  flags?: (options: Options, config: CoreOptions) => Record<string, unknown>;
}

/** A feature with its options resolved. */
export interface ConfiguredFeature {
  readonly name: string;
  readonly messages: MessageCatalog;
  readonly signals: readonly SignalName[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly userColumns: readonly string[];
  readonly forms: readonly FormDefinition[];
  readonly mails: readonly MailDefinition[];
  readonly routes: readonly RouteDefinition[];
  readonly contributions: readonly Contribution[];
  readonly flags: Readonly<Record<string, unknown>>;
  check(core: SecurityCore): readonly string[];
}

/** A feature as the application names it in `features: […]`. */
export interface Feature {
  readonly name: string;
  configure(profile: Profile, config: CoreOptions, problems: string[]): ConfiguredFeature | undefined;
}

/** Makes a feature: `registration({ postRegisterView: '/welcome' })`. Carries its declarations for loaders and documents. */
export interface FeatureFactory<Options extends object> {
  (given?: Partial<Options>): Feature;
  readonly featureName: string;
  readonly flag: string | undefined;
  readonly options: OptionDeclarations<Options>;
  readonly messages: MessageCatalog;
}

/**
 * Turns a declaration into the function that applications call. Nothing is built until the registry asks for it.
 *
 * @example
 * export const tracking = defineFeature<TrackingOptions>({ name: 'tracking', flag: 'SECURITY_TRACKABLE', options: {} });
 */
export function defineFeature<Options extends object>(definition: FeatureDefinition<Options>): FeatureFactory<Options> {
  const make = (given: Partial<Options> = {}): Feature => ({
    name: definition.name,
    configure: (profile, config, problems) => configureFeature(definition, given, profile, config, problems),
  });
  return Object.assign(make, {
    featureName: definition.name,
    flag: definition.flag,
    options: definition.options,
    messages: definition.messages ?? {},
  });
}

function configureFeature<Options extends object>(
  definition: FeatureDefinition<Options>,
  given: Partial<Options>,
  profile: Profile,
  config: CoreOptions,
  problems: string[],
): ConfiguredFeature | undefined {
  const found: string[] = [];
  for (const name of Object.keys(given))
    if (!Object.hasOwn(definition.options, name)) found.push(`${name} is not an option`);
  const options = resolveOptions(definition.options, given, profile, found);
  problems.push(...found.map((problem) => `${definition.name}: ${problem}`));
  if (found.length > 0) return undefined;
  return {
    name: definition.name,
    messages: definition.messages ?? {},
    signals: definition.signals ?? [],
    options: Object.fromEntries(Object.entries(options)),
    userColumns: definition.userColumns?.(options, config) ?? [],
    forms: definition.forms?.(options, config) ?? [],
    mails: definition.mails?.(options, config) ?? [],
    routes: definition.routes?.(options, config) ?? [],
    contributions: definition.contributes?.(options, config) ?? [],
    flags: definition.flags?.(options, config) ?? {},
    check: (core) => definition.check?.(options, core) ?? [],
  };
}
