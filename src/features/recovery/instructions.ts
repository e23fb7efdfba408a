import type { ActionPurpose } from '../../core/action-token.js';
import type { RequestContext } from '../../core/context.js';
import { milliseconds } from '../../core/duration.js';
import { sendMail } from '../../core/mail.js';
import { mayMail } from '../../core/mail-allowance.js';
import type { User } from '../../datastores/contract.js';
import type { RecoveryOptions } from './index.js';

/**
 * Bound to the password, as the original's tokens are; ours also to address and username, so that a change of any of
 * them kills the token (attack line T4).
 */
export function resetPurpose({ core }: RequestContext, options: RecoveryOptions): ActionPurpose {
  const ownState = (user: User): string =>
    JSON.stringify([user.password, user.email, typeof user['username'] === 'string' ? user['username'] : null]);
  return {
    name: 'reset',
    salt: options.resetSalt,
    withinMilliseconds: milliseconds(options.resetPasswordWithin),
    state: core.profile === 'modern' ? ownState : (user) => user.password || null,
  };
}

/** Issues a token and mails the link. The answer does not wait for it (law 8). */
export async function sendInstructions(context: RequestContext, user: User, options: RecoveryOptions): Promise<void> {
  const { core, request } = context;
  await core.background.run('password reset instructions', async () => {
    if (!(await mayMail(context, user.email))) return;
    const token = await core.actionTokens.issue(resetPurpose(context, options), user, context.now);
    if (options.sendPasswordResetEmail)
      await sendMail(context, {
        template: 'reset_instructions',
        subject: options.emailSubjectPasswordReset,
        recipient: user.email,
        user,
        values: {
          reset_link: core.urls.urlFor('reset_password', request, { external: true, parameters: { token } }),
          reset_token: token,
          within: options.resetPasswordWithin,
        },
      });
    await core.signals.send('resetPasswordInstructionsSent', { user, resetToken: token, token });
  });
}

/** Tells the owner that the password is another one now. */
export async function sendNotice(context: RequestContext, user: User, options: RecoveryOptions): Promise<void> {
  const { core, request } = context;
  if (!options.sendPasswordResetNoticeEmail) return;
  await core.background.run('password reset notice', () =>
    sendMail(context, {
      template: 'reset_notice',
      subject: options.emailSubjectPasswordNotice,
      recipient: user.email,
      user,
      values: { recovery_link: core.urls.urlFor('forgot_password', request, { external: true }) },
    }),
  );
}
