import { randomBytes } from 'node:crypto';
import type * as Argon2 from '@node-rs/argon2';
import {
  decimal,
  type HashCosts,
  isAffordable,
  isWeaker,
  MissingPackageError,
  numberOf,
  type PasswordScheme,
} from './scheme.js';

const load = async (): Promise<typeof Argon2> => {
  try {
    return await import('@node-rs/argon2');
  } catch (error) {
    throw new MissingPackageError('argon2', '@node-rs/argon2', error);
  }
};

const types = new Map([
  ['D', 0],
  ['I', 1],
  ['ID', 2],
]);

const shape =
  /^\$argon2(?:id|i|d)\$(?:v=(?:16|19)\$)?m=([0-9]+),t=([0-9]+),p=([0-9]+)\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;

const costs = (hash: string): HashCosts | undefined => {
  const match = hash.length <= 1024 ? shape.exec(hash) : null;
  if (match === null) return undefined;
  const [memory, rounds, parallelism] = [decimal(match[1]), decimal(match[2]), decimal(match[3])];
  return { memory_cost: memory, rounds, parallelism, work: memory * rounds };
};

const typeOf = (hash: string): string => (hash.split('$', 2)[1] ?? '').slice('argon2'.length).toUpperCase();

/**
 * Argon2 (RFC 9106). Parameters: `type` (ID, I, D), `memory_cost` in KiB, `rounds`, `parallelism`, `salt_size`, `hash_len` in bytes.
 * The defaults are OWASP's first recommendation for small servers: 19 MiB, two passes, one lane, so that as many can run at
 * once as there are processors.
 */
export const argon2: PasswordScheme = {
  name: 'argon2',
  defaults: { type: 'ID', memory_cost: 19_456, rounds: 2, parallelism: 1, salt_size: 16, hash_len: 32 },
  bounds: { memory_cost: 524_288, rounds: 64, parallelism: 64, salt_size: 48, hash_len: 64, work: 4_194_304 },
  identify: (hash) => /^\$argon2(?:id|i|d)\$/.test(hash),
  costs,
  hash: async (secret, parameters) =>
    (await load()).hash(secret, {
      algorithm: types.get(String(parameters.type).toUpperCase()) ?? 2,
      memoryCost: numberOf(parameters, 'memory_cost'),
      timeCost: numberOf(parameters, 'rounds'),
      parallelism: numberOf(parameters, 'parallelism'),
      salt: randomBytes(numberOf(parameters, 'salt_size')),
      outputLen: numberOf(parameters, 'hash_len'),
    }),
  async verify(secret, hash) {
    if (!isAffordable(argon2, hash)) return false;
    const { verify } = await load();
    // The library throws for what it cannot read, which only says that this is nobody's password.
    return verify(hash, secret).catch(() => false);
  },
  needsUpdate: (hash, parameters) =>
    typeOf(hash) !== String(parameters.type).toUpperCase() ||
    !hash.includes('$v=19$') ||
    isWeaker(costs(hash), parameters, ['memory_cost', 'rounds']),
};
