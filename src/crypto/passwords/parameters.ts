import { beyondBounds, type HashCosts, type PasswordScheme, type SchemeParameters } from './scheme.js';

/** Parameters by scheme name. */
export type PasswordParameters = Readonly<Record<string, SchemeParameters>>;

/** What Flask-Security writes by default through passlib, so that hashes made here and there cost the same. */
export const flaskPasswordParameters: PasswordParameters = {
  argon2: { type: 'ID', memory_cost: 102_400, rounds: 10, parallelism: 8, salt_size: 16, hash_len: 16 },
  bcrypt: { rounds: 12, ident: '2b' },
  scrypt: { rounds: 16, block_size: 8, parallelism: 1, salt_size: 16 },
  pbkdf2_sha256: { rounds: 29_000, salt_size: 16 },
  pbkdf2_sha512: { rounds: 25_000, salt_size: 16 },
  sha256_crypt: { rounds: 535_000, salt_size: 16 },
  sha512_crypt: { rounds: 656_000, salt_size: 16 },
};

const aliases = new Map([
  ['time_cost', 'rounds'],
  ['default_rounds', 'rounds'],
  ['salt_len', 'salt_size'],
  ['digest_size', 'hash_len'],
  ['checksum_size', 'hash_len'],
]);

/**
 * Reads passlib's `scheme__option` names, as SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS carries them.
 * @throws RangeError for a name without `__` or a value that is neither text nor number.
 * @example parsePasslibOptions({ argon2__rounds: 10 }) // { argon2: { rounds: 10 } }
 */
export const parsePasslibOptions = (options: Readonly<Record<string, unknown>>): PasswordParameters => {
  const result = new Map<string, Record<string, number | string>>();
  for (const [key, value] of Object.entries(options)) {
    const [scheme, name, rest] = key.split('__');
    if (!scheme || !name || rest !== undefined)
      throw new RangeError(`password option ${key} must be named scheme__option`);
    if (typeof value !== 'number' && typeof value !== 'string') {
      throw new RangeError(`password option ${key} must be a number or a text`);
    }
    const parameters = result.get(scheme) ?? {};
    parameters[aliases.get(name) ?? name] = typeof value === 'string' && /^[0-9]+$/.test(value) ? Number(value) : value;
    result.set(scheme, parameters);
  }
  return Object.fromEntries(result);
};

const minimumRounds: HashCosts = { bcrypt: 4, sha256_crypt: 1000, sha512_crypt: 1000 };
const minimums: HashCosts = { rounds: 1, memory_cost: 8, parallelism: 1, block_size: 1, salt_size: 8, hash_len: 16 };

/**
 * Complete parameters of one scheme: its defaults, overridden.
 * @throws RangeError for an unknown name, or a value outside what the scheme can do or its bounds allow.
 */
export const schemeParameters = (scheme: PasswordScheme, given: SchemeParameters = {}): SchemeParameters => {
  for (const [name, value] of Object.entries(given)) {
    const preset = scheme.defaults[name];
    const fail = (problem: string): never => {
      throw new RangeError(`password option ${scheme.name}__${name} ${problem}`);
    };
    if (preset === undefined) fail(`is unknown; known are ${Object.keys(scheme.defaults).join(', ') || 'none'}`);
    if (typeof preset !== typeof value) fail(`must be a ${typeof preset}`);
    if (typeof value !== 'number') continue;
    const minimum = (name === 'rounds' ? minimumRounds[scheme.name] : undefined) ?? minimums[name] ?? 0;
    if (!Number.isInteger(value) || value < minimum) fail(`must be a whole number of at least ${minimum}`);
    const problem = beyondBounds({ [name]: value }, scheme.bounds);
    if (problem !== undefined) fail(`is out of bounds: ${problem}`);
  }
  return { ...scheme.defaults, ...given };
};
