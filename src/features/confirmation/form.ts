import type { RequestContext } from '../../core/context.js';
import type { FormDefinition, FormState } from '../../core/form.js';
import { isHashablePassword } from '../../passwords/index.js';

/** Asks for new instructions (specification 3.1.7, SendConfirmationForm). Whom they go to the route finds out. */
export const sendConfirmationForm: FormDefinition = {
  name: 'send_confirmation_form',
  contextName: 'send_confirmation_form',
  fields: [
    {
      name: 'email',
      type: 'email',
      label: 'Email address',
      required: 'EMAIL_NOT_PROVIDED',
      attributes: { autocomplete: 'email', inputmode: 'email', autocapitalize: 'none', spellcheck: 'false' },
    },
  ],
  submit: 'Send confirmation mail',
};

/** Nothing but a button: for the browser in which the account was made. */
export const confirmEmailForm: FormDefinition = {
  name: 'confirm_email_form',
  contextName: 'confirm_email_form',
  fields: [],
  submit: 'Confirm address',
};

/** For any other browser: the password that came with the address, or the wish to be rid of it. */
export const confirmEmailPasswordForm: FormDefinition = {
  name: 'confirm_email_password_form',
  contextName: 'confirm_email_form',
  fields: [
    {
      name: 'password',
      type: 'password',
      label: 'Password',
      maximumLength: 8192,
      attributes: { autocomplete: 'current-password' },
    },
    { name: 'without_password', type: 'hidden', label: '', maximumLength: 8 },
  ],
  submit: 'Confirm address',
  validate: judgePassword,
};

/** Guesses at one account's password from behind its own link. */
const guesses = { limit: 10, windowMilliseconds: 3_600_000 };

/** `form.user`, whom the token names, is set before the rules run. */
async function judgePassword(form: FormState, context: RequestContext): Promise<void> {
  const { user } = form;
  const { core } = context;
  if (form.text('without_password') !== '') return;
  const password = form.text('password');
  if (password.trim() === '') return form.addError('password', { key: 'PASSWORD_NOT_PROVIDED' });
  if (user === undefined) return form.addError('password', { key: 'INVALID_PASSWORD' });
  const attempt = await core.attempts.hit(`confirm-password:${user.fs_uniquifier}`, guesses);
  if (!attempt.allowed) return form.addError('password', { key: 'TOO_MANY_REQUESTS' });
  const right =
    isHashablePassword(password) && (await core.verifyAndUpdatePassword(user, core.passwordUtil.normalize(password)));
  if (!right) form.addError('password', { key: 'INVALID_PASSWORD' });
}
