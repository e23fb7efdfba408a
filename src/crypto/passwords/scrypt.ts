import { randomBytes, scrypt as scryptCallback } from 'node:crypto';
import { constantTimeEqual } from '../encoding.js';
import {
  decimal,
  decodeBase64,
  encodeBase64,
  type HashCosts,
  isAffordable,
  isWeaker,
  numberOf,
  type PasswordScheme,
} from './scheme.js';

const length = 32;
const maximumMemory = 256 * 1024 * 1024;
const shape = /^\$scrypt\$ln=([0-9]+),r=([0-9]+),p=([0-9]+)\$([A-Za-z0-9+/]*)\$([A-Za-z0-9+/]+)$/;

interface Costs {
  readonly rounds: number;
  readonly block_size: number;
  readonly parallelism: number;
}

const derive = (secret: Uint8Array, salt: Uint8Array, costs: Costs): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const settings = { N: 2 ** costs.rounds, r: costs.block_size, p: costs.parallelism, maxmem: 2 * maximumMemory };
    scryptCallback(secret, salt, length, settings, (error, key) => (error === null ? resolve(key) : reject(error)));
  });

const parse = (hash: string): (Costs & { readonly salt: Buffer; readonly checksum: Buffer }) | undefined => {
  const match = hash.length <= 2048 ? shape.exec(hash) : null;
  if (match === null) return undefined;
  const salt = decodeBase64(match[4] ?? '');
  const checksum = decodeBase64(match[5] ?? '');
  if (salt === undefined || checksum?.length !== length) return undefined;
  return { rounds: decimal(match[1]), block_size: decimal(match[2]), parallelism: decimal(match[3]), salt, checksum };
};

const costs = (hash: string): HashCosts | undefined => {
  const parsed = parse(hash);
  if (parsed === undefined) return undefined;
  const { rounds, block_size, parallelism } = parsed;
  const memory = 128 * 2 ** rounds * block_size;
  return { rounds, block_size, parallelism, memory, work: memory * parallelism };
};

/** scrypt (RFC 7914). Parameters: `rounds` (logarithm of N; OWASP: 17), `block_size` (r), `parallelism` (p), `salt_size` in bytes. */
export const scrypt: PasswordScheme = {
  name: 'scrypt',
  defaults: { rounds: 17, block_size: 8, parallelism: 1, salt_size: 16 },
  bounds: {
    rounds: 20,
    block_size: 64,
    parallelism: 16,
    salt_size: 1024,
    memory: maximumMemory,
    work: 4 * maximumMemory,
  },
  identify: (hash) => hash.startsWith('$scrypt$'),
  costs,
  async hash(secret, parameters) {
    const rounds = numberOf(parameters, 'rounds');
    const block_size = numberOf(parameters, 'block_size');
    const parallelism = numberOf(parameters, 'parallelism');
    const salt = randomBytes(numberOf(parameters, 'salt_size'));
    const checksum = await derive(secret, salt, { rounds, block_size, parallelism });
    return `$scrypt$ln=${rounds},r=${block_size},p=${parallelism}$${encodeBase64(salt)}$${encodeBase64(checksum)}`;
  },
  async verify(secret, hash) {
    const parsed = parse(hash);
    if (parsed === undefined || !isAffordable(scrypt, hash)) return false;
    // Impossible combinations (p = 0 …) are refused by the function itself.
    const key = await derive(secret, parsed.salt, parsed).catch(() => undefined);
    return key !== undefined && constantTimeEqual(key, parsed.checksum);
  },
  needsUpdate: (hash, parameters) => isWeaker(costs(hash), parameters, ['rounds', 'block_size']),
};
