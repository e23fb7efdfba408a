import type { FormDefinition } from '../../core/form.js';

/** The address to which a link is sent (specification 3.1.7: `PasswordlessLoginForm`). */
export const passwordlessLoginForm: FormDefinition = {
  name: 'passwordless_login_form',
  contextName: 'send_login_form',
  fields: [
    {
      name: 'email',
      type: 'email',
      label: 'Email address',
      required: 'EMAIL_NOT_PROVIDED',
      attributes: { autocomplete: 'email', inputmode: 'email', autocapitalize: 'none', spellcheck: 'false' },
      rule: (value, _form, context) =>
        context.core.mailUtil.normalize(value) === undefined ? { key: 'INVALID_EMAIL_ADDRESS' } : undefined,
    },
    { name: 'next', type: 'hidden', label: '', maximumLength: 4000 },
  ],
  submit: 'Send me a link',
  async validate(form, { core }) {
    const email = core.mailUtil.normalize(form.text('email'));
    const caseInsensitive = core.identities.attribute('email')?.caseInsensitive ?? true;
    const user = await core.datastore.findUser({ email }, { caseInsensitive });
    form.user = user?.active ? user : undefined;
    // A stranger is told the same of every address (specification 2.5.4).
    if (form.user !== undefined || core.config.returnGenericResponses) return;
    form.addError('email', { key: user === null ? 'USER_DOES_NOT_EXIST' : 'DISABLED_ACCOUNT' });
  },
};
