import type { RequestContext } from '../../core/context.js';
import type { RouteDefinition } from '../../core/feature.js';
import { flash } from '../../core/flash.js';
import type { FormState } from '../../core/form.js';
import { emptyForm, submittedForm } from '../../core/forms.js';
import type { PageReply, Reply } from '../../core/reply.js';
import type { PasswordlessOptions } from './index.js';
import { sendLoginInstructions } from './login-link.js';
import { followLink } from './token-routes.js';

/** The sign-in page, which now asks for an address only, and below it the links. */
export function passwordlessRoutes(original: RouteDefinition, options: PasswordlessOptions): RouteDefinition[] {
  return [
    {
      ...original,
      async handle(context, parameters) {
        // Whoever is signed in gets what the page with the password answers: the way on, or (JSON) who it is.
        if ((await context.currentUser()) !== null) return await original.handle(context, parameters);
        return context.request.method === 'POST' ? await askForLink(context, options) : show(context, options);
      },
    },
    {
      endpoint: 'token_login',
      path: original.path.endsWith('/') ? `${original.path}:token/` : `${original.path}/:token`,
      methods: ['GET', 'POST'],
      access: 'anonymous',
      handle: (context, { token = '' }) => followLink(context, options, token),
    },
  ];
}

function show(context: RequestContext, options: PasswordlessOptions): PageReply {
  return page(
    options,
    emptyForm(context, 'passwordless_login_form', { next: context.core.redirects.next(context) ?? '' }),
  );
}

function page(options: PasswordlessOptions, form: FormState): PageReply {
  return { kind: 'page', template: options.sendLoginTemplate, view: 'send_login', title: 'Sign in by mail', form };
}

/** The same answer for every address that is one (specification 2.5.4); the mail is made beside it. */
async function askForLink(context: RequestContext, options: PasswordlessOptions): Promise<Reply> {
  const form = await submittedForm(context, 'passwordless_login_form');
  if (!form.valid) return page(options, form);
  const { core } = context;
  const next = core.redirects.next(context, form);
  if (form.user !== undefined) await sendLoginInstructions(context, options, form.user, next);
  if (!context.wantsJson) flash(context, { key: 'LOGIN_EMAIL_SENT', parameters: { email: form.text('email') } });
  if (core.config.returnGenericResponses) form.user = undefined;
  return page(options, form);
}
