import type { RequestContext } from '../../core/context.js';
import type { RouteDefinition } from '../../core/feature.js';
import { flash } from '../../core/flash.js';
import type { FormState } from '../../core/form.js';
import { emptyForm, submittedForm } from '../../core/forms.js';
import type { MessageReference } from '../../core/messages.js';
import type { PageReply, Reply } from '../../core/reply.js';
import type { User } from '../../datastores/contract.js';
import { forgetBrowser } from './browser.js';
import { confirmUser, inspectLink, isCurrentUser, judgeHolder } from './confirm.js';
import type { ConfirmationOptions } from './index.js';
import { sendInstructions } from './instructions.js';

export function confirmationRoutes(options: ConfirmationOptions): RouteDefinition[] {
  return [
    {
      endpoint: 'send_confirmation',
      path: options.confirmUrl,
      methods: ['GET', 'POST'],
      access: 'public',
      csrf: 'form',
      handle: (context) =>
        context.request.method === 'POST' ? resend(context, options) : showResend(context, options),
    },
    {
      endpoint: 'confirm_email',
      path: `${options.confirmUrl}/:token`,
      methods: ['GET', 'POST'],
      access: 'public',
      csrf: 'form',
      handle: (context, { token = '' }) =>
        context.request.method === 'POST' ? confirm(context, token, options) : open(context, token, options),
    },
  ];
}

function resendPage(options: ConfirmationOptions, form: FormState): PageReply {
  return {
    kind: 'page',
    template: options.sendConfirmationTemplate,
    view: 'send_confirmation',
    title: 'Confirm your address',
    form,
  };
}

async function showResend(context: RequestContext, options: ConfirmationOptions): Promise<Reply> {
  const email = context.query.get('email') ?? '';
  return resendPage(options, emptyForm(context, 'send_confirmation_form', { email: email.slice(0, 320) }));
}

/** Answers alike whether somebody waits to be confirmed or not, where generic responses are on (specification 2.5.4). */
async function resend(context: RequestContext, options: ConfirmationOptions): Promise<Reply> {
  const { core } = context;
  const form = await submittedForm(context, 'send_confirmation_form');
  if (!form.valid) return resendPage(options, form);
  const address = core.mailUtil.normalize(form.text('email'));
  const user =
    address === undefined ? null : await core.datastore.findUser({ email: address }, { caseInsensitive: true });
  const isWaiting = user !== null && user['confirmed_at'] == null;
  if (!isWaiting && !core.config.returnGenericResponses) {
    const key = user === null ? 'USER_DOES_NOT_EXIST' : 'ALREADY_CONFIRMED';
    form.addError('email', { key: address === undefined ? 'INVALID_EMAIL_ADDRESS' : key });
    return resendPage(options, form);
  }
  if (isWaiting) await sendInstructions(context, user, options);
  const message = { key: 'CONFIRMATION_REQUEST', parameters: { email: address ?? form.text('email') } };
  if (!context.wantsJson) flash(context, message);
  return resendPage(options, form);
}

/** A link was opened: the page with the button, or (`confirmOnGet`) the deed itself. HEAD never acts. */
async function open(context: RequestContext, token: string, options: ConfirmationOptions): Promise<Reply> {
  const link = await inspectLink(context, token, options);
  if (link.state === 'useless') return failed(context, options, link.message);
  const acts = options.confirmOnGet && context.request.method === 'GET';
  if (link.state === 'expired' && (acts || !options.resendExpiredConfirmation))
    return expired(context, link.user, options);
  const { isStranger, asksPassword } = await judgeHolder(context, link.user, options);
  if (acts && !asksPassword) return await perform(context, token, options, { inherits: !isStranger });
  return confirmPage(context, options, emptyForm(context, formName(asksPassword)), asksPassword);
}

async function confirm(context: RequestContext, token: string, options: ConfirmationOptions): Promise<Reply> {
  const link = await inspectLink(context, token, options);
  if (link.state === 'useless') return failed(context, options, link.message);
  if (link.state === 'expired' && !options.resendExpiredConfirmation) return await expired(context, link.user, options);
  const { isStranger, asksPassword } = await judgeHolder(context, link.user, options);
  const form = await submittedForm(context, formName(asksPassword), (empty) => {
    empty.user = link.user;
  });
  if (!form.valid) return confirmPage(context, options, form, asksPassword);
  if (link.state === 'expired') return await expired(context, link.user, options);
  const provenPassword = asksPassword && form.text('without_password') === '';
  return await perform(context, token, options, { inherits: !isStranger || provenPassword, provenPassword });
}

const formName = (asksPassword: boolean): string =>
  asksPassword ? 'confirm_email_password_form' : 'confirm_email_form';

function confirmPage(
  context: RequestContext,
  options: ConfirmationOptions,
  form: FormState,
  asksPassword: boolean,
): PageReply {
  // Without a way to a new password, dropping the old one would lock its owner out.
  const mayDrop =
    asksPassword && ['forgot_password', 'send_login', 'us_signin'].some((name) => context.core.urls.has(name));
  return {
    kind: 'page',
    template: options.confirmEmailTemplate,
    view: 'confirm_email',
    title: 'Confirm your address',
    form,
    context: { asks_password: asksPassword, may_drop_password: mayDrop },
  };
}

async function perform(
  context: RequestContext,
  token: string,
  options: ConfirmationOptions,
  { inherits, provenPassword = false }: { inherits: boolean; provenPassword?: boolean },
): Promise<Reply> {
  const { core, request } = context;
  const outcome = await confirmUser(context, token, options, inherits);
  if ('refused' in outcome) return failed(context, options, outcome.refused);
  const { user } = outcome;
  const dropPassword = !inherits && user.password !== null;
  forgetBrowser(context);
  const message = { key: dropPassword ? 'EMAIL_CONFIRMED_WITHOUT_PASSWORD' : 'EMAIL_CONFIRMED' };
  if (!(await isCurrentUser(context, user))) {
    if ((await context.currentUser()) !== null) await core.gate.signOut(context);
    if (!dropPassword && (options.autoLoginAfterConfirm || provenPassword)) {
      // Who has typed the password is not asked for it once more on the next page.
      const result = await core.gate.signIn(context, user, { methods: [provenPassword ? 'password' : 'confirm'] });
      if (result.state === 'pending') {
        const redirect = core.urls.urlFor(result.pending.endpoint, request, {
          query: { next: core.redirects.next(context) },
        });
        return { kind: 'done', redirect, flash: message, payload: result.pending.payload, alwaysRedirect: true };
      }
    }
  }
  const spa = core.config.redirectBehavior === 'spa' ? options.postConfirmView : null;
  if (spa !== null) {
    const query = core.hooks.redirectQueryParameters(user, asQuery(context, message));
    return { kind: 'done', redirect: core.urls.viewUrl(spa, request, query), alwaysRedirect: true };
  }
  const forgotten = dropPassword && core.urls.has('forgot_password') ? '.forgot_password' : null;
  const next = (await context.currentUser()) !== null ? core.config.postLoginView : '.login';
  const redirect = core.redirects.to(context, forgotten ?? options.postConfirmView ?? next);
  return { kind: 'done', redirect, flash: message, alwaysRedirect: true };
}

async function expired(context: RequestContext, user: User, options: ConfirmationOptions): Promise<Reply> {
  const { resendExpiredConfirmation, confirmEmailWithin } = options;
  if (resendExpiredConfirmation) await sendInstructions(context, user, options);
  const key = resendExpiredConfirmation ? 'CONFIRMATION_EXPIRED_RESENT' : 'CONFIRMATION_EXPIRED';
  return failed(context, options, { key, parameters: { within: confirmEmailWithin } });
}

/** To the front end's page for errors with the message, or back to where a new link can be asked for. */
function failed(context: RequestContext, options: ConfirmationOptions, message: MessageReference): Reply {
  const { core, request } = context;
  const { confirmErrorView } = options;
  if (core.config.redirectBehavior === 'spa' && confirmErrorView !== null) {
    const redirect = core.urls.viewUrl(confirmErrorView, request, asQuery(context, message));
    return { kind: 'done', redirect, failure: message, alwaysRedirect: true };
  }
  const redirect = core.redirects.to(context, confirmErrorView ?? '.send_confirmation');
  return { kind: 'done', redirect, flash: message, failure: message, alwaysRedirect: true };
}

/** A message as a front end gets it: its level is the name of the parameter. */
function asQuery(context: RequestContext, message: MessageReference): Record<string, string> {
  return { [context.core.message(message.key).level]: context.core.say(message, context.locale) };
}
