import type { RequestContext } from '../../core/context.js';
import { sendMail } from '../../core/mail.js';
import type { User } from '../../datastores/contract.js';

/** Tells the owner that the password is another one now, with a way back where there is one. */
export async function sendNotice(
  context: RequestContext,
  user: User,
  options: { sendPasswordChangeEmail: boolean; emailSubjectPasswordChangeNotice: string },
): Promise<void> {
  const { core, request } = context;
  if (!options.sendPasswordChangeEmail) return;
  await core.background.run('password change notice', () =>
    sendMail(context, {
      template: 'change_notice',
      subject: options.emailSubjectPasswordChangeNotice,
      recipient: user.email,
      user,
      values: {
        recovery_link: core.urls.has('forgot_password')
          ? core.urls.urlFor('forgot_password', request, { external: true })
          : null,
      },
    }),
  );
}
