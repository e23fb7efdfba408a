import { z } from 'zod';
import { parseDuration } from '../../core/duration.js';
import { defineFeature } from '../../core/feature.js';
import { durationFrom, option } from '../../core/options.js';
import { markBrowser } from './browser.js';
import { confirmEmailForm, confirmEmailPasswordForm, sendConfirmationForm } from './form.js';
import { issueInstructions } from './instructions.js';
import { confirmationMessages } from './messages.js';
import { confirmationRoutes } from './routes.js';

/** Proving that an address is one's own (specification 1.4.6; wire contract: `/confirm`, `/confirm/{token}`). */
export interface ConfirmationOptions {
  confirmUrl: string;
  confirmEmailWithin: string;
  confirmSalt: string;
  sendConfirmationTemplate: string;
  /** Template of the page that a mailed link opens. */
  confirmEmailTemplate: string;
  emailSubjectConfirm: string;
  confirmErrorView: string | null;
  postConfirmView: string | null;
  autoLoginAfterConfirm: boolean;
  loginWithoutConfirmation: boolean;
  /** Opening the link confirms. Otherwise it shows a page with a button: mail scanners press none. */
  confirmOnGet: boolean;
  /**
   * An account whose address is not confirmed is a claim that anybody could make. Whoever confirms it in another
   * browser than the one it was made in types the password that came with it, or drops that password and with it every
   * session and token: nobody else's password outlives the proof.
   */
  confirmAsksPassword: boolean;
  /** An expired link is answered with a new one by mail. */
  resendExpiredConfirmation: boolean;
}

const within = z
  .string()
  .refine((text) => (parseDuration(text) ?? 0) > 0, { error: 'expected a positive duration, such as "5 days"' });

export const confirmation = defineFeature<ConfirmationOptions>({
  name: 'confirmation',
  flag: 'SECURITY_CONFIRMABLE',
  options: {
    confirmUrl: option.path('/confirm', 'Path of confirmation.', { specified: 'SECURITY_CONFIRM_URL' }),
    confirmEmailWithin: option.of<string>(within, '5 days', 'How long a confirmation link works.', {
      specified: 'SECURITY_CONFIRM_EMAIL_WITHIN',
      convert: durationFrom('seconds'),
    }),
    confirmSalt: option.text('confirm-salt', 'Salt of confirmation tokens.', { specified: 'SECURITY_CONFIRM_SALT' }),
    sendConfirmationTemplate: option.text(
      'security/send_confirmation.html',
      'Template of the page that asks for new instructions.',
      { specified: 'SECURITY_SEND_CONFIRMATION_TEMPLATE' },
    ),
    confirmEmailTemplate: option.text('security/confirm_email.html', 'Template of the page that a mailed link opens.'),
    emailSubjectConfirm: option.text('Please confirm your email', 'Subject of the mail with the link.', {
      specified: 'SECURITY_EMAIL_SUBJECT_CONFIRM',
    }),
    confirmErrorView: option.view(null, 'Where to go with a link that does not work; by default `confirmUrl`.', {
      specified: 'SECURITY_CONFIRM_ERROR_VIEW',
    }),
    postConfirmView: option.view(null, 'Where to go once the address is confirmed.', {
      specified: 'SECURITY_POST_CONFIRM_VIEW',
    }),
    autoLoginAfterConfirm: option.flag(false, 'Confirming signs in (a second factor is asked for all the same).', {
      specified: 'SECURITY_AUTO_LOGIN_AFTER_CONFIRM',
    }),
    loginWithoutConfirmation: option.flag(false, 'Users may sign in before they confirm.', {
      specified: 'SECURITY_LOGIN_WITHOUT_CONFIRMATION',
    }),
    confirmOnGet: option.flag(false, 'Opening the link confirms, without a page with a button.', { documented: true }),
    confirmAsksPassword: option.flag(
      true,
      'Confirming in another browser than the one that registered asks for the password chosen there.',
      { documented: false },
    ),
    resendExpiredConfirmation: option.flag(false, 'An expired link is answered with a new one by mail.'),
  },
  messages: confirmationMessages,
  signals: ['userConfirmed', 'confirmInstructionsSent'],
  userColumns: () => ['confirmed_at'],
  forms: () => [sendConfirmationForm, confirmEmailForm, confirmEmailPasswordForm],
  mails: ({ emailSubjectConfirm }) => [{ template: 'confirmation_instructions', subject: emailSubjectConfirm }],
  routes: confirmationRoutes,
  contributes: (options) => [
    {
      to: 'gate',
      refuse: (user) =>
        options.loginWithoutConfirmation || isConfirmed(user['confirmed_at'])
          ? undefined
          : { key: 'CONFIRMATION_REQUIRED' },
    },
    {
      to: 'service',
      name: 'confirmation',
      service: {
        loginWithoutConfirmation: options.loginWithoutConfirmation,
        issue: (context, user) => issueInstructions(context, user, options),
        markBrowser,
      },
    },
  ],
  check: ({ confirmErrorView, postConfirmView }, { config }) =>
    config.redirectBehavior === 'spa' && (confirmErrorView === null || postConfirmView === null)
      ? ['redirectBehavior "spa" needs confirmErrorView and postConfirmView']
      : [],
  flags: () => ({ confirmable: true }),
});

/** A column that is missing from the record counts as not confirmed. */
function isConfirmed(confirmedAt: unknown): boolean {
  return confirmedAt !== null && confirmedAt !== undefined;
}
