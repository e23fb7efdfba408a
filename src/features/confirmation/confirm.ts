import type { RequestContext } from '../../core/context.js';
import type { MessageReference } from '../../core/messages.js';
import { randomToken } from '../../crypto/encoding.js';
import type { User, UserDatastore } from '../../datastores/contract.js';
import { isMarkedBrowser } from './browser.js';
import type { ConfirmationOptions } from './index.js';
import { confirmPurpose } from './instructions.js';

/** What a link is worth, looked at without using it. */
export type LinkStatus =
  | { state: 'usable'; user: User }
  | { state: 'expired'; user: User }
  | { state: 'useless'; message: MessageReference };

export async function inspectLink(
  context: RequestContext,
  token: string,
  options: ConfirmationOptions,
): Promise<LinkStatus> {
  const found = await context.core.actionTokens.inspect(confirmPurpose(options), token, context.now);
  if (found.status === 'invalid') return { state: 'useless', message: { key: 'INVALID_CONFIRMATION_TOKEN' } };
  if (found.user['confirmed_at'] != null) return { state: 'useless', message: { key: 'ALREADY_CONFIRMED' } };
  return { state: found.status === 'valid' ? 'usable' : 'expired', user: found.user };
}

/** Who holds the link, as far as the account's password is concerned. */
export interface Holder {
  /** Neither signed in as the user nor in the browser in which the account was made. */
  isStranger: boolean;
  /** A stranger has to show that the password is theirs. */
  asksPassword: boolean;
}

export async function judgeHolder(context: RequestContext, user: User, options: ConfirmationOptions): Promise<Holder> {
  const isKnown =
    !options.confirmAsksPassword || isMarkedBrowser(context, user) || (await isCurrentUser(context, user));
  return { isStranger: !isKnown, asksPassword: !isKnown && user.password !== null };
}

export async function isCurrentUser(context: RequestContext, user: User): Promise<boolean> {
  const current = await context.currentUser();
  return current !== null && context.core.datastore.userKey(current) === context.core.datastore.userKey(user);
}

/**
 * Uses the link: of many at once, one confirms. `inherits`: whether what was set up before the proof lives on;
 * otherwise password, sessions, tokens and second factors end with it.
 */
export async function confirmUser(
  context: RequestContext,
  token: string,
  options: ConfirmationOptions,
  inherits: boolean,
): Promise<{ user: User } | { refused: MessageReference }> {
  const { core } = context;
  // No column is emptied: the application's may not allow it. Nobody knows what was hashed here.
  const unknowable = inherits ? undefined : await core.passwords.hash(randomToken());
  const work = async (user: User, store: UserDatastore): Promise<User | null> => {
    const { email, fs_uniquifier, password } = user;
    const changes = {
      confirmed_at: new Date(context.now),
      ...(password === null || unknowable === undefined ? {} : { password: unknowable }),
    };
    if (!(await store.compareAndSet(user, { email, fs_uniquifier, confirmed_at: null }, changes))) return null;
    return inherits ? await store.findUser({ fs_uniquifier }) : await endEarlierAccess(user, store);
  };
  const used = await core.actionTokens.use(confirmPurpose(options), token, context.now, work);
  if (used.status !== 'done') return { refused: { key: 'INVALID_CONFIRMATION_TOKEN' } };
  if (used.result === null) return { refused: { key: 'ALREADY_CONFIRMED' } };
  await core.signals.send('userConfirmed', { user: used.result });
  return { user: used.result };
}

/** Everything goes but the unified sign-in by mail: that leads into the mailbox which has just been proven. */
async function endEarlierAccess(user: User, store: UserDatastore): Promise<User> {
  const email = store.hasUserColumn('us_totp_secrets') ? store.usGetTotpSecrets(user)['email'] : undefined;
  const fresh = await store.resetUserAccess(user);
  return email === undefined ? fresh : await store.usPutTotpSecrets(fresh, { email });
}
