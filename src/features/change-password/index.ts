import { defineFeature } from '../../core/feature.js';
import { option } from '../../core/options.js';
import { changePasswordForm } from './form.js';
import { changePasswordMessages } from './messages.js';
import { changePasswordRoutes } from './routes.js';

/** Another password for those who are signed in (specification 1.3.13, 1.4.7; wire contract: `/change`). */
export interface ChangePasswordOptions {
  changeUrl: string;
  postChangeView: string | null;
  changePasswordTemplate: string;
  sendPasswordChangeEmail: boolean;
  emailSubjectPasswordChangeNotice: string;
}

export const changePassword = defineFeature<ChangePasswordOptions>({
  name: 'change-password',
  flag: 'SECURITY_CHANGEABLE',
  options: {
    changeUrl: option.path('/change', 'Path of the page that changes the password.', {
      specified: 'SECURITY_CHANGE_URL',
    }),
    postChangeView: option.view(null, 'Where to go afterwards; by default `postLoginView`.', {
      specified: 'SECURITY_POST_CHANGE_VIEW',
    }),
    changePasswordTemplate: option.text('security/change_password.html', 'Template of that page.', {
      specified: 'SECURITY_CHANGE_PASSWORD_TEMPLATE',
    }),
    sendPasswordChangeEmail: option.flag(true, 'Tells by mail that the password was changed.', {
      specified: 'SECURITY_SEND_PASSWORD_CHANGE_EMAIL',
    }),
    emailSubjectPasswordChangeNotice: option.text('Your password has been changed', 'Subject of that mail.', {
      specified: 'SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE',
    }),
  },
  messages: changePasswordMessages,
  signals: ['passwordChanged'],
  userColumns: () => ['email', 'password', 'fs_uniquifier'],
  forms: () => [changePasswordForm],
  mails: ({ emailSubjectPasswordChangeNotice }) => [
    { template: 'change_notice', subject: emailSubjectPasswordChangeNotice },
  ],
  routes: changePasswordRoutes,
  flags: () => ({ changeable: true }),
});
