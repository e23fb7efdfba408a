import type { HttpResponse } from '../http/types.js';
import type { Mechanism } from './config/csrf-options.js';
import type { RequestContext } from './context.js';
import { type Duration, milliseconds } from './duration.js';
import { UsageError } from './errors.js';
import { checkAndUpdateAuthnFresh } from './freshness.js';
import { hasPermission, hasRole } from './identity.js';
import type { SecurityCore } from './security-core.js';

/** Lets a request pass (nothing) or answers it. */
export type Guard = (context: RequestContext) => Promise<HttpResponse | undefined>;

export interface Freshness {
  /** `'10 minutes'`, a number of minutes as the specification has it, or a function; negative: never asked. */
  within?: Duration | number | (() => Duration | number);
  /** As `within`; by default `freshnessGracePeriod`. */
  grace?: Duration | number | (() => Duration | number);
}

/** Mechanisms, functions that answer some, and at most one object with the freshness that is wanted. */
export type AuthRequiredArguments = readonly (Mechanism | (() => readonly Mechanism[]) | Freshness)[];

/** The guards of the specification (3.1.2), neutral of frameworks; adapters turn each into their own middleware. */
export interface Guards {
  /**
   * The caller must be authenticated by one of the mechanisms, tried in the order token, session, basic whatever order
   * they are named in; by default token and session. Then freshness, then CSRF.
   *
   * @example authRequired('token', 'session', { within: '10 minutes' })
   */
  authRequired(...given: AuthRequiredArguments): Guard;
  /** As {@link authRequired}, but CSRF is left to whoever comes next: for our own routes. */
  authenticated(mechanisms: () => readonly Mechanism[], freshness?: Freshness): Guard;
  httpAuthRequired(realm?: string): Guard;
  authTokenRequired(): Guard;
  /** All of these roles. */
  rolesRequired(...roles: string[]): Guard;
  /** At least one of these roles. */
  rolesAccepted(...roles: string[]): Guard;
  permissionsRequired(...permissions: string[]): Guard;
  permissionsAccepted(...permissions: string[]): Guard;
  /** Only callers who are not signed in. */
  anonymousUserRequired(): Guard;
  /** CSRF for endpoints that need no sign-in. `fallThrough`: a failure is left to the form behind. */
  unauthCsrf(options?: { fallThrough?: boolean }): Guard;
}

const order: readonly Mechanism[] = ['token', 'session', 'basic'];

export function createGuards(core: SecurityCore): Guards {
  const realmHeader = (realm: string): Record<string, string> => ({
    'WWW-Authenticate': `Basic realm="${realm.replace(/[\r\n]/g, ' ').replace(/["\\]/g, '\\$&')}", charset="UTF-8"`,
  });

  /** Tries mechanisms in the fixed order; what was presented and failed is not made good by a cookie beside it. */
  const authenticate = async (mechanisms: readonly Mechanism[], context: RequestContext) => {
    for (const mechanism of order) {
      if (!mechanisms.includes(mechanism)) continue;
      const identity = await core.authentication.by(mechanism, context);
      if (identity !== null) return identity;
      if (core.profile === 'modern' && (await core.authentication.presents(mechanism, context))) return null;
    }
    return null;
  };

  const basicHeaders = (mechanisms: readonly Mechanism[]): Record<string, string> =>
    mechanisms.includes('basic') ? realmHeader(core.config.defaultHttpAuthRealm) : {};

  const authenticationGuard = (
    mechanisms: () => readonly Mechanism[],
    headers: () => Record<string, string>,
    freshness: Freshness = {},
  ): Guard => {
    const within = toMilliseconds(freshness.within, -1);
    const grace = toMilliseconds(freshness.grace, milliseconds(core.config.freshnessGracePeriod));
    return async (context) => {
      if (isExempt(core, context)) return undefined;
      const wanted = mechanisms();
      const identity = await authenticate(wanted, context);
      if (identity === null) return await core.handlers.unauthnHandler(wanted, headers(), context);
      context.identity = identity;
      context.attributes.set('fs_authn_via', identity.via);
      if (within() >= 0 && !(await checkAndUpdateAuthnFresh(context, within(), grace(), identity.via))) {
        return await core.handlers.reauthnHandler(within(), grace(), context);
      }
      return undefined;
    };
  };

  /** A role or permission on its own protects a route as much as `authRequired` does. */
  const judgeCsrf = async (context: RequestContext): Promise<HttpResponse | undefined> => {
    if (!core.config.csrfProtect || !context.identity) return undefined;
    const problem = await core.csrf.handle(context, context.identity.via);
    return problem === undefined ? undefined : await core.renderer.refuse(context, 400, problem);
  };

  const mechanismGuard = (...parts: Parameters<typeof authenticationGuard>): Guard => {
    const authenticated = authenticationGuard(...parts);
    return async (context) => {
      return (await authenticated(context)) ?? (await judgeCsrf(context));
    };
  };

  const authorizationGuard = (
    name: string,
    asked: readonly string[],
    allows: (context: RequestContext) => boolean,
  ): Guard => {
    if (asked.length === 0) throw new UsageError(`${name}() needs at least one name.`);
    return async (context) => {
      if (isExempt(core, context)) return undefined;
      await core.authentication.current(context);
      return allows(context) ? await judgeCsrf(context) : await core.handlers.unauthzHandler(name, asked, context);
    };
  };

  return {
    authRequired(...given) {
      const freshness = given.find((entry): entry is Freshness => typeof entry === 'object');
      const named = given.filter(
        (entry): entry is Mechanism | (() => readonly Mechanism[]) => typeof entry !== 'object',
      );
      for (const entry of named)
        if (typeof entry === 'string' && !order.includes(entry))
          throw new UsageError(`authRequired: there is no mechanism "${entry}"; there are token, session and basic.`);
      const mechanisms = (): readonly Mechanism[] =>
        named.length === 0
          ? ['session', 'token']
          : named.flatMap((entry) => (typeof entry === 'function' ? entry() : entry));
      return mechanismGuard(mechanisms, () => basicHeaders(mechanisms()), freshness);
    },
    authenticated: (mechanisms, freshness) =>
      authenticationGuard(mechanisms, () => basicHeaders(mechanisms()), freshness),
    httpAuthRequired: (realm) =>
      mechanismGuard(
        () => ['basic'],
        () => realmHeader(realm ?? core.config.defaultHttpAuthRealm),
      ),
    authTokenRequired: () =>
      mechanismGuard(
        () => ['token'],
        () => ({}),
      ),
    rolesRequired: (...roles) =>
      authorizationGuard('rolesRequired', roles, ({ identity }) =>
        roles.every((role) => hasRole(identity?.user, role)),
      ),
    rolesAccepted: (...roles) =>
      authorizationGuard('rolesAccepted', roles, ({ identity }) => roles.some((role) => hasRole(identity?.user, role))),
    permissionsRequired: (...names) =>
      authorizationGuard('permissionsRequired', names, ({ identity }) =>
        names.every((name) => hasPermission(identity?.user, name)),
      ),
    permissionsAccepted: (...names) =>
      authorizationGuard('permissionsAccepted', names, ({ identity }) =>
        names.some((name) => hasPermission(identity?.user, name)),
      ),
    anonymousUserRequired: () => async (context) => {
      if (context.request.method === 'OPTIONS' || (await core.authentication.current(context)) === null)
        return undefined;
      return await core.renderer.alreadySignedIn(context);
    },
    unauthCsrf:
      (options = {}) =>
      async (context) => {
        const problem = await core.csrf.handleUnauthenticated(context);
        return problem === undefined || options.fallThrough
          ? undefined
          : await core.renderer.refuse(context, 400, problem);
      },
  };
}

/** Preflight requests carry no credentials (specification 3.1.2); `loginDisabled` is for the application's tests. */
function isExempt(core: SecurityCore, context: RequestContext): boolean {
  return context.request.method === 'OPTIONS' || core.config.loginDisabled;
}

function toMilliseconds(given: Freshness['within'], fallback: number): () => number {
  const convert = (value: Duration | number): number =>
    typeof value === 'number' ? value * 60_000 : milliseconds(value);
  if (given === undefined) return () => fallback;
  if (typeof given === 'function') return () => convert(given());
  const constant = convert(given);
  return () => constant;
}
