import type { Mechanism } from '../core/config/csrf-options.js';
import type { RequestContext } from '../core/context.js';
import { type Duration, milliseconds } from '../core/duration.js';
import { UsageError } from '../core/errors.js';
import type { Security } from '../core/facade.js';
import { type FlashedMessage, flashText, takeFlashedMessages } from '../core/flash.js';
import { checkAndUpdateAuthnFresh } from '../core/freshness.js';
import type { GateResult } from '../core/gate.js';
import type { AuthRequiredArguments, Guard } from '../core/guards.js';
import type { UrlOptions } from '../core/urls.js';
import type { BaseUser, User } from '../datastores/contract.js';

/** The guards of the specification as a framework's own middleware. */
export interface GuardMiddleware<Middleware> {
  /** @example authRequired('token', 'session', { within: '10 minutes' }) */
  authRequired(...given: AuthRequiredArguments): Middleware;
  httpAuthRequired(realm?: string): Middleware;
  authTokenRequired(): Middleware;
  rolesRequired(...roles: string[]): Middleware;
  rolesAccepted(...roles: string[]): Middleware;
  permissionsRequired(...permissions: string[]): Middleware;
  permissionsAccepted(...permissions: string[]): Middleware;
  anonymousUserRequired(): Middleware;
  unauthCsrf(options?: { fallThrough?: boolean }): Middleware;
}

/** What an application asks of a request; the same on every framework. */
export interface RequestFunctions<Request, Row extends BaseUser> {
  /**
   * The signed-in user behind a guard (or after `optionalUser`).
   * @throws UsageError on a route where nobody has been asked for, or nobody is signed in: use `optionalUser` there.
   */
  currentUser(request: Request): User<Row>;
  /** The signed-in user on any route, or `null`. */
  optionalUser(request: Request): Promise<User<Row> | null>;
  /** Signs a user in; a second factor may still be needed (specification 3.1.5, `login_user`). */
  loginUser(
    request: Request,
    user: User<Row>,
    options?: { remember?: boolean; authnVia?: readonly string[] },
  ): Promise<GateResult>;
  /** Signs the browser out. */
  logoutUser(request: Request): Promise<void>;
  /** The CSRF token for a form of the application: a hidden field `csrf_token`. */
  csrfToken(request: Request): string;
  /** Checks CSRF as the guards do for a mechanism; the message that says what is wrong, if anything (specification 3.1.2). */
  handleCsrf(request: Request, mechanism: Mechanism): Promise<string | undefined>;
  checkAndUpdateAuthnFresh(
    request: Request,
    within: Duration,
    grace: Duration,
    mechanism?: Mechanism,
  ): Promise<boolean>;
  /** `fs_authn_via`: how the request was authenticated. */
  getRequestAttr(request: Request, name: string): unknown;
  flash(request: Request, text: string, category?: string): void;
  getFlashedMessages(request: Request): FlashedMessage[];
  urlForSecurity(request: Request, endpoint: string, options?: UrlOptions): string;
}

const contextKeys = new WeakMap<object, symbol>();

/**
 * The key under which a request keeps its context: one for each Sallyport, so that two of them in one application do
 * not see each other's, and the same one however often the adapter is bound.
 */
export function contextKeyOf(security: Pick<Security, 'core'>): symbol {
  const key = contextKeys.get(security.core) ?? Symbol('sallyport');
  contextKeys.set(security.core, key);
  return key;
}

/** Turns each guard into middleware. */
export function bindGuards<Middleware>(
  security: Pick<Security, 'guards'>,
  toMiddleware: (guard: Guard) => Middleware,
): GuardMiddleware<Middleware> {
  const { guards } = security;
  return {
    authRequired: (...given) => toMiddleware(guards.authRequired(...given)),
    httpAuthRequired: (realm) => toMiddleware(guards.httpAuthRequired(realm)),
    authTokenRequired: () => toMiddleware(guards.authTokenRequired()),
    rolesRequired: (...roles) => toMiddleware(guards.rolesRequired(...roles)),
    rolesAccepted: (...roles) => toMiddleware(guards.rolesAccepted(...roles)),
    permissionsRequired: (...names) => toMiddleware(guards.permissionsRequired(...names)),
    permissionsAccepted: (...names) => toMiddleware(guards.permissionsAccepted(...names)),
    anonymousUserRequired: () => toMiddleware(guards.anonymousUserRequired()),
    unauthCsrf: (options) => toMiddleware(guards.unauthCsrf(options)),
  };
}

/** Binds the functions to a framework by the one thing that differs: how a request leads to its context. */
export function bindFunctions<Request, Row extends BaseUser>(
  security: Security<Row>,
  contextOf: (request: Request) => RequestContext,
): RequestFunctions<Request, Row> {
  // Inside, users are plain records; outside they have the application's type. The store is the same.
  const outer = (user: User): User<Row> => user as unknown as User<Row>;
  const inner = (user: User<Row>): User => user as unknown as User;
  const saved = async <Result>(
    request: Request,
    work: (context: RequestContext) => Promise<Result>,
  ): Promise<Result> => {
    const context = contextOf(request);
    try {
      const result = await work(context);
      context.save();
      return result;
    } catch (error) {
      context.giveUp();
      throw error;
    }
  };
  return {
    currentUser(request) {
      const { identity } = contextOf(request);
      if (!identity)
        throw new UsageError('currentUser() is for routes behind authRequired(); elsewhere use await optionalUser().');
      return outer(identity.user);
    },
    optionalUser: (request) =>
      saved(request, async (context) => {
        const user = await context.currentUser();
        return user === null ? null : outer(user);
      }),
    loginUser: (request, user, options = {}) =>
      saved(request, (context) =>
        security.core.gate.signIn(context, inner(user), {
          methods: options.authnVia ?? ['application'],
          remember: options.remember,
        }),
      ),
    logoutUser: (request) => saved(request, (context) => security.core.gate.signOut(context)),
    csrfToken(request) {
      const context = contextOf(request);
      const token = security.core.csrf.token(context);
      context.save();
      return token;
    },
    handleCsrf: (request, mechanism) =>
      saved(request, async (context) => {
        const problem = await security.core.csrf.handle(context, mechanism);
        return problem && security.core.say(problem, context.locale);
      }),
    checkAndUpdateAuthnFresh: (request, within, grace, mechanism) =>
      saved(request, (context) =>
        checkAndUpdateAuthnFresh(context, milliseconds(within), milliseconds(grace), mechanism),
      ),
    getRequestAttr: (request, name) => contextOf(request).attributes.get(name),
    flash(request, text, category = 'info') {
      const context = contextOf(request);
      flashText(context, text, category);
      context.save();
    },
    getFlashedMessages(request) {
      const context = contextOf(request);
      const messages = takeFlashedMessages(context);
      context.save();
      return messages;
    },
    urlForSecurity: (request, endpoint, options) =>
      security.core.urls.urlFor(endpoint, contextOf(request).request, options),
  };
}
