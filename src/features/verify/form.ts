import type { FormDefinition } from '../../core/form.js';
import { isHashablePassword } from '../../passwords/index.js';

/** The password of the signed-in user, and of nobody else (law 3). `form.user` is set before the rules run. */
export const verifyForm: FormDefinition = {
  name: 'verify_form',
  contextName: 'verify_form',
  fields: [
    {
      name: 'password',
      type: 'password',
      label: 'Password',
      required: 'PASSWORD_NOT_PROVIDED',
      maximumLength: 8192,
      attributes: { autocomplete: 'current-password' },
    },
    { name: 'next', type: 'hidden', label: '', maximumLength: 4000 },
  ],
  submit: 'Confirm',
  async validate(form, context) {
    const password = form.text('password');
    const { core } = context;
    const right =
      form.user !== undefined &&
      isHashablePassword(password) &&
      (await core.verifyAndUpdatePassword(form.user, core.passwordUtil.normalize(password)));
    if (!right) form.addError('password', { key: 'INVALID_PASSWORD' });
  },
};
