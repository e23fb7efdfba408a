import type { RequestContext } from '../../core/context.js';
import { constantTimeEqual, randomToken, sha256Hex } from '../../crypto/encoding.js';
import type { User } from '../../datastores/contract.js';

/** Key of the note in the signed cookie. Sign-ins and sign-outs drop it, as they drop all keys of ours. */
const key = 'sp_registered';

const noteOf = (secret: string): string => sha256Hex(`registered:${secret}`);

/** Notes in the cookie that the account was made in this browser; `null`: a note of the same form that fits nobody. */
export function markBrowser(context: RequestContext, user: User | null): void {
  context.session.set(key, noteOf(user?.fs_uniquifier ?? randomToken()));
}

export function isMarkedBrowser(context: RequestContext, user: User): boolean {
  const note = context.session.getText(key);
  return note !== undefined && constantTimeEqual(note, noteOf(user.fs_uniquifier));
}

export function forgetBrowser(context: RequestContext): void {
  context.session.delete(key);
}
