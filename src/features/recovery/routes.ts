import type { RequestContext } from '../../core/context.js';
import type { RouteDefinition } from '../../core/feature.js';
import { flash } from '../../core/flash.js';
import type { FormState } from '../../core/form.js';
import { emptyForm, submittedForm } from '../../core/forms.js';
import type { PageReply, Reply } from '../../core/reply.js';
import type { RecoveryOptions } from './index.js';
import { sendInstructions } from './instructions.js';
import { followLink, savePassword, showPasswordForm } from './reset.js';
import { keptToken } from './token.js';

export function recoveryRoutes(options: RecoveryOptions): RouteDefinition[] {
  const isPost = (context: RequestContext): boolean => context.request.method === 'POST';
  return [
    {
      endpoint: 'forgot_password',
      path: options.resetUrl,
      methods: ['GET', 'POST'],
      access: 'anonymous',
      csrf: 'form',
      handle: async (context) =>
        isPost(context)
          ? await requestLink(context, options)
          : forgotPage(options, emptyForm(context, 'forgot_password_form')),
    },
    {
      // Before the next one: an exact path comes first.
      endpoint: 'reset_password_form',
      path: `${options.resetUrl}/form`,
      methods: ['GET', 'POST'],
      access: 'anonymous',
      csrf: 'form',
      handle: (context) =>
        isPost(context)
          ? savePassword(context, keptToken(context), options)
          : showPasswordForm(context, keptToken(context), options),
    },
    {
      endpoint: 'reset_password',
      path: `${options.resetUrl}/:token`,
      methods: ['GET', 'POST'],
      access: 'anonymous',
      csrf: 'form',
      handle: (context, { token = '' }) =>
        isPost(context) ? savePassword(context, token, options) : followLink(context, token, options),
    },
  ];
}

function forgotPage(options: RecoveryOptions, form: FormState): PageReply {
  return {
    kind: 'page',
    template: options.forgotPasswordTemplate,
    view: 'forgot_password',
    title: 'Forgot your password?',
    form,
  };
}

/** Sends a link to whoever may have one; where answers are generic, all are answered alike (specification 2.5.4). */
async function requestLink(context: RequestContext, options: RecoveryOptions): Promise<Reply> {
  const { core } = context;
  const form = await submittedForm(context, 'forgot_password_form');
  if (!form.valid) return unconfirmed(context, form) ?? forgotPage(options, form);
  const { user } = form;
  // Nobody is signed in here: the answer does not tell of a user.
  form.user = undefined;
  if (user !== undefined) await sendInstructions(context, user, options);
  const email = core.mailUtil.normalize(form.text('email')) ?? form.text('email');
  if (!context.wantsJson) flash(context, { key: 'PASSWORD_RESET_REQUEST', parameters: { email } });
  return forgotPage(options, form);
}

/** `requiresConfirmationErrorView`: the way on for who has still to confirm the address (specification 1.4.6). */
function unconfirmed(context: RequestContext, form: FormState): Reply | undefined {
  const { core, locale, request } = context;
  const message = { key: 'CONFIRMATION_REQUIRED' };
  const view = core.registry.features.find(({ name }) => name === 'login')?.options['requiresConfirmationErrorView'];
  if (typeof view !== 'string' || context.wantsJson || core.config.returnGenericResponses) return undefined;
  if (form.errors.get('email')?.includes(core.say(message, locale)) !== true) return undefined;
  return {
    kind: 'done',
    redirect: core.urls.viewUrl(view, request, { email: form.text('email') }),
    flash: message,
  };
}
