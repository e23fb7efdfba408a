import type { RequestContext } from '../../core/context.js';
import type { FieldDefinition, FormDefinition, FormState } from '../../core/form.js';

/** Asks for a link (specification 3.1.7, ForgotPasswordForm). Whether it may be sent the rules find out. */
export const forgotPasswordForm: FormDefinition = {
  name: 'forgot_password_form',
  contextName: 'forgot_password_form',
  fields: [
    {
      name: 'email',
      type: 'email',
      label: 'Email address',
      required: 'EMAIL_NOT_PROVIDED',
      attributes: { autocomplete: 'email', inputmode: 'email', autocapitalize: 'none', spellcheck: 'false' },
    },
  ],
  submit: 'Send link',
  validate: findRecipient,
};

/**
 * Sets `form.user` to whom a link may be sent. Anything that would tell of an account is an error only where answers
 * are not generic (specification 2.5.4).
 */
async function findRecipient(form: FormState, context: RequestContext): Promise<void> {
  const { core } = context;
  const email = core.mailUtil.normalize(form.text('email'));
  const user = email === undefined ? null : await core.datastore.findUser({ email }, { caseInsensitive: true });
  const key = email === undefined ? 'INVALID_EMAIL_ADDRESS' : 'USER_DOES_NOT_EXIST';
  const problem = user === null ? { key } : core.gate.refusal(context, user, { methods: ['reset'] });
  if (problem === undefined && user !== null) form.user = user;
  else if (problem !== undefined && !core.config.returnGenericResponses) form.addError('email', problem);
}

const passwordField: FieldDefinition = {
  name: 'password',
  type: 'password',
  label: 'New password',
  required: 'PASSWORD_NOT_PROVIDED',
  maximumLength: 8192,
  attributes: { autocomplete: 'new-password' },
};

/** Takes the new password (specification 3.1.7, ResetPasswordForm). `form.user` is set before the rules run. */
export const resetPasswordForm: FormDefinition = {
  name: 'reset_password_form',
  contextName: 'reset_password_form',
  fields: [
    passwordField,
    {
      ...passwordField,
      name: 'password_confirm',
      label: 'New password, once more',
      rule: (value, form) => (value === form.text('password') ? undefined : { key: 'RETYPE_PASSWORD_MISMATCH' }),
    },
  ],
  submit: 'Save password',
  validate: judgeNewPassword,
};

/** The rules for passwords; what is known of the user counts as guessable. The normalized form replaces the typed one. */
async function judgeNewPassword(form: FormState, context: RequestContext): Promise<void> {
  const { user } = form;
  const typed = form.text('password');
  const { errors, password } = await context.core.passwordUtil.validate(typed, false, { user: user ?? null });
  for (const { message, parameters } of errors) form.addError('password', { key: message, parameters });
  if (errors.length === 0) form.values.set('password', password);
}
