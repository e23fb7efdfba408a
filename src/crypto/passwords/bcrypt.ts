import type * as Bcrypt from '@node-rs/bcrypt';
import {
  decimal,
  type HashCosts,
  isAffordable,
  isWeaker,
  MissingPackageError,
  numberOf,
  type PasswordScheme,
} from './scheme.js';

const load = async (): Promise<typeof Bcrypt> => {
  try {
    return await import('@node-rs/bcrypt');
  } catch (error) {
    throw new MissingPackageError('bcrypt', '@node-rs/bcrypt', error);
  }
};

const maximumSecretBytes = 72;
const shape = /^\$2[aby]\$([0-9]{2})\$[./A-Za-z0-9]{53}$/;

const costs = (hash: string): HashCosts | undefined => {
  const digits = shape.exec(hash)?.[1];
  return digits === undefined ? undefined : { rounds: decimal(digits.replace(/^0/, '')) };
};

// bcrypt repeats the secret with a NUL behind it, so `a` and `a\0a` are one password to it.
const refuses = (secret: Uint8Array): string | undefined => {
  if (secret.length > maximumSecretBytes) return `bcrypt takes at most ${maximumSecretBytes} bytes`;
  return secret.includes(0) ? 'bcrypt takes no NUL' : undefined;
};

/**
 * bcrypt. Parameters: `rounds` (logarithm of the cost), `ident` (`2a`, `2b`, `2y`).
 * A secret that bcrypt would cut or fold is refused, never hashed in part.
 */
export const bcrypt: PasswordScheme = {
  name: 'bcrypt',
  defaults: { rounds: 12, ident: '2b' },
  bounds: { rounds: 16 },
  maximumSecretBytes,
  identify: (hash) => /^\$2[aby]\$/.test(hash),
  costs,
  refuses,
  async hash(secret, parameters) {
    const refusal = refuses(secret);
    if (refusal !== undefined) throw new RangeError(refusal);
    const ident = String(parameters.ident).replaceAll('$', '');
    const version = ident === '2a' || ident === '2y' ? ident : '2b';
    return (await load()).hash(secret, { cost: numberOf(parameters, 'rounds'), version });
  },
  async verify(secret, hash) {
    if (refuses(secret) !== undefined || !isAffordable(bcrypt, hash)) return false;
    const { verify } = await load();
    // The library throws for what it cannot read, which only says that this is nobody's password.
    return verify(secret, hash).catch(() => false);
  },
  needsUpdate: (hash, parameters) => isWeaker(costs(hash), parameters, ['rounds']),
};
