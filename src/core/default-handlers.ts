import { bestAccepted, isJsonType, mediaType } from '../http/accept.js';
import type { RequestContext } from './context.js';
import { flash } from './flash.js';
import type { Handlers } from './handlers.js';

/** Our own answers where the application gives none (specification 2.1.5). */
export const defaultHandlers: Handlers = {
  renderJson: (payload, code, headers) => ({
    status: code,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ meta: { code }, response: payload }),
  }),

  /** The content type is JSON, or JSON is what the caller likes best. */
  wantJson: (request) =>
    isJsonType(mediaType(request.header('content-type'))) ||
    bestAccepted(request.header('accept')) === 'application/json',

  async unauthnHandler(_mechanisms, headers, context) {
    const { core } = context;
    const mayRedirect =
      core.urls.has('login') && headers['WWW-Authenticate'] === undefined && !core.config.backwardsCompatUnauthn;
    if (context.wantsJson || !mayRedirect)
      return await core.renderer.refuse(context, 401, { key: 'UNAUTHENTICATED' }, { headers });
    flash(context, { key: 'LOGIN' });
    return core.renderer.redirect(
      core.urls.urlFor('login', context.request, { query: { next: returnTarget(context) } }),
    );
  },

  async unauthzHandler(_guard, _parameters, context) {
    const { core } = context;
    const view = core.config.unauthorizedView;
    if (context.wantsJson || view === null) return await core.renderer.refuse(context, 403, { key: 'UNAUTHORIZED' });
    flash(context, { key: 'UNAUTHORIZED' });
    return core.renderer.redirect(core.redirects.to(context, view));
  },

  async reauthnHandler(_within, _grace, context) {
    const { core } = context;
    const endpoint = core.urls.has('us_verify') ? 'us_verify' : 'verify';
    if (context.wantsJson || !core.urls.has(endpoint)) {
      const payload = {
        reauth_required: true,
        unified_signin_enabled: core.registry.has('unified-signin'),
        has_webauthn_verify_credential: false,
        ...Object.assign({}, ...core.registry.payloads('verify').map((add) => add(context, core))),
      };
      return await core.renderer.refuse(context, 401, { key: 'REAUTHENTICATION_REQUIRED' }, { payload });
    }
    flash(context, { key: 'REAUTHENTICATION_REQUIRED' });
    return core.renderer.redirect(
      core.urls.urlFor(endpoint, context.request, { query: { next: returnTarget(context) } }),
    );
  },
};

/** Where to come back to: the page that was asked for, or (after a form) the page with the form. */
function returnTarget(context: RequestContext): string | undefined {
  const { core, request } = context;
  const isPage = request.method === 'GET' || request.method === 'HEAD';
  const wanted = isPage ? withoutToken(context) : core.redirects.safe(request.header('referer'), context);
  if (wanted === undefined || core.config.subdomain === null) return wanted;
  // Our pages are on another host than the application's.
  return new URL(wanted, core.origins.site(request)).href;
}

/** The target as it was asked for, but for an auth token: that has no business in a `Location` (attack line A4). */
function withoutToken(context: RequestContext): string {
  const { tokenAuthenticationKey } = context.core.config;
  if (!context.query.has(tokenAuthenticationKey)) return context.request.target;
  const query = new URLSearchParams(context.query);
  query.delete(tokenAuthenticationKey);
  return query.size === 0 ? context.path : `${context.path}?${query}`;
}
