import { UsageError } from '../../core/errors.js';
import type { Security } from '../../core/facade.js';
import { offlineContext } from '../../core/offline-context.js';
import { replacePassword } from '../../core/replace-password.js';
import type { BaseUser, User } from '../../datastores/contract.js';
import { type ChangePasswordOptions, changePassword } from './index.js';
import { sendNotice } from './notice.js';

/**
 * Gives a user another password on an administrator's word (specification 3.1.5, `admin_change_password`): every
 * session, remembered browser and (without a column of their own) auth token of the user ends. It is up to the caller
 * to judge the password and to tell the user. Works without the feature `changePassword()`.
 *
 * @param newPassword as typed; it is normalized and hashed here
 * @param options.notify sends the notice, where `sendPasswordChangeEmail` is on. Default true
 * @returns the fresh record
 * @throws UsageError when the user is gone, or was changed by somebody else meanwhile
 * @throws PasswordRefusedError when the password is empty or cannot be stored
 * @example await adminChangePassword(security, user, temporaryPassword, { notify: false });
 */
export async function adminChangePassword<Row extends BaseUser>(
  security: Security<Row>,
  user: User<Row>,
  newPassword: string,
  options: { notify?: boolean } = {},
): Promise<User<Row>> {
  const { core } = security;
  const hash = await core.passwords.hash(core.passwordUtil.normalize(newPassword));
  // Inside, users are plain records; outside they have the application's type. The store is the same.
  const given = user as unknown as User;
  const changed = await core.datastore.transaction((store) => replacePassword(store, given, hash), {
    repeatable: true,
  });
  if (changed === null) throw new UsageError('The user is gone, or was changed meanwhile: look it up again.');
  if (options.notify ?? true) await sendNotice(offlineContext(core), changed, noticeOptions(security));
  await core.signals.send('passwordChanged', { user: changed });
  return changed as unknown as User<Row>;
}

/** As configured; where the feature is off, its defaults. */
function noticeOptions({ core }: Pick<Security, 'core'>): Parameters<typeof sendNotice>[2] {
  const configured = core.registry.features.find(({ name }) => name === changePassword.featureName)?.options as
    | ChangePasswordOptions
    | undefined; // resolved by the declarations of this very feature
  return {
    sendPasswordChangeEmail:
      configured?.sendPasswordChangeEmail ?? changePassword.options.sendPasswordChangeEmail.default,
    emailSubjectPasswordChangeNotice:
      configured?.emailSubjectPasswordChangeNotice ?? changePassword.options.emailSubjectPasswordChangeNotice.default,
  };
}
