import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { RequestContext } from '../../core/context.js';
import { UsageError } from '../../core/errors.js';
import type { Security } from '../../core/facade.js';
import type { Guard } from '../../core/guards.js';
import type { BaseUser } from '../../datastores/contract.js';
import { bindFunctions, bindGuards, contextKeyOf, type GuardMiddleware, type RequestFunctions } from '../binding.js';
import { NodeRequest, sendNodeResponse, setNodeCookie } from '../node-request.js';

/** Sallyport on Express 5: `routes` to `app.use`, guards as middleware, functions of the request. */
export interface ExpressSecurity<Row extends BaseUser>
  extends GuardMiddleware<RequestHandler>,
    RequestFunctions<Request, Row> {
  /** Our pages and JSON endpoints; every other request goes on. To be mounted at the root: `urlPrefix` is an option. */
  routes: RequestHandler;
}

type WithContext = Request & { [key: symbol]: RequestContext | undefined };

/**
 * Binds Sallyport to Express.
 *
 * @example
 * const { routes, authRequired, currentUser } = expressSecurity(security);
 * app.use(routes);
 * app.get('/me', authRequired(), (req, res) => res.json({ email: currentUser(req).email }));
 */
export function expressSecurity<Row extends BaseUser>(security: Security<Row>): ExpressSecurity<Row> {
  const contextKey = contextKeyOf(security);
  const contextOf = (request: Request): RequestContext => {
    const keeper = request as WithContext; // the symbol is ours alone
    const context = keeper[contextKey] ?? makeContext(request);
    keeper[contextKey] = context;
    return context;
  };

  const makeContext = (request: Request): RequestContext => {
    const { res } = request;
    if (res === undefined) throw new UsageError('This request did not come through Express.');
    return security.context(new NodeRequest(request, request.originalUrl), (name, line) =>
      setNodeCookie(res, name, line),
    );
  };

  const toMiddleware =
    (guard: Guard): RequestHandler =>
    (request, response, next) => {
      security
        .guard(guard, contextOf(request))
        .then((answer) => finish(answer, response, next))
        .catch(next);
    };

  return {
    ...bindGuards(security, toMiddleware),
    ...bindFunctions<Request, Row>(security, contextOf),
    routes(request, response, next) {
      security
        .handle(contextOf(request))
        .then((answer) => finish(answer, response, next))
        .catch(next);
    },
  };
}

function finish(
  answer: Parameters<typeof sendNodeResponse>[1] | undefined,
  response: Response,
  next: NextFunction,
): void {
  if (answer === undefined) next();
  else sendNodeResponse(response, answer);
}
