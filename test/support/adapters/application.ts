import type { BaseUser, Security } from 'sallyport';
import type { GuardMiddleware, RequestFunctions } from '../../../src/adapters/binding.js';

/** What a handler of the application knows of its request besides the framework's own object. */
export interface Seen {
  path: string;
  query: URLSearchParams;
  /** The body as the application's own means read it. */
  body(): Promise<unknown>;
}

/** One route of the application, the same on every framework. */
export interface ApplicationRoute<Request, Middleware> {
  path: string;
  guards: Middleware[];
  /** What is answered as JSON. */
  answer(request: Request, seen: Seen): unknown;
}

/** The application that the stories are told on: guarded pages that say who came, and what an application may call. */
export function applicationRoutes<Request, Middleware>(
  security: Security,
  own: GuardMiddleware<Middleware> & RequestFunctions<Request, BaseUser>,
): ApplicationRoute<Request, Middleware>[] {
  const who = async (request: Request, { path }: Seen) => ({
    path,
    user: (await own.optionalUser(request))?.email ?? null,
    via: own.getRequestAttr(request, 'fs_authn_via') ?? null,
  });
  const guarded = (path: string, ...guards: Middleware[]) => ({ path, guards, answer: who });
  const open = (path: string, answer: (request: Request, seen: Seen) => unknown) => ({ path, guards: [], answer });
  return [
    guarded('/'),
    guarded('/session', own.authRequired('session')),
    guarded('/token', own.authTokenRequired()),
    guarded('/basic', own.httpAuthRequired()),
    guarded('/realm', own.httpAuthRequired('My "own" realm')),
    guarded('/any', own.authRequired('basic', 'session', 'token')),
    guarded('/default', own.authRequired()),
    guarded('/fresh', own.authRequired({ within: '10 minutes', grace: '5 minutes' })),
    guarded('/always', own.authRequired({ within: 0, grace: 0 })),
    guarded('/admin', own.authRequired(), own.rolesRequired('admin')),
    guarded('/staff', own.authRequired(), own.rolesAccepted('admin', 'editor')),
    guarded('/both', own.rolesRequired('admin', 'editor')),
    guarded('/write', own.authRequired(), own.permissionsAccepted('write', 'own')),
    guarded('/read-write', own.permissionsRequired('read', 'write')),
    guarded('/anonymous', own.anonymousUserRequired()),
    guarded('/unauth', own.unauthCsrf()),
    guarded('/unauth-form', own.unauthCsrf({ fallThrough: true })),
    { path: '/me', guards: [own.authRequired()], answer: (request) => ({ email: own.currentUser(request).email }) },
    { path: '/echo', guards: [own.authRequired()], answer: (_request, seen) => seen.body() },
    open('/open-echo', (_request, seen) => seen.body()),
    open('/nobody', (request) => ({ email: own.currentUser(request).email })),
    open('/enter', async (request, { query }) => {
      const user = await security.datastore.findUser({ email: query.get('email') ?? 'user@example.com' });
      if (user === null) throw new Error('no user');
      const result = await own.loginUser(request, user, { remember: query.get('remember') === '1' });
      return { state: result.state };
    }),
    open('/leave', async (request) => {
      await own.logoutUser(request);
      return {};
    }),
    open('/flash', (request) => {
      own.flash(request, 'hello', 'info');
      return {};
    }),
    open('/flash-twice', (request) => {
      own.flash(request, 'one');
      own.flash(request, 'two', 'error');
      return {};
    }),
    open('/flashed', (request) => own.getFlashedMessages(request)),
    open('/csrf', (request) => ({ token: own.csrfToken(request) })),
    open('/check-csrf', async (request) => ({ problem: (await own.handleCsrf(request, 'session')) ?? null })),
    open('/is-fresh', async (request) => {
      await own.optionalUser(request);
      return { fresh: await own.checkAndUpdateAuthnFresh(request, '10 minutes', '5 minutes') };
    }),
    open('/url', (request, { query }) => ({
      url: own.urlForSecurity(request, query.get('endpoint') ?? 'login', {
        query: { next: '/x' },
        external: query.has('external'),
      }),
    })),
  ];
}

/** A route whose handler makes its whole response itself, cookie included, after `flash`. */
export const ownCookieRoute = '/own-cookie';
export const ownCookie = 'own=1; Path=/';
