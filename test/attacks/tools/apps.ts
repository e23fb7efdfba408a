import * as sallyport from 'sallyport';
import { type Feature, type FeatureFactory, outbox, type RouteDefinition, type SecurityCore } from 'sallyport';
import { openApp, type TestApp, type TestAppOptions } from '../../support/app.js';
import type { Client } from '../../support/client.js';

export const profiles = ['modern', 'flask'] as const;
export type ProfileName = (typeof profiles)[number];

/** Options without which a feature cannot start. */
const neededOptions: Readonly<Record<string, Record<string, unknown>>> = {};

/** Features that take the place of signing in with a password: they get an application of their own. */
const replacing = new Set(['passwordless']);

/** Every optional feature that the public door offers: a new one is attacked from its first day. */
export function everyFeature(which: 'with password' | 'without' = 'with password'): Feature[] {
  return Object.values(sallyport as Record<string, unknown>)
    .filter(isFactory)
    .filter((factory) => which === 'without' || !replacing.has(factory.featureName))
    .map((factory) => factory(neededOptions[factory.featureName] ?? {}));
}

/** Each profile with the features beside the password and with those instead of it. */
export const variants = profiles.flatMap((profile) =>
  (['with password', 'without'] as const).map((which) => [profile, which] as const),
);

function isFactory(value: unknown): value is FeatureFactory<object> {
  return typeof value === 'function' && 'featureName' in value && 'options' in value;
}

/** An application with every feature there is. */
export async function openWholeApp(options: TestAppOptions = {}): Promise<TestApp> {
  return await openApp({ mailTransport: outbox(), features: everyFeature(), ...options });
}

export type Case = readonly [name: string, route: RouteDefinition, method: 'GET' | 'POST'];

/** Each route with each of its methods, with a name for the report. */
export function cases(core: SecurityCore): Case[] {
  return core.registry.routes.flatMap((route) =>
    route.methods.map((method) => [`${method} ${route.path}`, route, method] as const),
  );
}

/** The path of a route with something in place of its parameters. */
export function pathOf(core: SecurityCore, route: RouteDefinition, value = 'x'): string {
  return (core.config.urlPrefix ?? '') + route.path.replace(/:\w+/g, value);
}

const tables = ['user', 'role', 'roles_users', 'web_authn', 'auth_session', 'auth_once'];

/** Everything in the store, as text. */
export async function dump(app: TestApp, wanted: readonly string[] = tables): Promise<string> {
  const parts: unknown[] = [];
  for (const table of wanted) {
    // What libSQL answers.
    const { rows } = (await app.execute(`select * from "${table}"`)) as { rows: unknown[] };
    parts.push([table, rows]);
  }
  return JSON.stringify(parts);
}

/** A browser in which the application itself has signed `user@example.com` in. */
export async function entered(app: TestApp): Promise<Client> {
  const client = app.client();
  await client.send('POST', '/enter');
  return client;
}
