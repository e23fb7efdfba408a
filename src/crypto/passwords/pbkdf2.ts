import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { constantTimeEqual } from '../encoding.js';
import {
  decimal,
  decodeBase64,
  encodeBase64,
  isAffordable,
  isWeaker,
  numberOf,
  type PasswordScheme,
} from './scheme.js';

const derive = promisify(pbkdf2);

interface Parsed {
  readonly rounds: number;
  readonly salt: Buffer;
  readonly checksum: Buffer;
}

const createPbkdf2 = (digest: 'sha256' | 'sha512', length: number, rounds: number): PasswordScheme => {
  const prefix = `$pbkdf2-${digest}$`;

  const parse = (hash: string): Parsed | undefined => {
    if (!hash.startsWith(prefix) || hash.length > 2048) return undefined;
    const [count, saltText, checksumText, rest] = hash.slice(prefix.length).split('$');
    const salt = saltText === undefined ? undefined : decodeBase64(saltText, 'dot');
    const checksum = checksumText === undefined ? undefined : decodeBase64(checksumText, 'dot');
    const parsed = decimal(count);
    if (!(parsed > 0) || rest !== undefined || salt === undefined || checksum?.length !== length) return undefined;
    return { rounds: parsed, salt, checksum };
  };
  const costs: PasswordScheme['costs'] = (hash) => {
    const parsed = parse(hash);
    return parsed === undefined ? undefined : { rounds: parsed.rounds };
  };

  const scheme: PasswordScheme = {
    name: `pbkdf2_${digest}`,
    defaults: { rounds, salt_size: 16 },
    bounds: { rounds: 5_000_000, salt_size: 1024 },
    identify: (hash) => hash.startsWith(prefix),
    costs,
    async hash(secret, parameters) {
      const count = numberOf(parameters, 'rounds');
      const salt = randomBytes(numberOf(parameters, 'salt_size'));
      const checksum = await derive(secret, salt, count, length, digest);
      return `${prefix}${count}$${encodeBase64(salt, 'dot')}$${encodeBase64(checksum, 'dot')}`;
    },
    async verify(secret, hash) {
      const parsed = parse(hash);
      if (parsed === undefined || !isAffordable(scheme, hash)) return false;
      return constantTimeEqual(await derive(secret, parsed.salt, parsed.rounds, length, digest), parsed.checksum);
    },
    needsUpdate: (hash, parameters) => isWeaker(costs(hash), parameters, ['rounds']),
  };
  return scheme;
};

/** PBKDF2 with HMAC-SHA256 (RFC 8018). Parameters: `rounds` (OWASP: 600,000), `salt_size` in bytes. */
export const pbkdf2Sha256: PasswordScheme = createPbkdf2('sha256', 32, 600_000);

/** PBKDF2 with HMAC-SHA512 (RFC 8018). Parameters: `rounds` (OWASP: 210,000), `salt_size` in bytes. */
export const pbkdf2Sha512: PasswordScheme = createPbkdf2('sha512', 64, 210_000);
