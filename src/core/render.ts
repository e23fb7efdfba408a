import type { User } from '../datastores/contract.js';
import type { HttpResponse } from '../http/types.js';
import type { RequestContext } from './context.js';
import { flash } from './flash.js';
import type { FormState } from './form.js';
import { viewForm } from './form-view.js';
import type { MessageReference } from './messages.js';
import { pageContext } from './page-context.js';
import type { DoneReply, PageReply, Reply } from './reply.js';
import type { SecurityCore } from './security-core.js';

/** Adds values to the context of pages (or mails): specification 2.1.1. */
export type ContextProcessor = (
  context: RequestContext | undefined,
) => Record<string, unknown> | Promise<Record<string, unknown>>;

/** Turns one result into HTML or JSON. */
export interface Renderer {
  readonly securityForTemplates: Readonly<Record<string, unknown>>;
  render(context: RequestContext, endpoint: string, reply: Reply): Promise<HttpResponse>;
  /** An error page, or JSON with `errors`. */
  refuse(
    context: RequestContext,
    status: number,
    message: MessageReference,
    extra?: { headers?: Record<string, string>; payload?: Record<string, unknown> },
  ): Promise<HttpResponse>;
  redirect(location: string): HttpResponse;
  /** For endpoints that are only for callers who are not signed in (specification 3.1.2). */
  alreadySignedIn(context: RequestContext): Promise<HttpResponse>;
  /** The values that the application's processors add for a view, or for mails. */
  processed(view: string, context: RequestContext | undefined): Promise<Record<string, unknown>>;
  /** Renders a template, page or mail, through the application's renderer. */
  template(name: string, values: Record<string, unknown>): Promise<string>;
}

export interface RendererParts {
  core: () => SecurityCore;
  securityForTemplates: Readonly<Record<string, unknown>>;
  renderTemplate(name: string, values: Record<string, unknown>): Promise<string>;
  processors: ReadonlyMap<string, readonly ContextProcessor[]>;
  /** Origins besides our own that a form's redirect may lead to. */
  formTargets: readonly string[];
}

export function createRenderer(parts: RendererParts): Renderer {
  const { processors, securityForTemplates } = parts;
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action ${["'self'", ...parts.formTargets].join(' ')}`,
  ].join('; ');
  const pageHeaders = {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    // Not `no-referrer`: with that, browsers send `Origin: null` with our own forms.
    'Referrer-Policy': 'same-origin',
  };
  const jsonHeaders = {
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };

  const processed: Renderer['processed'] = async (view, context) => {
    const values: Record<string, unknown> = {};
    const wanted = [...(view === 'mail' ? [] : (processors.get('all') ?? [])), ...(processors.get(view) ?? [])];
    for (const processor of wanted) Object.assign(values, await processor(context));
    return values;
  };

  const html = async (
    context: RequestContext,
    template: string,
    view: string,
    title: string,
    status: number,
    values: Record<string, unknown>,
  ): Promise<HttpResponse> => {
    const own = await pageContext(context, view, title);
    const body = await parts.renderTemplate(template, { ...own, ...values, ...(await processed(view, context)) });
    return { status, headers: { ...pageHeaders }, body };
  };

  const json = (
    context: RequestContext,
    code: number,
    payload: Record<string, unknown>,
    user: User | null,
    headers: Record<string, string> = {},
  ): HttpResponse => context.core.handlers.renderJson(payload, code, { ...jsonHeaders, ...headers }, user);

  const refuse: Renderer['refuse'] = async (context, status, message, extra = {}) => {
    const text = context.core.say(message, context.locale);
    if (context.wantsJson) return json(context, status, { errors: [text], ...extra.payload }, null, extra.headers);
    const response = await html(context, 'security/error.html', 'error', '', status, {
      status,
      message: text,
      page_title: undefined,
      retry_after: extra.headers?.['Retry-After'],
    });
    return { ...response, headers: { ...response.headers, ...extra.headers } };
  };

  const redirect: Renderer['redirect'] = (location) => ({
    status: 302,
    headers: { Location: location, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' },
    body: '',
  });

  const renderPage = async (context: RequestContext, endpoint: string, reply: PageReply): Promise<HttpResponse> => {
    const { form, status } = reply;
    if (context.wantsJson) return pageAsJson(context, endpoint, reply);
    const values: Record<string, unknown> = { ...reply.context };
    if (form) values[form.definition.contextName] = viewForm(form, formAction(context), context);
    return await html(
      context,
      reply.template,
      reply.view,
      reply.title,
      status ?? (context.csrfProblem ? 400 : 200),
      values,
    );
  };

  const pageAsJson = (context: RequestContext, endpoint: string, reply: PageReply): HttpResponse => {
    const { form, status } = reply;
    if (form && !form.valid) return json(context, status && status >= 400 ? status : 400, errorPayload(form), null);
    const user = form?.user ?? null;
    const payload: Record<string, unknown> = {};
    if (user) payload['user'] = context.core.hooks.securityPayload(user);
    payload['csrf_token'] = context.core.csrf.token(context);
    Object.assign(payload, contributed(context, endpoint), reply.payload);
    return json(context, status ?? 200, payload, user);
  };

  const doneAsJson = async (context: RequestContext, endpoint: string, reply: DoneReply): Promise<HttpResponse> => {
    if (reply.bare) return json(context, 200, { ...reply.payload }, null);
    const payload: Record<string, unknown> = {};
    const user = reply.user;
    if (user && !reply.hideUser) {
      const shown = { ...context.core.hooks.securityPayload(user) };
      if (reply.mayIncludeToken && wantsToken(context))
        shown['authentication_token'] = await context.core.authentication.tokens.issue(user, context.now);
      payload['user'] = shown;
    }
    payload['csrf_token'] = context.core.csrf.token(context);
    Object.assign(payload, contributed(context, endpoint), reply.payload);
    return json(context, 200, payload, user ?? null);
  };

  return {
    securityForTemplates,
    refuse,
    redirect,
    processed,
    template: parts.renderTemplate,
    async alreadySignedIn(context) {
      if (context.wantsJson) return await refuse(context, 400, { key: 'ANONYMOUS_USER_REQUIRED' });
      // Not `next`: that could lead round in a circle.
      return redirect(context.core.redirects.to(context, context.core.config.postLoginView));
    },
    async render(context, endpoint, reply) {
      switch (reply.kind) {
        case 'page':
          return await renderPage(context, endpoint, reply);
        case 'refused':
          return await refuse(context, reply.status, reply.message, reply);
        case 'raw':
          return { status: reply.status, headers: reply.headers, body: reply.body };
        case 'done':
          if (context.wantsJson && !(reply.alwaysRedirect && context.request.method !== 'POST')) {
            return reply.failure
              ? await refuse(context, 400, reply.failure)
              : await doneAsJson(context, endpoint, reply);
          }
          if (reply.flash) flash(context, reply.flash);
          return redirect(reply.redirect);
      }
    },
  };
}

function wantsToken(context: RequestContext): boolean {
  return context.core.config.backwardsCompatAuthToken || context.query.has('include_auth_token');
}

function contributed(context: RequestContext, endpoint: string): Record<string, unknown> {
  return Object.assign(
    {},
    ...context.core.registry.payloads(endpoint).map((payload) => payload(context, context.core)),
  );
}

/** The form posts back to where it was, so that `next` and the like come along. */
function formAction(context: RequestContext): string {
  const next = context.core.redirects.next(context);
  return next === undefined ? context.path : `${context.path}?${new URLSearchParams({ next })}`;
}

/** `errors`: all of them in one list; `field_errors`: by field, those of the form as a whole under `null`, as the original has them. */
function errorPayload(form: FormState): Record<string, unknown> {
  const byField = Object.fromEntries(form.errors);
  if (form.formErrors.length > 0) byField['null'] = [...form.formErrors];
  return { errors: Object.values(byField).flat(), field_errors: byField };
}
