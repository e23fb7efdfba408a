import type { RememberCookie } from '../crypto/remember-cookie.js';
import type { UserDatastore } from '../datastores/contract.js';
import { readCookie, writeCookie } from '../http/cookies.js';
import type { RequestContext } from './context.js';
import type { CookieSetting } from './session-cookie-format.js';
import type { RememberKind } from './session-store.js';

/** Flask-Login's remember cookie: the signed `fs_uniquifier`. Logout cannot revoke a copy (docs/differences.md). */
export function rememberToken(
  datastore: UserDatastore,
  cookie: RememberCookie,
  setting: CookieSetting,
  lifetime: number,
): RememberKind {
  const send = (context: RequestContext, value: string, maxAge: number): void =>
    context.setCookie(setting.name, writeCookie(setting.name, value, { ...setting.attributes, maxAge }));
  return {
    presented: (context) => readCookie(context.request.header('cookie'), setting.name) !== undefined,
    async find(context) {
      const value = readCookie(context.request.header('cookie'), setting.name);
      const uniquifier = value === undefined ? undefined : cookie.open(value);
      return uniquifier === undefined ? null : await datastore.findUser({ fs_uniquifier: uniquifier });
    },
    async begin(context, user) {
      send(context, cookie.seal(user.fs_uniquifier), Math.floor(lifetime / 1000));
    },
    async end(context) {
      if (readCookie(context.request.header('cookie'), setting.name) !== undefined) send(context, '', 0);
    },
  };
}
