import type { RequestContext } from '../../core/context.js';
import type { FormState } from '../../core/form.js';
import { emptyForm, submittedForm } from '../../core/forms.js';
import type { MessageReference } from '../../core/messages.js';
import type { PageReply, Reply } from '../../core/reply.js';
import type { User } from '../../datastores/contract.js';
import type { RecoveryOptions } from './index.js';
import { sendNotice } from './instructions.js';
import { forgetToken, inspectToken, keepToken, useToken } from './token.js';

/**
 * A mailed link was opened: on to the front end, or to the form. The token leaves the address at once and goes on in
 * the session cookie, so that neither history nor logs nor a `Referer` keep it (attack line A4).
 */
export async function followLink(context: RequestContext, token: string, options: RecoveryOptions): Promise<Reply> {
  const { core, request } = context;
  const found = await inspectToken(context, token, options);
  if ('refused' in found) return failedLink(context, found.refused, options);
  if (core.config.redirectBehavior === 'spa' && options.resetView !== null)
    return { kind: 'done', redirect: core.urls.viewUrl(options.resetView, request, { token }), alwaysRedirect: true };
  // A strict cookie would not come along with the redirect that follows a link in a mail.
  const stays = options.resetTokenInUrl || core.config.sessionCookieSamesite === 'Strict' || context.wantsJson;
  if (stays) return passwordPage(options, emptyForm(context, 'reset_password_form'));
  keepToken(context, token);
  return { kind: 'done', redirect: core.urls.urlFor('reset_password_form', request) };
}

export async function showPasswordForm(
  context: RequestContext,
  token: string,
  options: RecoveryOptions,
): Promise<Reply> {
  const found = await inspectToken(context, token, options);
  if ('refused' in found) return failedLink(context, found.refused, options);
  return passwordPage(options, emptyForm(context, 'reset_password_form'));
}

export async function savePassword(context: RequestContext, token: string, options: RecoveryOptions): Promise<Reply> {
  const found = await inspectToken(context, token, options);
  if ('refused' in found) return failedReset(context, found.refused, options);
  const form = await submittedForm(context, 'reset_password_form', (empty) => {
    empty.user = found.user;
  });
  if (!form.valid) return passwordPage(options, form);
  const user = await useToken(context, token, form.text('password'), options);
  if (user === null) return failedReset(context, { key: 'INVALID_RESET_PASSWORD_TOKEN' }, options);
  forgetToken(context);
  await sendNotice(context, user, options);
  await context.core.signals.send('passwordReset', { user });
  return options.autoLoginAfterReset ? await signIn(context, user, options) : done(context, options);
}

function passwordPage(options: RecoveryOptions, form: FormState): PageReply {
  return {
    kind: 'page',
    template: options.resetPasswordTemplate,
    view: 'reset_password',
    title: 'Choose a new password',
    form,
  };
}

/** A link that does not work only ever redirects (wire contract). */
function failedLink(context: RequestContext, message: MessageReference, options: RecoveryOptions): Reply {
  const { core, locale, request } = context;
  forgetToken(context);
  const isSpa = core.config.redirectBehavior === 'spa' && options.resetErrorView !== null;
  if (isSpa) {
    const redirect = core.urls.viewUrl(options.resetErrorView ?? '', request, { error: core.say(message, locale) });
    return { kind: 'done', redirect, alwaysRedirect: true };
  }
  const redirect = core.urls.urlFor('forgot_password', request);
  return { kind: 'done', redirect, flash: message, alwaysRedirect: true };
}

/** As JSON an error of the form as a whole; a page leads to where a new link can be had. */
function failedReset(context: RequestContext, message: MessageReference, options: RecoveryOptions): Reply {
  forgetToken(context);
  if (!context.wantsJson)
    return { kind: 'done', redirect: context.core.urls.urlFor('forgot_password', context.request), flash: message };
  const form = emptyForm(context, 'reset_password_form');
  form.addError(null, message);
  return passwordPage(options, form);
}

function done(context: RequestContext, options: RecoveryOptions): Reply {
  const { core } = context;
  const redirect = core.redirects.to(context, options.postResetView ?? '.login');
  return { kind: 'done', redirect, flash: { key: 'PASSWORD_RESET_NO_LOGIN' } };
}

/** `autoLoginAfterReset`, through the gate: a mailbox alone walks around no second factor. */
async function signIn(context: RequestContext, user: User, options: RecoveryOptions): Promise<Reply> {
  const { core, request } = context;
  const result = await core.gate.signIn(context, user, { methods: ['reset'] });
  if (result.state === 'refused') return done(context, options);
  if (result.state === 'pending')
    return {
      kind: 'done',
      redirect: core.urls.urlFor(result.pending.endpoint, request, { query: { next: core.redirects.next(context) } }),
      payload: result.pending.payload,
    };
  return {
    kind: 'done',
    redirect: core.redirects.to(context, options.postResetView ?? core.config.postLoginView),
    flash: { key: 'PASSWORD_RESET' },
    user: result.user,
    mayIncludeToken: true,
  };
}
