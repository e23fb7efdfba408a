import type { ActionPurpose } from '../../core/action-token.js';
import type { RequestContext } from '../../core/context.js';
import { milliseconds } from '../../core/duration.js';
import { sendMail } from '../../core/mail.js';
import { mayMail } from '../../core/mail-allowance.js';
import type { User } from '../../datastores/contract.js';
import type { PasswordlessOptions } from './index.js';

/**
 * What a link is bound to: beside the `fs_uniquifier` (all that the original's tokens hold, and the flask profile has
 * to read those) the address it was mailed to and the password, so that a change of either kills it.
 */
export function loginPurpose(context: RequestContext, options: PasswordlessOptions): ActionPurpose {
  const isBound = context.core.profile === 'modern';
  return {
    name: 'login',
    salt: options.loginSalt,
    withinMilliseconds: milliseconds(options.loginWithin),
    state: (user) => (isBound ? JSON.stringify([user.email, user.password]) : null),
  };
}

/** Mails a new link to a known user, beside the answer (law 8). `next` goes along and is judged again at the end. */
export async function sendLoginInstructions(
  context: RequestContext,
  options: PasswordlessOptions,
  user: User,
  next: string | undefined,
): Promise<void> {
  const { core, request } = context;
  await core.background.run('mailing login instructions', async () => {
    if (!(await mayMail(context, user.email))) return;
    const token = await core.actionTokens.issue(loginPurpose(context, options), user, context.now);
    const link = core.urls.urlFor('token_login', request, { external: true, parameters: { token }, query: { next } });
    await sendMail(context, {
      template: 'login_instructions',
      subject: options.emailSubjectPasswordless,
      recipient: user.email,
      user,
      values: { login_link: link, login_token: token, within: options.loginWithin },
    });
    await core.signals.send('loginInstructionsSent', { user, loginToken: token });
  });
}
