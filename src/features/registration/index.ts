import { defineFeature } from '../../core/feature.js';
import { option } from '../../core/options.js';
import type { SecurityCore } from '../../core/security-core.js';
import { isProtectedColumn } from './columns.js';
import { registerForms } from './form.js';
import { registrationMessages } from './messages.js';
import { registrationRoutes } from './routes.js';

/**
 * Making accounts (specification 1.3.12, 1.4.5; wire contract: `/register`).
 *
 * Without confirmation (or with `loginWithoutConfirmation`) a new user is signed in at once. Such a registration tells
 * whether an address was free, `returnGenericResponses` or not: being signed in is the answer. Switch confirmation on
 * where that matters.
 */
export interface RegistrationOptions {
  registerUrl: string;
  postRegisterView: string | null;
  registerUserTemplate: string;
  sendRegisterEmail: boolean;
  emailSubjectRegister: string;
}

export const registration = defineFeature<RegistrationOptions>({
  name: 'registration',
  flag: 'SECURITY_REGISTERABLE',
  options: {
    registerUrl: option.path('/register', 'Path of registration.', { specified: 'SECURITY_REGISTER_URL' }),
    postRegisterView: option.view(null, 'Where to go after registering; by default `postLoginView`.', {
      specified: 'SECURITY_POST_REGISTER_VIEW',
    }),
    registerUserTemplate: option.text('security/register_user.html', 'Template of the registration page.', {
      specified: 'SECURITY_REGISTER_USER_TEMPLATE',
    }),
    sendRegisterEmail: option.flag(true, 'Who registers gets a mail.', { specified: 'SECURITY_SEND_REGISTER_EMAIL' }),
    emailSubjectRegister: option.text('Welcome', 'Subject of that mail.', {
      specified: 'SECURITY_EMAIL_SUBJECT_REGISTER',
    }),
  },
  messages: registrationMessages,
  signals: ['userRegistered', 'userNotRegistered'],
  userColumns: (_options, config) => (config.usernameEnable ? ['username'] : []),
  forms: (_options, config) => registerForms(config),
  mails: ({ emailSubjectRegister: subject }) =>
    ['welcome', 'welcome_existing', 'welcome_existing_username'].map((template) => ({ template, subject })),
  routes: registrationRoutes,
  check: (_options, core) => {
    warnOfProtectedFields(core);
    return core.config.passwordRequired || core.registry.has('unified-signin')
      ? []
      : ['passwordRequired: false needs unified sign-in: nobody could sign in without a password'];
  },
  flags: () => ({ registerable: true }),
});

/** Fields of the application's that look as if they were stored, but are not. */
function warnOfProtectedFields(core: SecurityCore): void {
  const own = new Set(registerForms(core.config).flatMap((form) => form.fields.map(({ name }) => name)));
  const added = ['register_form', 'confirm_register_form'].flatMap(
    (name) => core.registry.forms.get(name)?.fields ?? [],
  );
  for (const { name } of added) {
    if (!own.has(name) && isProtectedColumn(name) && core.datastore.hasUserColumn(name))
      core.log.warn('a field of the registration form is not stored: registering never sets this column', { name });
  }
}
