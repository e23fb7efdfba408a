import type { User } from '../datastores/contract.js';
import type { RequestContext } from './context.js';
import type {
  ConfiguredFeature,
  Contribution,
  MailDefinition,
  Proof,
  RouteDefinition,
  SecondFactor,
} from './feature.js';
import type { FeatureServices, ServiceName } from './feature-services.js';
import type { FieldDefinition, FormDefinition, FormExtension } from './form.js';
import { coreMessages, type MessageCatalog, type MessageReference, type MessageText } from './messages.js';
import type { SecurityCore } from './security-core.js';
import { contextProcessorViews } from './views.js';

/** What features add to the steps of the gate. */
export interface GateSteps {
  readonly secondFactors: readonly SecondFactor[];
  readonly refusals: readonly ((user: User, proof: Proof, core: SecurityCore) => MessageReference | undefined)[];
  readonly signedIn: readonly ((context: RequestContext, user: User, proof: Proof) => Promise<User | undefined>)[];
}

/** Everything that the features declare, with their contributions to each other applied in declared order. */
export interface Registry {
  readonly features: readonly ConfiguredFeature[];
  readonly routes: readonly RouteDefinition[];
  readonly forms: ReadonlyMap<string, FormDefinition>;
  readonly extensions: ReadonlyMap<string, FormExtension>;
  readonly messages: ReadonlyMap<string, MessageText>;
  readonly mails: ReadonlyMap<string, MailDefinition>;
  readonly gate: GateSteps;
  /** Keys that features add to the JSON answer of an endpoint. */
  payloads(endpoint: string): readonly ((context: RequestContext, core: SecurityCore) => Record<string, unknown>)[];
  /** HTML that features add to the slots of a page. */
  slots(view: string): readonly { slot: string; html: (context: RequestContext) => string | Promise<string> }[];
  /** What templates see as `security.<name>`. */
  readonly flags: Readonly<Record<string, unknown>>;
  has(feature: string): boolean;
  /** What a feature does for others, if it is on. */
  service<Name extends ServiceName>(name: Name): FeatureServices[Name] | undefined;
}

type Of<To extends Contribution['to']> = Extract<Contribution, { to: To }>;

export function createRegistry(
  features: readonly ConfiguredFeature[],
  given: { messages: Readonly<Record<string, string | MessageText>>; forms: Readonly<Record<string, FormExtension>> },
  problems: string[],
): Registry {
  const contributions = features.flatMap((feature) =>
    feature.contributions.map((entry) => ({ feature: feature.name, entry })),
  );
  const of = <To extends Contribution['to']>(to: To): Of<To>[] =>
    contributions.map(({ entry }) => entry).filter((entry): entry is Of<To> => entry.to === to);

  const routes = collectRoutes(features, of('route'), problems);
  const endpoints = new Set(routes.map((route) => route.endpoint));
  const forms = collectForms(features, of('form'), problems);
  for (const entry of of('response')) {
    if (!endpoints.has(entry.endpoint) && !entry.optional)
      problems.push(`a feature adds to the answer of "${entry.endpoint}", which does not exist`);
  }
  const views = new Set<string>([...endpoints, ...Object.values(contextProcessorViews), 'error']);
  for (const entry of of('page')) {
    if (!views.has(entry.view) && !entry.optional)
      problems.push(`a feature adds to the page "${entry.view}", which does not exist`);
  }
  const extensions = new Map<string, FormExtension>();
  for (const [camel, extension] of Object.entries(given.forms)) {
    const name = camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const form = forms.get(name);
    if (form === undefined) {
      problems.push(`forms.${camel}: there is no such form; there are ${[...forms.keys()].map(toCamel).join(', ')}`);
      continue;
    }
    extensions.set(name, extension);
    if (extension.fields) forms.set(name, mergeFields(form, extension.fields));
  }
  const gate = of('gate');
  const payloads = of('response');
  const pages = of('page');
  const services = new Map(of('service').map((entry) => [entry.name, entry.service] as const));
  return {
    features,
    routes,
    forms,
    extensions,
    messages: collectMessages(features, given.messages, problems),
    mails: new Map(features.flatMap((feature) => feature.mails.map((mail) => [mail.template, mail] as const))),
    gate: {
      secondFactors: gate.flatMap((entry) => ('secondFactor' in entry ? [entry.secondFactor] : [])),
      refusals: gate.flatMap((entry) => ('refuse' in entry ? [entry.refuse] : [])),
      signedIn: gate.flatMap((entry) => ('signedIn' in entry ? [entry.signedIn] : [])),
    },
    payloads: (endpoint) => payloads.filter((entry) => entry.endpoint === endpoint).map((entry) => entry.payload),
    slots: (view) => pages.filter((entry) => entry.view === view),
    flags: Object.assign({}, ...features.map((feature) => feature.flags)),
    has: (name) => features.some((feature) => feature.name === name),
    service: (name) => services.get(name),
  };
}

export function toCamel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function collectRoutes(
  features: readonly ConfiguredFeature[],
  replacements: readonly Of<'route'>[],
  problems: string[],
): RouteDefinition[] {
  let routes = features.flatMap((feature) => feature.routes);
  for (const { endpoint, replace, optional } of replacements) {
    if (!routes.some((route) => route.endpoint === endpoint) && !optional) {
      problems.push(`a feature replaces the route "${endpoint}", which does not exist`);
    }
    routes = routes.flatMap((route) => (route.endpoint === endpoint ? replace(route) : route));
  }
  const taken = new Map<string, string>();
  for (const route of routes) {
    for (const method of route.methods) {
      const other = taken.get(`${method} ${route.path}`);
      if (other !== undefined) problems.push(`${route.endpoint} and ${other} both answer ${method} ${route.path}`);
      taken.set(`${method} ${route.path}`, route.endpoint);
    }
  }
  return routes;
}

function collectForms(
  features: readonly ConfiguredFeature[],
  additions: readonly Of<'form'>[],
  problems: string[],
): Map<string, FormDefinition> {
  const forms = new Map(features.flatMap((feature) => feature.forms.map((form) => [form.name, form] as const)));
  for (const { form: name, fields, before, optional } of additions) {
    const form = forms.get(name);
    if (form) forms.set(name, mergeFields(form, fields, before));
    else if (!optional) problems.push(`a feature adds fields to the form "${name}", which does not exist`);
  }
  return forms;
}

/** Adds fields, before a named one or at the end; a field of the same name takes the place of the old one. */
function mergeFields(form: FormDefinition, added: readonly FieldDefinition[], before?: string): FormDefinition {
  const replaced = form.fields.map((field) => added.find((entry) => entry.name === field.name) ?? field);
  const fresh = added.filter((entry) => !form.fields.some((field) => field.name === entry.name));
  const at = before === undefined ? replaced.length : replaced.findIndex((field) => field.name === before);
  return {
    ...form,
    fields: at < 0 ? [...replaced, ...fresh] : [...replaced.slice(0, at), ...fresh, ...replaced.slice(at)],
  };
}

function collectMessages(
  features: readonly ConfiguredFeature[],
  overrides: Readonly<Record<string, string | MessageText>>,
  problems: string[],
): Map<string, MessageText> {
  const catalogs: MessageCatalog[] = [coreMessages, ...features.map((feature) => feature.messages)];
  const messages = new Map(catalogs.flatMap((catalog) => Object.entries(catalog)));
  for (const [key, override] of Object.entries(overrides)) {
    const known = messages.get(key);
    if (known === undefined) problems.push(`messages.${key}: there is no such message`);
    else messages.set(key, typeof override === 'string' ? { ...known, text: override } : override);
  }
  return messages;
}
