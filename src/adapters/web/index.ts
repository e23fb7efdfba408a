import type { RequestContext } from '../../core/context.js';
import type { Security } from '../../core/facade.js';
import type { Guard } from '../../core/guards.js';
import type { BaseUser } from '../../datastores/contract.js';
import { bindFunctions, bindGuards, contextKeyOf, type GuardMiddleware, type RequestFunctions } from '../binding.js';
import { WebRequest } from './request.js';
import { type PendingCookies, toWebResponse, withCookies } from './response.js';

/** Lets a request pass (nothing) or answers it. */
export type WebGuard = (request: Request) => Promise<Response | undefined>;

export interface WebSecurityOptions {
  /** The address of the peer, where the server tells it: for `trustedProxies`, tracking and limits. */
  remoteAddress?: (request: Request) => string | undefined;
}

/** Sallyport on Web-standard requests and responses. */
export interface WebSecurity<Row extends BaseUser> extends GuardMiddleware<WebGuard>, RequestFunctions<Request, Row> {
  /** Answers a request for one of our pages or JSON endpoints; `undefined`: it is for the application. */
  handle(request: Request): Promise<Response | undefined>;
  /** Adds the cookies that changed to a response of the application. To be called with every response it gives. */
  finish(request: Request, response: Response): Response;
  /**
   * The whole of it: our routes first, then the application's handler, then the cookies.
   *
   * @example export default { fetch: routes(async (request) => await adminOnly(request) ?? new Response('Welcome')) };
   */
  routes(handler: (request: Request) => Response | Promise<Response>): (request: Request) => Promise<Response>;
}

interface Kept {
  context: RequestContext;
  cookies: PendingCookies;
}
type WithKept = Request & { [key: symbol]: Kept | undefined };

/**
 * Binds Sallyport to Web-standard requests. One and the same `Request` is to be handed to everything: what is known of
 * it is kept with it. A handler reads the body after the guards, not before.
 *
 * @example
 * const { routes, authRequired, currentUser } = webSecurity(security);
 * const signedIn = authRequired();
 * const fetch = routes(async (request) => (await signedIn(request)) ?? Response.json(currentUser(request).email));
 */
export function webSecurity<Row extends BaseUser>(
  security: Security<Row>,
  options: WebSecurityOptions = {},
): WebSecurity<Row> {
  const key = contextKeyOf(security);

  const keptOf = (request: Request): Kept => {
    const keeper = request as WithKept; // the symbol is ours alone
    const present = keeper[key];
    if (present !== undefined) return present;
    const cookies: PendingCookies = new Map();
    const seen = new WebRequest(request, options.remoteAddress?.(request));
    const kept = { cookies, context: security.context(seen, (name, line) => cookies.set(name, line)) };
    keeper[key] = kept;
    return kept;
  };

  const handle: WebSecurity<Row>['handle'] = async (request) => {
    const { context, cookies } = keptOf(request);
    const answer = await security.handle(context);
    return answer && toWebResponse(answer, cookies);
  };

  const toMiddleware =
    (guard: Guard): WebGuard =>
    async (request) => {
      const { context, cookies } = keptOf(request);
      const answer = await security.guard(guard, context);
      return answer && toWebResponse(answer, cookies);
    };

  const finish: WebSecurity<Row>['finish'] = (request, response) => withCookies(response, keptOf(request).cookies);

  return {
    ...bindGuards(security, toMiddleware),
    ...bindFunctions<Request, Row>(security, (request) => keptOf(request).context),
    handle,
    finish,
    routes: (handler) => async (request) => (await handle(request)) ?? finish(request, await handler(request)),
  };
}
