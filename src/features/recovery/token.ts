import type { RequestContext } from '../../core/context.js';
import type { MessageReference } from '../../core/messages.js';
import { replacePassword } from '../../core/replace-password.js';
import type { User } from '../../datastores/contract.js';
import type { RecoveryOptions } from './index.js';
import { resetPurpose } from './instructions.js';

/** Our key in the session: a token that has left the address bar. Signing in or out forgets it. */
const sessionKey = 'sp_reset';

const invalid: MessageReference = { key: 'INVALID_RESET_PASSWORD_TOKEN' };

export function keepToken(context: RequestContext, token: string): void {
  context.session.set(sessionKey, token);
}

export function keptToken(context: RequestContext): string {
  return context.session.getText(sessionKey) ?? '';
}

export function forgetToken(context: RequestContext): void {
  context.session.delete(sessionKey);
}

/** Whose token this is, or what is wrong with it. Who may not sign in resets nothing either (attack line A10). */
export async function inspectToken(
  context: RequestContext,
  token: string,
  options: RecoveryOptions,
): Promise<{ user: User } | { refused: MessageReference }> {
  if (token === '') return { refused: invalid };
  const found = await context.core.actionTokens.inspect(resetPurpose(context, options), token, context.now);
  if (found.status === 'expired')
    return { refused: { key: 'PASSWORD_RESET_EXPIRED', parameters: { within: options.resetPasswordWithin } } };
  if (found.status === 'invalid') return { refused: invalid };
  const mayNot = context.core.gate.refusal(context, found.user, { methods: ['reset'] });
  return mayNot === undefined ? { user: found.user } : { refused: invalid };
}

/**
 * Uses the token and writes the password in one transaction: of many at once, one.
 *
 * @param password normalized and judged already
 */
export async function useToken(
  context: RequestContext,
  token: string,
  password: string,
  options: RecoveryOptions,
): Promise<User | null> {
  const { core } = context;
  // Before the transaction: it takes long, and it may be refused when too many wait.
  const hash = await core.passwords.hash(password);
  const used = await core.actionTokens.use(resetPurpose(context, options), token, context.now, (user, store) =>
    replacePassword(store, user, hash),
  );
  return used.status === 'done' ? used.result : null;
}
