import { Readable } from 'node:stream';
import type { FastifyPluginCallback, FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify';
import type { RequestContext } from '../../core/context.js';
import { UsageError } from '../../core/errors.js';
import type { Security } from '../../core/facade.js';
import type { Guard } from '../../core/guards.js';
import type { BaseUser } from '../../datastores/contract.js';
import type { HttpResponse } from '../../http/types.js';
import { bindFunctions, bindGuards, contextKeyOf, type GuardMiddleware, type RequestFunctions } from '../binding.js';
import { NodeRequest } from '../node-request.js';

/** Sallyport on Fastify 5: `routes` to `app.register`, guards as `preHandler` hooks, functions of the request. */
export interface FastifySecurity<Row extends BaseUser>
  extends GuardMiddleware<preHandlerHookHandler>,
    RequestFunctions<FastifyRequest, Row> {
  /**
   * Our pages and JSON endpoints; every other request goes on. To be registered on the root instance, before other
   * plugins: `urlPrefix` is an option of `createSecurity`.
   */
  routes: FastifyPluginCallback;
}

/** What one request keeps. */
interface Kept {
  request: NodeRequest;
  context: RequestContext;
}
type WithKept = FastifyRequest & { [key: symbol]: Kept | null | undefined };

/**
 * Binds Sallyport to Fastify. Our forms need no parser for `application/x-www-form-urlencoded`; forms of the
 * application need the application's, as ever. A guard may also stand among `onRequest` hooks: then a request is refused
 * before its body is read.
 *
 * @example
 * const { routes, authRequired, currentUser } = fastifySecurity(security);
 * await app.register(routes);
 * app.get('/me', { preHandler: authRequired() }, async (request) => ({ email: currentUser(request).email }));
 */
export function fastifySecurity<Row extends BaseUser>(security: Security<Row>): FastifySecurity<Row> {
  const key = contextKeyOf(security);

  const keptOf = (request: FastifyRequest, reply: FastifyReply): Kept => {
    const keeper = request as WithKept; // the symbol is ours alone
    const present = keeper[key];
    if (present) return present;
    const seen = new NodeRequest(request.raw, request.originalUrl, request);
    const context = security.context(seen, (name, line) => setCookie(reply, name, line));
    const kept = { request: seen, context };
    keeper[key] = kept;
    return kept;
  };

  const contextOf = (request: FastifyRequest): RequestContext => {
    const kept = (request as WithKept)[key];
    if (!kept)
      throw new UsageError('This request did not pass through our plugin: await app.register(routes) comes first.');
    return kept.context;
  };

  const toMiddleware =
    (guard: Guard): preHandlerHookHandler =>
    (request, reply, done) => {
      security.guard(guard, keptOf(request, reply).context).then((answer) => finish(answer, reply, done), done);
    };

  const routes: FastifyPluginCallback = (app, _options, ready) => {
    if (!app.hasRequestDecorator(key)) app.decorateRequest(key, null);
    // Before any parsing, and for paths that Fastify has no route for: our own matching is exact.
    app.addHook('onRequest', (request, reply, done) => {
      security.handle(keptOf(request, reply).context).then((answer) => finish(answer, reply, done), done);
    });
    // What was read for its CSRF token is given back to the application's parsers.
    app.addHook('preParsing', (request, _reply, payload, done) => {
      const bytes = (request as WithKept)[key]?.request.bytesRead;
      done(null, bytes === undefined ? payload : Readable.from([bytes]));
    });
    ready();
  };

  return {
    ...bindGuards(security, toMiddleware),
    ...bindFunctions<FastifyRequest, Row>(security, contextOf),
    // Fastify's own mark for a plugin whose hooks are meant for the whole application.
    routes: Object.assign(routes, {
      [Symbol.for('skip-override')]: true,
      [Symbol.for('fastify.display-name')]: 'sallyport',
    }),
  };
}

function finish(answer: HttpResponse | undefined, reply: FastifyReply, done: (error?: Error) => void): void {
  if (answer === undefined) done();
  else reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** As `setNodeCookie`: Fastify keeps headers to itself until it sends, and appends cookies instead of replacing them. */
function setCookie(reply: FastifyReply, name: string, line: string): void {
  if (reply.sent) return;
  const present = reply.getHeader('set-cookie');
  const lines = present === undefined ? [] : Array.isArray(present) ? present : [String(present)];
  reply.removeHeader('set-cookie');
  reply.header('set-cookie', [...lines.filter((other) => !other.startsWith(`${name}=`)), line]);
}
