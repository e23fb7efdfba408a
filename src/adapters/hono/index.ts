import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { RequestContext } from '../../core/context.js';
import { UsageError } from '../../core/errors.js';
import type { Security } from '../../core/facade.js';
import type { Guard } from '../../core/guards.js';
import type { BaseUser } from '../../datastores/contract.js';
import type { HttpResponse } from '../../http/types.js';
import { bindFunctions, bindGuards, contextKeyOf, type GuardMiddleware, type RequestFunctions } from '../binding.js';
import { type PendingCookies, withCookies } from '../web/response.js';
import { honoRequest } from './request.js';

export interface HonoSecurityOptions {
  /** The address of the peer. On `@hono/node-server` it is known; elsewhere ask the runtime, e.g. `getConnInfo(c)`. */
  remoteAddress?: (c: Context) => string | undefined;
}

/** Sallyport on Hono 4: `routes` to `app.use`, guards as middleware, functions of the context. */
export interface HonoSecurity<Row extends BaseUser>
  extends GuardMiddleware<MiddlewareHandler>,
    RequestFunctions<Context, Row> {
  /**
   * Our pages and JSON endpoints; every other request goes on. To be used on the outermost application and before its
   * routes: what `loginUser`, `flash` and the like change in cookies goes out here.
   */
  routes: MiddlewareHandler;
}

interface Kept {
  context: RequestContext;
  cookies: PendingCookies;
  /** One of our middlewares waits for the response and will give it the cookies. */
  awaited: boolean;
}
type WithKept = Context & { [key: symbol]: Kept | undefined };

/**
 * Binds Sallyport to Hono.
 *
 * @example
 * const { routes, authRequired, currentUser } = honoSecurity(security);
 * app.use(routes);
 * app.get('/me', authRequired(), (c) => c.json({ email: currentUser(c).email }));
 */
export function honoSecurity<Row extends BaseUser>(
  security: Security<Row>,
  options: HonoSecurityOptions = {},
): HonoSecurity<Row> {
  const key = contextKeyOf(security);

  const keptOf = (c: Context): Kept => {
    const keeper = c as WithKept; // the symbol is ours alone
    const present = keeper[key];
    if (present !== undefined) return present;
    const cookies: PendingCookies = new Map();
    const seen = honoRequest(c, options.remoteAddress);
    const kept = { awaited: false, cookies, context: security.context(seen, (name, line) => cookies.set(name, line)) };
    keeper[key] = kept;
    return kept;
  };

  const contextOf = (c: Context): RequestContext => {
    const { context, awaited } = keptOf(c);
    if (!awaited)
      throw new UsageError('This request did not pass through our middleware: app.use(routes) comes first.');
    return context;
  };

  const middleware =
    (work: (context: RequestContext) => Promise<HttpResponse | undefined>): MiddlewareHandler =>
    async (c, next) => {
      const kept = keptOf(c);
      const { context, cookies, awaited } = kept;
      kept.awaited = true;
      const answer = await work(context);
      if (answer === undefined) {
        await next();
        if (!awaited) sendCookies(c, cookies);
        return;
      }
      c.res = c.body(bodyOf(answer), answer.status as ContentfulStatusCode, answer.headers); // without a body where there is none
      sendCookies(c, cookies);
    };

  return {
    ...bindGuards(security, (guard: Guard) => middleware((context) => security.guard(guard, context))),
    ...bindFunctions<Context, Row>(security, contextOf),
    routes: middleware((context) => security.handle(context)),
  };
}

/** `null` for the statuses that may have no body, not even an empty one. */
function bodyOf({ body, status }: HttpResponse): string | Uint8Array<ArrayBuffer> {
  // The types of Node 20 and of ES2024 differ about what may back a view of bytes.
  return (status === 204 || status === 304 ? null : body) as string | Uint8Array<ArrayBuffer>;
}

/** After the handler: a response that was made without Hono's helpers would not have the headers set beforehand. */
function sendCookies(c: Context, cookies: PendingCookies): void {
  if (cookies.size === 0) return;
  const response = withCookies(c.res, cookies);
  if (response === c.res) return;
  // Given a second response, Hono would put the first one's cookies in place of these.
  c.res = undefined;
  c.res = response;
}
