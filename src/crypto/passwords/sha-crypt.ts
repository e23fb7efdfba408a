import { randomBytes } from 'node:crypto';
import { constantTimeEqual } from '../encoding.js';
import { type ShaCryptAlgorithm, shaCrypt, shaCryptSalt } from '../sha-crypt.js';
import { decimal, isAffordable, isWeaker, numberOf, type PasswordScheme } from './scheme.js';

/** The work of a round grows with the secret; nobody's password is longer, and an HMAC's text has 88 bytes. */
const longestSecret = 1024;

interface Parsed {
  readonly rounds: number;
  readonly salt: string;
  readonly checksum: string;
}

const createShaCrypt = (
  algorithm: ShaCryptAlgorithm,
  ident: string,
  length: number,
  rounds: number,
): PasswordScheme => {
  const prefix = `$${ident}$`;
  const shape = new RegExp(
    `^\\$${ident}\\$(?:rounds=(\\d{1,9})\\$)?([./0-9A-Za-z]{0,16})\\$([./0-9A-Za-z]{${length}})$`,
  );

  const parse = (hash: string): Parsed | undefined => {
    const match = hash.length > 200 ? null : shape.exec(hash);
    if (match === null) return undefined;
    // Without a figure the scheme means 5,000.
    const count = match[1] === undefined ? 5000 : decimal(match[1]);
    return count >= 1000 ? { rounds: count, salt: match[2] ?? '', checksum: match[3] ?? '' } : undefined;
  };
  const costs: PasswordScheme['costs'] = (hash) => {
    const parsed = parse(hash);
    return parsed === undefined ? undefined : { rounds: parsed.rounds };
  };
  const refuses = (secret: Uint8Array): string | undefined => {
    if (secret.length > longestSecret) return `the password has more than ${longestSecret} bytes`;
    return secret.includes(0) ? 'the password contains NUL' : undefined;
  };

  const scheme: PasswordScheme = {
    name: `${algorithm}_crypt`,
    defaults: { rounds, salt_size: 16 },
    bounds: { rounds: 1_000_000, salt_size: 16 },
    identify: (hash) => hash.startsWith(prefix),
    costs,
    refuses,
    async hash(secret, parameters) {
      const problem = refuses(secret);
      if (problem !== undefined) throw new RangeError(problem);
      const count = numberOf(parameters, 'rounds');
      const salt = shaCryptSalt(randomBytes(numberOf(parameters, 'salt_size')));
      const figure = count === 5000 ? '' : `rounds=${count}$`;
      return `${prefix}${figure}${salt}$${await shaCrypt(algorithm, secret, salt, count)}`;
    },
    async verify(secret, hash) {
      const parsed = parse(hash);
      if (parsed === undefined || !isAffordable(scheme, hash) || refuses(secret) !== undefined) return false;
      return constantTimeEqual(await shaCrypt(algorithm, secret, parsed.salt, parsed.rounds), parsed.checksum);
    },
    needsUpdate: (hash, parameters) => isWeaker(costs(hash), parameters, ['rounds']),
  };
  return scheme;
};

/** passlib's `sha256_crypt`, `$5$`. Parameters: `rounds` (passlib: 535,000), `salt_size` in characters. */
export const sha256Crypt: PasswordScheme = createShaCrypt('sha256', '5', 43, 535_000);

/** passlib's `sha512_crypt`, `$6$`. Parameters: `rounds` (passlib: 656,000), `salt_size` in characters. */
export const sha512Crypt: PasswordScheme = createShaCrypt('sha512', '6', 86, 656_000);
