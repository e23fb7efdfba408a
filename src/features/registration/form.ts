import type { CoreOptions } from '../../core/config/index.js';
import type { RequestContext } from '../../core/context.js';
import type { FieldDefinition, FormDefinition, FormState } from '../../core/form.js';

const email: FieldDefinition = {
  name: 'email',
  type: 'email',
  label: 'Email address',
  required: 'EMAIL_NOT_PROVIDED',
  attributes: { autocomplete: 'email', inputmode: 'email', autocapitalize: 'none', spellcheck: 'false' },
};

function username(config: CoreOptions): FieldDefinition {
  return {
    name: 'username',
    type: 'text',
    label: 'Username',
    ...(config.usernameRequired ? { required: 'USERNAME_NOT_PROVIDED' } : {}),
    attributes: { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' },
  };
}

function password(name: string, label: string, config: CoreOptions): FieldDefinition {
  return {
    name,
    type: 'password',
    label,
    ...(config.passwordRequired ? { required: 'PASSWORD_NOT_PROVIDED' } : {}),
    maximumLength: 8192,
    attributes: { autocomplete: 'new-password' },
  };
}

/**
 * The two forms of the specification (3.1.7): `register_form` asks for the password twice, `confirm_register_form`
 * once. Rules of ours judge the form as a whole, so that a field that the application redefines cannot lose them.
 */
export function registerForms(config: CoreOptions): FormDefinition[] {
  const head = [email, ...(config.usernameEnable ? [username(config)] : []), password('password', 'Password', config)];
  const next: FieldDefinition = { name: 'next', type: 'hidden', label: '', maximumLength: 4000 };
  const common = { contextName: 'register_user_form', submit: 'Create account', validate: judgeRegistration };
  const retyped = password('password_confirm', 'Password again', config);
  return [
    { ...common, name: 'register_form', fields: [...head, retyped, next] },
    { ...common, name: 'confirm_register_form', fields: [...head, next] },
  ];
}

/** Brings every value into the form that is stored, mailed and compared (law 5), or says what is wrong with it. */
async function judgeRegistration(form: FormState, context: RequestContext): Promise<void> {
  await judgeEmail(form, context);
  judgeUsername(form, context);
  await judgePassword(form, context);
}

async function judgeEmail(form: FormState, { core }: RequestContext): Promise<void> {
  const address = await core.mailUtil.validate(form.text('email'));
  if (address === undefined) form.addError('email', { key: 'INVALID_EMAIL_ADDRESS' });
  else form.values.set('email', address);
}

function judgeUsername(form: FormState, { core }: RequestContext): void {
  if (!core.config.usernameEnable) return;
  const { error, username: name } = core.usernameUtil.validate(form.text('username'));
  if (error) form.addError('username', { key: error.message, parameters: error.parameters });
  else if (name === null && core.config.usernameRequired) form.addError('username', { key: 'USERNAME_NOT_PROVIDED' });
  else form.values.set('username', name ?? '');
}

async function judgePassword(form: FormState, { core }: RequestContext): Promise<void> {
  const given = form.text('password');
  if (given.trim() === '' && (core.config.passwordRequired || given !== ''))
    return form.addError('password', { key: 'PASSWORD_NOT_PROVIDED' });
  const isRetyped = form.definition.name === 'register_form';
  if (isRetyped && form.text('password_confirm') !== given)
    form.addError('password_confirm', { key: 'RETYPE_PASSWORD_MISMATCH' });
  if (given === '') return;
  const verdict = await core.passwordUtil.validate(given, true, { fields: withoutPasswords(form) });
  for (const { message, parameters } of verdict.errors) form.addError('password', { key: message, parameters });
  if (verdict.errors.length === 0) form.values.set('password', verdict.password);
}

/** What was entered, but for secrets: what guessers would try, and what listeners are told. */
export function withoutPasswords(form: FormState): Record<string, unknown> {
  const isSecret = new Set(form.definition.fields.filter(({ type }) => type === 'password').map(({ name }) => name));
  return Object.fromEntries([...form.values].filter(([name]) => !isSecret.has(name)));
}
