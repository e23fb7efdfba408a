import type { RequestContext } from '../../core/context.js';
import { milliseconds } from '../../core/duration.js';
import type { RouteDefinition } from '../../core/feature.js';
import type { FormState } from '../../core/form.js';
import { emptyForm, submittedForm } from '../../core/forms.js';
import { checkAndUpdateAuthnFresh } from '../../core/freshness.js';
import type { Identity } from '../../core/identity.js';
import { replacePassword } from '../../core/replace-password.js';
import type { PageReply, Reply } from '../../core/reply.js';
import type { User } from '../../datastores/contract.js';
import { hasPassword } from './form.js';
import type { ChangePasswordOptions } from './index.js';
import { sendNotice } from './notice.js';

export function changePasswordRoutes(options: ChangePasswordOptions): RouteDefinition[] {
  return [
    {
      endpoint: 'change_password',
      path: options.changeUrl,
      methods: ['GET', 'POST'],
      access: 'user',
      csrf: 'form',
      handle: (context) => handle(context, options),
    },
  ];
}

async function handle(context: RequestContext, options: ChangePasswordOptions): Promise<Reply> {
  const { identity } = context;
  if (!identity) return { kind: 'refused', status: 401, message: { key: 'UNAUTHENTICATED' } };
  const unproven = hasPassword(identity.user) ? undefined : await freshnessMissing(context, identity);
  if (unproven) return unproven;
  if (context.request.method === 'POST') return await change(context, identity, options);
  const form = emptyForm(context, 'change_password_form');
  form.user = identity.user;
  return page(options, form);
}

/** Who has no password to type must have proven by other means, and lately, to be who they say (attack line P14). */
async function freshnessMissing(context: RequestContext, identity: Identity): Promise<Reply | undefined> {
  const { config, handlers } = context.core;
  const within = milliseconds(config.freshness);
  const grace = milliseconds(config.freshnessGracePeriod);
  if (await checkAndUpdateAuthnFresh(context, within, grace, identity.via)) return undefined;
  return { kind: 'raw', ...(await handlers.reauthnHandler(within, grace, context)) };
}

function page(options: ChangePasswordOptions, form: FormState): PageReply {
  const active_password = hasPassword(form.user);
  return {
    kind: 'page',
    template: options.changePasswordTemplate,
    view: 'change_password',
    title: active_password ? 'Change password' : 'Choose a password',
    form,
    context: { active_password },
    payload: { active_password },
  };
}

async function change(context: RequestContext, identity: Identity, options: ChangePasswordOptions): Promise<Reply> {
  const { core } = context;
  const form = await submittedForm(context, 'change_password_form', (empty) => {
    empty.user = identity.user;
  });
  if (!form.valid) return page(options, form);
  const hash = await core.passwords.hash(form.text('new_password'));
  const user = await core.datastore.transaction((store) => replacePassword(store, identity.user, hash), {
    repeatable: true,
  });
  // Another change was faster, and ended this session.
  if (user === null) return { kind: 'refused', status: 401, message: { key: 'UNAUTHENTICATED' } };
  await sendNotice(context, user, options);
  const reply = await signInAgain(context, identity, user, options);
  await core.signals.send('passwordChanged', { user });
  return reply;
}

/** The session goes on under a new id, remembered as it was; all others are dead (specification 1.3.13). */
async function signInAgain(
  context: RequestContext,
  identity: Identity,
  user: User,
  options: ChangePasswordOptions,
): Promise<Reply> {
  const { core, request } = context;
  const done: Reply = {
    kind: 'done',
    redirect: core.redirects.to(context, options.postChangeView ?? core.config.postLoginView),
    flash: { key: 'PASSWORD_CHANGE' },
    user,
    mayIncludeToken: true,
  };
  // A caller without a session gets none by changing a password; the original begins one.
  if (identity.via !== 'session' && core.profile === 'modern') return done;
  const remember = core.sessions.remember.presented(context);
  const result = await core.gate.renew(context, user, { methods: ['change'], remember });
  if (result.state === 'signed-in') return { ...done, user: result.user };
  if (result.state === 'refused') return { kind: 'refused', status: 401, message: result.message };
  const redirect = core.urls.urlFor(result.pending.endpoint, request);
  return { kind: 'done', redirect, payload: result.pending.payload };
}
