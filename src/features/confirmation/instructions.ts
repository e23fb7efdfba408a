import type { ActionPurpose } from '../../core/action-token.js';
import type { RequestContext } from '../../core/context.js';
import { milliseconds } from '../../core/duration.js';
import type { ConfirmationInstructions } from '../../core/feature-services.js';
import { sendMail } from '../../core/mail.js';
import { mayMail } from '../../core/mail-allowance.js';
import type { User } from '../../datastores/contract.js';
import type { ConfirmationOptions } from './index.js';

/** Bound to the address: whoever changes it needs a new link. */
export function confirmPurpose(options: ConfirmationOptions): ActionPurpose {
  return {
    name: 'confirm',
    salt: options.confirmSalt,
    withinMilliseconds: milliseconds(options.confirmEmailWithin),
    state: (user) => user.email,
  };
}

/** A new token and the absolute link that carries it (specification 1.4.6). Earlier ones die. */
export async function issueInstructions(
  context: RequestContext,
  user: User,
  options: ConfirmationOptions,
): Promise<ConfirmationInstructions> {
  const { core, request } = context;
  const token = await core.actionTokens.issue(confirmPurpose(options), user, context.now);
  const link = core.urls.urlFor('confirm_email', request, { external: true, parameters: { token } });
  return { token, link, within: options.confirmEmailWithin };
}

/** Mails instructions to a user who waits to be confirmed. The answer does not wait for it (law 8). */
export async function sendInstructions(
  context: RequestContext,
  user: User,
  options: ConfirmationOptions,
): Promise<void> {
  await context.core.background.run('confirmation instructions', async () => {
    if (!(await mayMail(context, user.email))) return;
    const { token, link, within } = await issueInstructions(context, user, options);
    await sendMail(context, {
      template: 'confirmation_instructions',
      subject: options.emailSubjectConfirm,
      recipient: user.email,
      user,
      values: { confirmation_link: link, confirmation_token: token, within },
    });
    await context.core.signals.send('confirmInstructionsSent', { user, confirmationToken: token, token });
  });
}
