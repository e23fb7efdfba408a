import type { CoreOptions } from '../../core/config/index.js';
import type { RequestContext } from '../../core/context.js';
import { milliseconds } from '../../core/duration.js';
import type { RouteDefinition } from '../../core/feature.js';
import type { FormState } from '../../core/form.js';
import { emptyForm, submittedForm } from '../../core/forms.js';
import type { PageReply, Reply } from '../../core/reply.js';
import type { VerifyOptions } from './index.js';

export function verifyRoutes(options: VerifyOptions, config: CoreOptions): RouteDefinition[] {
  // A negative freshness switches the whole mechanism off (specification 1.4.2).
  if (milliseconds(config.freshness) < 0) return [];
  return [
    {
      endpoint: 'verify',
      path: options.verifyUrl,
      methods: ['GET', 'POST'],
      access: 'user',
      csrf: 'form',
      handle: (context) => (context.request.method === 'POST' ? confirm(context, options) : show(context, options)),
    },
  ];
}

async function show(context: RequestContext, options: VerifyOptions): Promise<Reply> {
  const form = emptyForm(context, 'verify_form', { next: context.core.redirects.next(context) ?? '' });
  form.user = (await context.currentUser()) ?? undefined;
  return page(options, form);
}

async function confirm(context: RequestContext, options: VerifyOptions): Promise<Reply> {
  const { core } = context;
  const user = (await context.currentUser()) ?? undefined;
  const form = await submittedForm(context, 'verify_form', (empty) => {
    empty.user = user;
  });
  if (!form.valid) return page(options, form);
  await core.gate.reverified(context);
  return {
    kind: 'done',
    redirect: core.redirects.after(context, options.postVerifyView, form),
    flash: { key: 'REAUTHENTICATION_SUCCESSFUL' },
    user,
    mayIncludeToken: true,
  };
}

function page(options: VerifyOptions, form: FormState): PageReply {
  return {
    kind: 'page',
    template: options.verifyTemplate,
    view: 'verify',
    title: 'Please confirm that it is you',
    form,
    context: { has_webauthn_verify_credential: false },
    payload: { has_webauthn_verify_credential: false },
  };
}
