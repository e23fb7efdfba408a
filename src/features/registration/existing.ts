import type { RequestContext } from '../../core/context.js';
import type { FieldRule, FormState } from '../../core/form.js';
import type { MessageReference } from '../../core/messages.js';
import type { User } from '../../datastores/contract.js';

/** Which of the wanted identities belong to somebody already. */
export interface Existing {
  emailUser: User | null;
  usernameUser: User | null;
  /** Another identity, or another unique column of the application's: its name. */
  other: string | null;
}

const isOurs = (form: FormState): boolean => /^(confirm_)?register_form$/.test(form.definition.name);
/** Identities that {@link uniqueIdentityAttribute} found taken and must not tell about. */
const takenFields = new WeakMap<FormState, string>();

/**
 * A rule for fields of the application's own: refuses a value that identifies a user by any of the configured identity
 * attributes (specification 3.1.5). On the registration forms with generic responses it refuses nothing, and the
 * registration answers as for an existing account.
 *
 * @example forms: { registerForm: { fields: [{ name: 'phone', type: 'text', label: 'Phone', rule: uniqueIdentityAttribute }] } }
 */
export const uniqueIdentityAttribute: FieldRule = async (value, form, context) => {
  const { identities, config } = context.core;
  for (const attribute of identities.attributes) {
    if ((await identities.findBy(attribute, value)) === null) continue;
    if (!config.returnGenericResponses || !isOurs(form))
      return { key: 'IDENTITY_ALREADY_ASSOCIATED', parameters: { attr: attribute, value } };
    takenFields.set(form, attribute);
  }
  return undefined;
};

/** Looks the wanted identities up, whatever comes of each: one time for all (law 8). */
export async function findExisting(context: RequestContext, form: FormState): Promise<Existing> {
  const { datastore, config } = context.core;
  const find = (column: string) => datastore.findUser({ [column]: form.text(column) }, { caseInsensitive: true });
  return {
    emailUser: await find('email'),
    usernameUser: config.usernameEnable && form.text('username') !== '' ? await find('username') : null,
    other: takenFields.get(form) ?? null,
  };
}

export function isTaken({ emailUser, usernameUser, other }: Existing): boolean {
  return emailUser !== null || usernameUser !== null || other !== null;
}

/** Says at each field what is taken: only where generic responses are off. */
export function addErrors(form: FormState, { emailUser, usernameUser, other }: Existing): void {
  const add = (field: string, message: MessageReference) => {
    const isShown = form.definition.fields.some(({ name }) => name === field);
    form.addError(isShown ? field : null, message);
  };
  if (emailUser) add('email', { key: 'EMAIL_ALREADY_ASSOCIATED', parameters: { email: form.text('email') } });
  if (usernameUser)
    add('username', { key: 'USERNAME_ALREADY_ASSOCIATED', parameters: { username: form.text('username') } });
  if (other !== null && !emailUser && !usernameUser) {
    const parameters = { attr: other, value: form.text(other) };
    add(other, { key: 'IDENTITY_ALREADY_ASSOCIATED', parameters });
  }
}
