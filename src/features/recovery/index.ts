import { z } from 'zod';
import { parseDuration } from '../../core/duration.js';
import { defineFeature } from '../../core/feature.js';
import { durationFrom, option } from '../../core/options.js';
import { forgotPasswordForm, resetPasswordForm } from './form.js';
import { recoveryMessages } from './messages.js';
import { recoveryRoutes } from './routes.js';

/** A new password for those who forgot theirs (specification 1.3.11, 1.4.8; wire contract: `/reset`, `/reset/{token}`). */
export interface RecoveryOptions {
  resetUrl: string;
  resetPasswordWithin: string;
  resetSalt: string;
  forgotPasswordTemplate: string;
  resetPasswordTemplate: string;
  sendPasswordResetEmail: boolean;
  sendPasswordResetNoticeEmail: boolean;
  emailSubjectPasswordReset: string;
  emailSubjectPasswordNotice: string;
  postResetView: string | null;
  resetView: string | null;
  resetErrorView: string | null;
  autoLoginAfterReset: boolean;
  /**
   * The page behind a mailed link has the token in its address, as the specification has it. Otherwise the token moves
   * into the signed session cookie and the browser goes on to an address without it.
   */
  resetTokenInUrl: boolean;
}

const within = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) > 0, { error: 'expected a positive duration, such as "1 day"' });

export const recovery = defineFeature<RecoveryOptions>({
  name: 'recovery',
  flag: 'SECURITY_RECOVERABLE',
  options: {
    resetUrl: option.path('/reset', 'Path of the page that asks for a link.', { specified: 'SECURITY_RESET_URL' }),
    resetPasswordWithin: option.of<string>(within, '1 day', 'How long a link works.', {
      specified: 'SECURITY_RESET_PASSWORD_WITHIN',
      convert: durationFrom('seconds'),
    }),
    resetSalt: option.text('reset-salt', 'Salt of the tokens in links.', { specified: 'SECURITY_RESET_SALT' }),
    forgotPasswordTemplate: option.text('security/forgot_password.html', 'Template of the page that asks for a link.', {
      specified: 'SECURITY_FORGOT_PASSWORD_TEMPLATE',
    }),
    resetPasswordTemplate: option.text(
      'security/reset_password.html',
      'Template of the page that asks for the new password.',
      { specified: 'SECURITY_RESET_PASSWORD_TEMPLATE' },
    ),
    sendPasswordResetEmail: option.flag(true, 'Sends the link by mail; otherwise only the signal tells of it.', {
      specified: 'SECURITY_SEND_PASSWORD_RESET_EMAIL',
    }),
    sendPasswordResetNoticeEmail: option.flag(true, 'Tells by mail that the password was reset.', {
      specified: 'SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL',
    }),
    emailSubjectPasswordReset: option.text('Password reset instructions', 'Subject of the mail with the link.', {
      specified: 'SECURITY_EMAIL_SUBJECT_PASSWORD_RESET',
    }),
    emailSubjectPasswordNotice: option.text('Your password has been reset', 'Subject of the notice.', {
      specified: 'SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE',
    }),
    postResetView: option.view(
      null,
      'Where to go afterwards; by default the sign-in page, or `postLoginView` with `autoLoginAfterReset`.',
      { specified: 'SECURITY_POST_RESET_VIEW' },
    ),
    resetView: option.view(null, 'With `redirectBehavior: "spa"`: where links lead, with the `token`.', {
      specified: 'SECURITY_RESET_VIEW',
    }),
    resetErrorView: option.view(
      null,
      'With `redirectBehavior: "spa"`: where links lead that do not work, with the `error`.',
      { specified: 'SECURITY_RESET_ERROR_VIEW' },
    ),
    autoLoginAfterReset: option.flag(
      false,
      'A reset signs in (a second factor is asked for all the same). Not advised: a mailbox is no password.',
      { specified: 'SECURITY_AUTO_LOGIN_AFTER_RESET' },
    ),
    resetTokenInUrl: option.flag(false, 'The page behind a mailed link keeps the token in its address.', {
      documented: true,
    }),
  },
  messages: recoveryMessages,
  signals: ['resetPasswordInstructionsSent', 'passwordReset'],
  userColumns: () => ['email', 'password', 'fs_uniquifier'],
  forms: () => [forgotPasswordForm, resetPasswordForm],
  mails: ({ emailSubjectPasswordReset, emailSubjectPasswordNotice }) => [
    { template: 'reset_instructions', subject: emailSubjectPasswordReset },
    { template: 'reset_notice', subject: emailSubjectPasswordNotice },
  ],
  routes: recoveryRoutes,
  check: ({ resetView, resetErrorView }, { config }) =>
    config.redirectBehavior === 'spa' && (resetView === null || resetErrorView === null)
      ? ['redirectBehavior "spa" needs resetView and resetErrorView']
      : [],
  flags: () => ({ recoverable: true }),
});
