import type { RequestContext } from '../../core/context.js';
import type { ConfirmationInstructions } from '../../core/feature-services.js';
import type { FieldValue, FormState } from '../../core/form.js';
import { sendMail } from '../../core/mail.js';
import { mayMail } from '../../core/mail-allowance.js';
import { DuplicateError, type User } from '../../datastores/contract.js';
import { isProtectedColumn } from './columns.js';
import { type Existing, findExisting } from './existing.js';
import { withoutPasswords } from './form.js';
import type { RegistrationOptions } from './index.js';

/**
 * Makes the account, or answers what is taken when somebody else was faster. Of the form's fields only those reach the
 * store that are columns of the user table and nobody else's business (attack line P9).
 */
export async function createAccount(
  context: RequestContext,
  form: FormState,
  passwordHash: string | null,
): Promise<{ user: User } | { existing: Existing }> {
  const { datastore, config } = context.core;
  const username = config.usernameEnable ? { username: form.text('username') || null } : {};
  const values = { ...ownColumns(context, form), ...username, email: form.text('email'), password: passwordHash };
  try {
    return { user: await datastore.createUser(values) };
  } catch (error) {
    if (!(error instanceof DuplicateError)) throw error;
    const found = await findExisting(context, form);
    const isKnown = found.emailUser !== null || found.usernameUser !== null;
    return { existing: isKnown ? found : { ...found, other: found.other ?? error.column ?? 'identity' } };
  }
}

/** Values of the application's own columns. */
function ownColumns({ core }: RequestContext, form: FormState): Record<string, FieldValue> {
  const own = form.definition.fields.filter(
    ({ name, type }) => type !== 'password' && !isProtectedColumn(name) && core.datastore.hasUserColumn(name),
  );
  return Object.fromEntries(
    own.flatMap(({ name }) => {
      const value = form.values.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Tells listeners of a new account, with the token that its mail will carry (specification 3.1.8). */
export async function announce(
  context: RequestContext,
  form: FormState,
  user: User,
): Promise<ConfirmationInstructions | undefined> {
  const { core } = context;
  const instructions = await core.registry.service('confirmation')?.issue(context, user);
  const token = instructions?.token ?? null;
  const formData = withoutPasswords(form);
  await core.signals.send('userRegistered', { user, confirmationToken: token, confirmToken: token, formData });
  return instructions;
}

/** The mail for a new account (specification 1.4.5, 2.1.4). */
export async function welcome(
  context: RequestContext,
  user: User,
  instructions: ConfirmationInstructions | undefined,
  options: RegistrationOptions,
): Promise<void> {
  const values = {
    confirmation_link: instructions?.link ?? null,
    confirmation_token: instructions?.token ?? null,
    within: instructions?.within,
  };
  await mail(context, options, 'welcome', user.email, user, values);
}

/** The signal and the mail where there is an account already (specification 2.5.4): only with generic responses. */
export async function tellExisting(
  context: RequestContext,
  form: FormState,
  { emailUser, usernameUser }: Existing,
  options: RegistrationOptions,
): Promise<void> {
  const { core, request } = context;
  await core.signals.send('userNotRegistered', {
    user: emailUser,
    existingEmail: emailUser !== null,
    existingUsername: usernameUser !== null,
    formData: withoutPasswords(form),
  });
  if (emailUser !== null) {
    const recoveryLink = core.urls.has('forgot_password')
      ? core.urls.urlFor('forgot_password', request, { external: true })
      : null;
    const values = { recovery_link: recoveryLink, account_username: plainUsername(emailUser) };
    return await mail(context, options, 'welcome_existing', emailUser.email, emailUser, values);
  }
  const values = { email: form.text('email'), username: form.text('username') || null };
  await mail(context, options, 'welcome_existing_username', form.text('email'), null, values);
}

/** The username, where it is but letters and numbers: nothing that a mail program could make a link of (attack line A3). */
function plainUsername({ username }: User): string | undefined {
  return typeof username === 'string' && /^[\p{L}\p{N}]{1,64}$/u.test(username) ? username : undefined;
}

async function mail(
  context: RequestContext,
  options: RegistrationOptions,
  template: string,
  recipient: string,
  user: User | null,
  values: Record<string, unknown>,
): Promise<void> {
  if (!options.sendRegisterEmail || !(await mayMail(context, recipient))) return;
  await sendMail(context, { template, subject: options.emailSubjectRegister, recipient, user, values });
}
