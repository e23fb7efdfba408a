import type { RequestContext } from '../../core/context.js';
import type { RouteDefinition } from '../../core/feature.js';
import type { FormState } from '../../core/form.js';
import { emptyForm, submittedForm } from '../../core/forms.js';
import type { GateResult } from '../../core/gate.js';
import type { DoneReply, PageReply, Reply } from '../../core/reply.js';
import type { LoginOptions } from './index.js';

export function loginRoutes(options: LoginOptions): RouteDefinition[] {
  return [
    {
      endpoint: 'login',
      path: options.loginUrl,
      methods: ['GET', 'POST'],
      access: 'public',
      csrf: 'form',
      handle: (context) => (context.request.method === 'POST' ? signIn(context, options) : showLogin(context, options)),
    },
  ];
}

function loginPage(context: RequestContext, options: LoginOptions, form: FormState): PageReply {
  const attributes = context.core.identities.attributes;
  return {
    kind: 'page',
    template: options.loginUserTemplate,
    view: 'login',
    title: 'Sign in',
    form,
    context: { identity_attributes: attributes },
    payload: { identity_attributes: attributes },
  };
}

/** The form; for somebody who is signed in: the way on, or (JSON) who it is, so that a front end can come back. */
async function showLogin(context: RequestContext, options: LoginOptions): Promise<Reply> {
  const user = await context.currentUser();
  const redirect = context.core.redirects.to(context, context.core.config.postLoginView);
  if (user !== null) return { kind: 'done', redirect, user };
  const form = emptyForm(context, 'login_form', { next: context.core.redirects.next(context) ?? '' });
  return loginPage(context, options, form);
}

async function signIn(context: RequestContext, options: LoginOptions): Promise<Reply> {
  const { core } = context;
  if ((await context.currentUser()) !== null) {
    // The configured view, not `next`: that could lead round in a circle.
    return context.wantsJson
      ? { kind: 'refused', status: 400, message: { key: 'ANONYMOUS_USER_REQUIRED' } }
      : { kind: 'done', redirect: core.redirects.to(context, core.config.postLoginView) };
  }
  const form = await submittedForm(context, 'login_form');
  if (!form.valid || form.user === undefined) {
    hideDetails(form, context);
    return loginPage(context, options, form);
  }
  const result = await core.gate.signIn(context, form.user, { methods: ['password'], remember: form.flag('remember') });
  return answer(context, options, form, result);
}

/** The specification's generic answers name no field, not even an empty one (2.5.4); other fields keep their errors. */
function hideDetails(form: FormState, { core }: RequestContext): void {
  if (core.profile !== 'flask' || !core.config.returnGenericResponses) return;
  const hidden = ['password', ...core.identities.attributes].filter((name) => form.errors.delete(name));
  if (hidden.length > 0) form.addError(null, { key: 'GENERIC_AUTHN_FAILED' });
}

function answer(context: RequestContext, options: LoginOptions, form: FormState, result: GateResult): Reply {
  const { core, request } = context;
  if (result.state === 'signed-in') {
    const done: DoneReply = {
      kind: 'done',
      redirect: core.redirects.after(context, core.config.postLoginView, form),
      user: result.user,
      mayIncludeToken: true,
    };
    return done;
  }
  if (result.state === 'pending') {
    const next = core.redirects.next(context, form);
    return {
      kind: 'done',
      redirect: core.urls.urlFor(result.pending.endpoint, request, { query: { next } }),
      payload: result.pending.payload,
    };
  }
  if (core.config.returnGenericResponses) {
    form.replaceErrors({ key: 'GENERIC_AUTHN_FAILED' });
    return loginPage(context, options, form);
  }
  const needsConfirmation = result.message.key === 'CONFIRMATION_REQUIRED';
  if (needsConfirmation && options.requiresConfirmationErrorView !== null && !context.wantsJson) {
    const redirect = core.urls.viewUrl(options.requiresConfirmationErrorView, request, { email: form.user?.email });
    return { kind: 'done', redirect, flash: result.message };
  }
  const attribute = core.identities.attributes.find((name) => form.text(name) !== '') ?? null;
  form.addError(attribute, result.message);
  return loginPage(context, options, form);
}
