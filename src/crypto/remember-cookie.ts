import { createHmac, createSecretKey } from 'node:crypto';
import { constantTimeEqual } from './encoding.js';
import { MAXIMUM_TOKEN_LENGTH, requireSecretKeys } from './timed-signer.js';

export interface RememberCookie {
  /** `payload|` and the hexadecimal HMAC-SHA512 of the payload. */
  seal(payload: string): string;
  /** The payload, or undefined unless one of the keys signed exactly this text. Never throws. */
  open(cookie: string): string | undefined;
}

// The original takes the key as Latin-1. It cannot use any other key at all, so UTF-8 is free for those.
const keyBytes = (secret: string): Buffer => {
  const latin = Buffer.from(secret, 'latin1');
  return latin.toString('latin1') === secret ? latin : Buffer.from(secret);
};

/**
 * Flask-Login's remember cookie. It carries no time: how long it lives is for the caller to bind into the payload or the store.
 * The first key signs, all verify.
 * @throws RangeError when a secret key is missing or empty.
 */
export const createRememberCookie = (options: { readonly secretKeys: readonly string[] }): RememberCookie => {
  const keys = requireSecretKeys(options.secretKeys).map((secret) => createSecretKey(keyBytes(secret)));
  const sign = (payload: string, key = keys[0]): string => {
    // `requireSecretKeys` has seen to it that there is one; this line only tells the compiler.
    if (key === undefined) throw new RangeError('no secret key');
    return createHmac('sha512', key).update(payload).digest('hex');
  };

  return {
    seal: (payload) => `${payload}|${sign(payload)}`,
    open(cookie) {
      if (typeof cookie !== 'string' || cookie.length > MAXIMUM_TOKEN_LENGTH) return undefined;
      const end = cookie.lastIndexOf('|');
      if (end < 0) return undefined;
      const payload = cookie.slice(0, end);
      const given = cookie.slice(end + 1);
      return keys.some((key) => constantTimeEqual(sign(payload, key), given)) ? payload : undefined;
    },
  };
};
