import { argon2 } from './argon2.js';
import { bcrypt } from './bcrypt.js';
import { pbkdf2Sha256, pbkdf2Sha512 } from './pbkdf2.js';
import { plaintext } from './plaintext.js';
import type { PasswordScheme } from './scheme.js';
import { scrypt } from './scrypt.js';
import { sha256Crypt, sha512Crypt } from './sha-crypt.js';
import { unsupportedSchemes } from './unsupported.js';

/** Every scheme that can be named; an application's own is given as an object instead. */
export const passwordSchemes: ReadonlyMap<string, PasswordScheme> = new Map(
  [argon2, bcrypt, scrypt, pbkdf2Sha512, pbkdf2Sha256, sha512Crypt, sha256Crypt, plaintext, ...unsupportedSchemes].map(
    (scheme) => [scheme.name, scheme],
  ),
);

/**
 * Finds the schemes named, in the order given.
 * @throws RangeError naming the unknown one.
 */
export const resolveSchemes = (given: readonly (string | PasswordScheme)[]): readonly PasswordScheme[] =>
  given.map((item) => {
    if (typeof item !== 'string') return item;
    const scheme = passwordSchemes.get(item);
    if (scheme === undefined) {
      throw new RangeError(`unknown password scheme ${item}; known are ${[...passwordSchemes.keys()].join(', ')}`);
    }
    return scheme;
  });
