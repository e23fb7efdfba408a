import { HashQueueFullError } from '../crypto/hash-queue.js';
import type { HttpResponse } from '../http/types.js';
import type { RequestContext } from './context.js';
import { milliseconds } from './duration.js';
import type { RouteDefinition } from './feature.js';
import type { Guard, Guards } from './guards.js';
import type { MessageReference } from './messages.js';
import type { SecurityCore } from './security-core.js';

/** Answers a request that is for one of our routes; `undefined`: it is for the application. */
export type Dispatch = (context: RequestContext) => Promise<HttpResponse | undefined>;

interface Match {
  routes: readonly RouteDefinition[];
  parameters: Readonly<Record<string, string>>;
}

/** Paths are compared as they came, letter by letter: another spelling is another page (attack line R5). */
function createMatcher(routes: readonly RouteDefinition[], prefix: string): (path: string) => Match | undefined {
  const exact = new Map<string, RouteDefinition[]>();
  const patterns: { pattern: RegExp; names: string[]; routes: RouteDefinition[] }[] = [];
  for (const route of routes) {
    const path = prefix + route.path;
    if (!path.includes('/:')) {
      exact.set(path, [...(exact.get(path) ?? []), route]);
      continue;
    }
    const names = [...path.matchAll(/\/:(\w+)/g)].map((match) => match[1] ?? '');
    const literal = path.split(/\/:\w+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const pattern = new RegExp(`^${literal.join('/([^/]{1,4096})')}$`);
    const known = patterns.find((entry) => entry.pattern.source === pattern.source);
    if (known) known.routes.push(route);
    else patterns.push({ pattern, names, routes: [route] });
  }
  return (path) => {
    const found = exact.get(path);
    if (found) return { routes: found, parameters: {} };
    for (const { pattern, names, routes: candidates } of patterns) {
      const match = pattern.exec(path);
      if (!match) continue;
      const values = match.slice(1).map(decodeSegment);
      if (values.includes(undefined)) return undefined;
      return {
        routes: candidates,
        parameters: Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])),
      };
    }
    return undefined;
  };
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

export function createDispatch(core: SecurityCore, guards: Guards): Dispatch {
  const { config } = core;
  const match = createMatcher(core.registry.routes, config.urlPrefix ?? '');
  const freshness = milliseconds(config.freshness);
  const methods = () => config.apiEnabledMethods;
  const access: Record<RouteDefinition['access'], Guard> = {
    public: async () => undefined,
    anonymous: guards.anonymousUserRequired(),
    user: guards.authenticated(methods),
    fresh: guards.authenticated(methods, { within: () => freshness / 60_000 }),
  };

  const judgeCsrf = async (context: RequestContext, route: RouteDefinition): Promise<MessageReference | undefined> => {
    if (route.csrf === 'none' || !core.csrf.isChanging(context.request.method)) return undefined;
    const needsUser = route.access === 'user' || route.access === 'fresh';
    return needsUser && context.identity
      ? await core.csrf.handle(context, context.identity.via)
      : await core.csrf.handleUnauthenticated(context);
  };

  const answer = async (context: RequestContext, { routes, parameters }: Match): Promise<HttpResponse> => {
    const method = context.request.method === 'HEAD' ? 'GET' : context.request.method;
    const allowed = [...new Set(routes.flatMap((route) => route.methods))];
    const headers = { Allow: [...allowed, ...(allowed.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ') };
    if (method === 'OPTIONS') return { status: 204, headers, body: '' };
    const route = routes.find((candidate) => candidate.methods.some((own) => own === method));
    if (!route) return await core.renderer.refuse(context, 405, { key: 'METHOD_NOT_ALLOWED' }, { headers });
    const refused = await access[route.access](context);
    if (refused) return refused;
    const problem = await judgeCsrf(context, route);
    if (problem && route.csrf !== 'form') return await core.renderer.refuse(context, 400, problem);
    context.csrfProblem = problem;
    return await core.renderer.render(context, route.endpoint, await route.handle(context, parameters));
  };

  return async (context) => {
    if (!config.registerBlueprint) return undefined;
    const matched = match(context.path);
    if (!matched || !isOurHost(context)) return await failClosed(context, () => checkApplicationRequest(context));
    // The pattern: a path may carry a token, and logs must not.
    return await failClosed(context, () => answer(context, matched), matched.routes[0]?.path);
  };

  function isOurHost(context: RequestContext): boolean {
    if (config.subdomain === null) return true;
    const host = context.request.header('host')?.toLowerCase();
    return host === new URL(core.origins.ours(context.request)).host;
  }

  /** `WTF_CSRF_CHECK_DEFAULT`: every changing request of the application, guarded or not. */
  async function checkApplicationRequest(context: RequestContext): Promise<HttpResponse | undefined> {
    if (!config.csrfProtect || !config.csrfCheckDefault || !core.csrf.isChanging(context.request.method))
      return undefined;
    const problem = await core.csrf.check(context);
    return problem && (await core.renderer.refuse(context, 400, problem));
  }
}

/**
 * Whatever breaks, nobody is let in and no cookie is set (law 6): 503, with `Retry-After` where passwords wait in line.
 */
export async function failClosed<Result extends HttpResponse | undefined>(
  context: RequestContext,
  work: () => Promise<Result>,
  place: string = context.path,
): Promise<Result | HttpResponse> {
  const { core } = context;
  try {
    const response = await work();
    context.save();
    return response;
  } catch (error) {
    const waiting = error instanceof HashQueueFullError;
    if (!waiting) core.log.error('a request could not be answered', { path: place, error: describeError(error) });
    context.giveUp();
    const headers = waiting ? { 'Retry-After': String(error.retryAfterSeconds) } : { 'Retry-After': '5' };
    return await unavailable(context, headers);
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Says so without asking anything that may be down: no store, no templates, none of the application's functions. */
async function unavailable(context: RequestContext, headers: Record<string, string>): Promise<HttpResponse> {
  const { core } = context;
  const common = { ...headers, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  try {
    const extra = { headers: common };
    return await core.renderer.refuse(context, 503, { key: 'SERVICE_UNAVAILABLE' }, extra);
  } catch {
    const body = `${core.message('SERVICE_UNAVAILABLE').text}\n`;
    return { status: 503, headers: { ...common, 'Content-Type': 'text/plain; charset=utf-8' }, body };
  }
}
