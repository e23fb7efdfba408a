import { defineFeature } from '../../core/feature.js';
import { option } from '../../core/options.js';
import { passwordlessLoginForm } from './form.js';
import { passwordlessMessages } from './messages.js';
import { passwordlessRoutes } from './routes.js';

/** Signing in with a link that is mailed (specification 1.4.11; wire contract: `/login(passwordless)`). */
export interface PasswordlessOptions {
  sendLoginTemplate: string;
  emailSubjectPasswordless: string;
  loginWithin: string;
  loginSalt: string;
  /** Opening the link signs in at once, as the specification has it; otherwise a button on its page does. */
  loginOnGet: boolean;
}

export const passwordless = defineFeature<PasswordlessOptions>({
  name: 'passwordless',
  flag: 'SECURITY_PASSWORDLESS',
  options: {
    sendLoginTemplate: option.text('security/send_login.html', 'Template of the page that asks for the address.', {
      specified: 'SECURITY_SEND_LOGIN_TEMPLATE',
    }),
    emailSubjectPasswordless: option.text('Login instructions', 'Subject of the mail with the link.', {
      specified: 'SECURITY_EMAIL_SUBJECT_PASSWORDLESS',
    }),
    loginWithin: option.duration('1 days', 'How long a link works.', { specified: 'SECURITY_LOGIN_WITHIN' }),
    loginSalt: option.text('login-salt', 'Salt of the tokens in the links.', { specified: 'SECURITY_LOGIN_SALT' }),
    loginOnGet: option.flag(false, 'Opening the link signs in at once; otherwise a button on its page does.', {
      documented: true,
    }),
  },
  messages: passwordlessMessages,
  signals: ['loginInstructionsSent'],
  forms: () => [passwordlessLoginForm],
  mails: (options) => [{ template: 'login_instructions', subject: options.emailSubjectPasswordless }],
  contributes: (options) => [
    { to: 'route', endpoint: 'login', replace: (original) => passwordlessRoutes(original, options) },
  ],
  flags: () => ({ passwordless: true }),
});
