import type { RequestContext } from '../../core/context.js';
import type { GateResult } from '../../core/gate.js';
import type { MessageReference } from '../../core/messages.js';
import type { DoneReply, PageReply, Reply } from '../../core/reply.js';
import type { User } from '../../datastores/contract.js';
import type { PasswordlessOptions } from './index.js';
import { loginPurpose, sendLoginInstructions } from './login-link.js';

/** A link was opened (GET), or the button on its page was pressed (POST). A HEAD never signs in. */
export async function followLink(context: RequestContext, options: PasswordlessOptions, token: string): Promise<Reply> {
  const { method } = context.request;
  const acts = method === 'POST' || (method === 'GET' && options.loginOnGet);
  return acts ? await signIn(context, options, token) : await showButton(context, options, token);
}

/** Nothing happens yet: programs that read mails open links too. */
async function showButton(context: RequestContext, options: PasswordlessOptions, token: string): Promise<Reply> {
  const { core, locale } = context;
  const found = await core.actionTokens.inspect(loginPurpose(context, options), token, context.now);
  if (found.status === 'invalid') return failed(context, { key: 'INVALID_LOGIN_TOKEN' });
  const isExpired = found.status === 'expired';
  const title = isExpired ? 'This link is too old' : 'Sign in';
  const next = core.redirects.next(context);
  const reply: PageReply = {
    kind: 'page',
    template: 'security/confirm_action.html',
    view: 'token_login',
    title,
    context: {
      text: isExpired
        ? core.translate('We can send you a new link that signs you in.', locale)
        : core.say({ key: 'PASSWORDLESS_SIGN_IN_AS', parameters: { email: found.user.email } }, locale),
      button: core.translate(isExpired ? 'Send me a new link' : 'Sign in', locale),
      action: next === undefined ? context.path : `${context.path}?${new URLSearchParams({ next })}`,
    },
  };
  return reply;
}

async function signIn(context: RequestContext, options: PasswordlessOptions, token: string): Promise<Reply> {
  const { core, now } = context;
  const purpose = loginPurpose(context, options);
  const used = await core.actionTokens.use(purpose, token, now, async () => undefined);
  if (used.status === 'expired') {
    await sendLoginInstructions(context, options, used.user, core.redirects.next(context));
    const parameters = { email: used.user.email, within: options.loginWithin };
    return failed(context, { key: 'LOGIN_EXPIRED', parameters }, used.user);
  }
  if (used.status !== 'done') return failed(context, { key: 'INVALID_LOGIN_TOKEN' });
  try {
    return answer(context, await core.gate.signIn(context, used.user, { methods: ['email'] }));
  } catch (error) {
    await core.actionTokens
      .restore(purpose, token, used.user, now)
      .catch((problem) => core.log.error('a sign-in link could not be given back', { error: String(problem) }));
    throw error;
  }
}

function answer(context: RequestContext, result: GateResult): Reply {
  const { core, request } = context;
  const isSpa = core.config.redirectBehavior === 'spa';
  switch (result.state) {
    case 'signed-in':
      if (isSpa) return signedIn(result.user, redirect(toFrontEnd(context, core.config.postLoginView, result.user)));
      return signedIn(
        result.user,
        redirect(core.redirects.after(context, core.config.postLoginView), { key: 'PASSWORDLESS_LOGIN_SUCCESSFUL' }),
      );
    case 'pending': {
      const { endpoint, payload } = result.pending;
      const query = { next: core.redirects.next(context) };
      const target = isSpa
        ? toFrontEnd(context, core.config.loginErrorView, result.user, { tf_required: '1' })
        : core.urls.urlFor(endpoint, request, { query });
      return { ...redirect(target), payload };
    }
    case 'refused':
      return failed(context, core.config.returnGenericResponses ? { key: 'INVALID_LOGIN_TOKEN' } : result.message);
  }
}

/** A front end that pressed the button itself is told who it is now. */
function signedIn(user: User, reply: DoneReply): DoneReply {
  return { ...reply, user, mayIncludeToken: true };
}

/** Back to the sign-in page; a front end gets the message as a parameter, and whom it concerns where that is known. */
function failed(context: RequestContext, message: MessageReference, user?: User): DoneReply {
  const { core, request, locale } = context;
  if (core.config.redirectBehavior !== 'spa')
    return { ...redirect(core.urls.urlFor('login', request), message), failure: message };
  const outcome = { [core.message(message.key).level]: core.say(message, locale) };
  return { ...redirect(toFrontEnd(context, core.config.loginErrorView, user, outcome)), failure: message };
}

function toFrontEnd(
  context: RequestContext,
  view: string | null,
  user: User | undefined,
  outcome: Record<string, string> = {},
): string {
  const { core, request } = context;
  const query = user === undefined ? outcome : core.hooks.redirectQueryParameters(user, outcome);
  return core.urls.viewUrl(view ?? core.config.applicationRoot, request, query);
}

/** The contract: this endpoint always redirects. */
function redirect(target: string, message?: MessageReference): DoneReply {
  return { kind: 'done', redirect: target, alwaysRedirect: true, ...(message && { flash: message }) };
}
