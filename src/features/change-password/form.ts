import type { RequestContext } from '../../core/context.js';
import type { FieldDefinition, FormDefinition, FormState } from '../../core/form.js';
import { isHashablePassword } from '../../passwords/index.js';

const newPassword: FieldDefinition = {
  name: 'new_password',
  type: 'password',
  label: 'New password',
  required: 'PASSWORD_NOT_PROVIDED',
  maximumLength: 8192,
  attributes: { autocomplete: 'new-password' },
};

/** The old password and the new one (specification 3.1.7, ChangePasswordForm). `form.user` is set before the rules run. */
export const changePasswordForm: FormDefinition = {
  name: 'change_password_form',
  contextName: 'change_password_form',
  fields: [
    {
      name: 'password',
      type: 'password',
      label: 'Current password',
      // Who has none has proven otherwise, and just now, to be who they say: the route sees to that.
      when: ({ user }) => hasPassword(user),
      required: 'PASSWORD_NOT_PROVIDED',
      maximumLength: 8192,
      attributes: { autocomplete: 'current-password' },
    },
    newPassword,
    {
      ...newPassword,
      name: 'new_password_confirm',
      label: 'New password, once more',
      rule: (value, form) => (value === form.text('new_password') ? undefined : { key: 'RETYPE_PASSWORD_MISMATCH' }),
    },
  ],
  submit: 'Change password',
  validate: judge,
};

export function hasPassword(user: { password: string | null } | undefined): boolean {
  return user !== undefined && user.password !== null && user.password !== '';
}

/** Guesses at the password from within a session that may be stolen. */
const guesses = { limit: 10, windowMilliseconds: 3_600_000 };

async function judge(form: FormState, context: RequestContext): Promise<void> {
  const { user } = form;
  const { passwordUtil } = context.core;
  const typed = form.text('new_password');
  if (hasPassword(user)) {
    if (!(await isCurrentPassword(form, context))) return;
    const isSame =
      isHashablePassword(typed) && passwordUtil.normalize(typed) === passwordUtil.normalize(form.text('password'));
    if (isSame) return form.addError('password', { key: 'PASSWORD_IS_THE_SAME' });
  }
  const { errors, password } = await passwordUtil.validate(typed, false, { user: user ?? null });
  for (const { message, parameters } of errors) form.addError('new_password', { key: message, parameters });
  if (errors.length === 0) form.values.set('new_password', password);
}

/** This user's own password, however fresh the session is (attack line P14). */
async function isCurrentPassword(form: FormState, context: RequestContext): Promise<boolean> {
  const { core } = context;
  const { user } = form;
  const key = `change-password:${user?.fs_uniquifier}`;
  const password = form.text('password');
  const attempt = await core.attempts.hit(key, guesses);
  if (!attempt.allowed) {
    form.addError('password', { key: 'TOO_MANY_REQUESTS' });
    return false;
  }
  // Not rehashed: another hash is about to take its place.
  const isRight =
    isHashablePassword(password) &&
    (await core.passwords.verify(core.passwordUtil.normalize(password), user?.password ?? null));
  if (isRight) await core.attempts.clear(key);
  else form.addError('password', { key: 'INVALID_PASSWORD' });
  return isRight;
}
