import { type CoreOptions, identityAttributes } from '../../core/config/index.js';
import type { RequestContext } from '../../core/context.js';
import type { FieldDefinition, FormDefinition, FormState } from '../../core/form.js';
import type { User } from '../../datastores/contract.js';
import { isHashablePassword } from '../../passwords/index.js';

const email: FieldDefinition = {
  name: 'email',
  type: 'email',
  label: 'Email address',
  attributes: { autocomplete: 'email', inputmode: 'email', autocapitalize: 'none', spellcheck: 'false' },
  rule: (value, _form, context) =>
    context.core.mailUtil.normalize(value) === undefined ? { key: 'INVALID_EMAIL_ADDRESS' } : undefined,
};

const password: FieldDefinition = {
  name: 'password',
  type: 'password',
  label: 'Password',
  required: 'PASSWORD_NOT_PROVIDED',
  maximumLength: 8192,
  attributes: { autocomplete: 'current-password' },
  description: {
    text: 'Forgot your password?',
    url: ({ core, request }) =>
      core.urls.has('forgot_password') ? core.urls.urlFor('forgot_password', request) : undefined,
  },
};

const username: FieldDefinition = {
  name: 'username',
  type: 'text',
  label: 'Username',
  attributes: { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' },
};

/** A field for each attribute that identifies a user; of the application's own, those that have a label. */
function identityFields(config: CoreOptions): FieldDefinition[] {
  return identityAttributes(config).flatMap((entry) =>
    Object.entries(entry).flatMap(([name, { label }]): FieldDefinition[] => {
      if (name === 'email') return [email];
      if (name === 'username') return [username];
      return label === undefined ? [] : [{ name, type: 'text', label }];
    }),
  );
}

/** The sign-in form of a configuration. */
export const loginForm = (config: CoreOptions): FormDefinition => ({
  name: 'login_form',
  contextName: 'login_user_form',
  fields: [
    ...identityFields(config),
    password,
    {
      name: 'remember',
      type: 'checkbox',
      label: 'Stay signed in on this device',
      initial: ({ core }) => core.config.defaultRememberMe,
    },
    { name: 'next', type: 'hidden', label: '', maximumLength: 4000 },
  ],
  submit: 'Sign in',
  validate: judgeCredentials,
});

/** Finds the user of the first identity that was given and checks the password, in one time for all (law 8). */
async function judgeCredentials(form: FormState, context: RequestContext): Promise<void> {
  const { core } = context;
  const attribute = core.identities.attributes.find((name) => form.text(name).trim() !== '');
  if (attribute === undefined) {
    const only = core.identities.attributes.length === 1 ? core.identities.attributes[0] : undefined;
    if (only === 'email') form.addError('email', { key: 'EMAIL_NOT_PROVIDED' });
    else if (only === 'username') form.addError('username', { key: 'USERNAME_NOT_PROVIDED' });
    else form.addError(null, { key: 'IDENTITY_NOT_PROVIDED' });
    return;
  }
  const given = form.text('password');
  const user = await core.identities.findBy(attribute, form.text(attribute));
  const verified = isHashablePassword(given) && (await verify(user, core.passwordUtil.normalize(given), context));
  if (user !== null && verified) {
    form.user = user;
    return;
  }
  if (core.config.returnGenericResponses) form.addError(null, { key: 'GENERIC_AUTHN_FAILED' });
  else if (user === null) form.addError(attribute, { key: 'USER_DOES_NOT_EXIST' });
  else form.addError('password', { key: 'INVALID_PASSWORD' });
}

async function verify(user: User | null, password: string, context: RequestContext): Promise<boolean> {
  if (user !== null) return await context.core.verifyAndUpdatePassword(user, password);
  await context.core.passwords.dummyVerify(password);
  return false;
}
