import { createHash } from 'node:crypto';
import type { UserDatastore } from '../datastores/contract.js';
import type { HttpRequest } from '../http/types.js';
import { sessionKeys } from './session.js';
import type { SessionKind } from './session-store.js';

/**
 * The specification's sessions: everything in the signed cookie, the user found by `fs_uniquifier`; changing that ends
 * all of them. A cookie that was copied before logout stays good until then (docs/differences.md).
 */
export function statelessSessions(datastore: UserDatastore): SessionKind {
  return {
    async find(context) {
      const uniquifier = context.session.getText(sessionKeys.user);
      if (uniquifier === undefined || uniquifier === '') return null;
      const user = await datastore.findUser({ fs_uniquifier: uniquifier });
      return user === null ? null : { user, row: undefined };
    },

    async begin(context, user, methods) {
      const restored = methods.includes('remember');
      context.session.set(sessionKeys.user, user.fs_uniquifier);
      context.session.set(sessionKeys.fresh, !restored);
      if (!restored) context.session.set(sessionKeys.fingerprint, fingerprint(context.request));
      return undefined;
    },

    async end(context) {
      for (const key of [sessionKeys.user, sessionKeys.fresh, sessionKeys.fingerprint]) context.session.delete(key);
    },
  };
}

/** Flask-Login's session identifier: SHA-512 of the representations of address and agent. */
function fingerprint(request: HttpRequest): string {
  const forwarded = request.header('x-forwarded-for') ?? request.remoteAddress;
  const address = forwarded?.split(',')[0]?.trim();
  return createHash('sha512')
    .update(`${bytesLiteral(address)}|${bytesLiteral(request.header('user-agent'))}`)
    .digest('hex');
}

/** Python's representation of bytes, which the original hashes. */
function bytesLiteral(text: string | undefined): string {
  if (text === undefined) return 'None';
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let literal = '';
  for (const byte of Buffer.from(text)) {
    const character = String.fromCharCode(byte);
    if (character === '\\' || character === quote) literal += `\\${character}`;
    else if (byte >= 32 && byte < 127) literal += character;
    else
      literal +=
        ({ 9: '\\t', 10: '\\n', 13: '\\r' } as Record<number, string>)[byte] ??
        `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `b${quote}${literal}${quote}`;
}
