import { createHmac } from 'node:crypto';
import { createHashQueue, type HashQueue } from './hash-queue.js';
import { type PasswordParameters, schemeParameters } from './passwords/parameters.js';
import { resolveSchemes } from './passwords/registry.js';
import { beyondBounds, type PasswordScheme, type SchemeParameters } from './passwords/scheme.js';
import { isUnsupported } from './passwords/unsupported.js';

export { flaskPasswordParameters, type PasswordParameters, parsePasslibOptions } from './passwords/parameters.js';
export { passwordSchemes } from './passwords/registry.js';
export { MissingPackageError, type PasswordScheme, type SchemeParameters } from './passwords/scheme.js';

/** This password cannot be stored: it is empty, not Unicode, or the scheme would lose part of it. */
export class PasswordRefusedError extends Error {
  override readonly name = 'PasswordRefusedError';
}

/** A stored hash that was not even tried. The hash itself is not in it: this goes to logs. */
export interface RefusedHash {
  readonly reason: 'unrecognised' | 'malformed' | 'too-costly' | 'unsupported';
  readonly scheme?: string;
  readonly detail?: string;
}

export interface PasswordContextOptions {
  /** The scheme that hashes. Default `argon2`. */
  readonly scheme?: string;
  /** Schemes that verify, by name or as objects, tried in this order. `plaintext` belongs last. */
  readonly schemes?: readonly (string | PasswordScheme)[];
  /** Schemes whose hashes are replaced at the next success; `auto` means all but {@link scheme}. Default `['auto']`. */
  readonly deprecated?: readonly string[];
  /** Key of the HMAC before hashing. Without it nothing is hashed twice. */
  readonly passwordSalt?: string;
  /** Schemes without the HMAC, or `true` for all. An empty list means `['plaintext']`, as in the original. */
  readonly singleHash: readonly string[] | true;
  /** Parameters by scheme, over each scheme's defaults. See `parsePasslibOptions`, `flaskPasswordParameters`. */
  readonly parameters?: PasswordParameters;
  /** Default: a queue of its own. */
  readonly queue?: HashQueue;
  /** Refuses plaintext altogether. Default false. */
  readonly production?: boolean;
  /** Told about stored hashes that are refused unseen (too costly, malformed …). */
  readonly onRefusedHash?: (refused: RefusedHash) => void;
}

export interface PasswordContext {
  /** @throws PasswordRefusedError, HashQueueFullError, MissingPackageError */
  hash(password: string): Promise<string>;
  /** False for an empty password and for an empty, unusable, malformed or too costly hash. @throws HashQueueFullError, MissingPackageError */
  verify(password: string, hash: string | null | undefined): Promise<boolean>;
  /** As `verify`; after a success `newHash` is there when the stored hash is deprecated or weaker than the parameters. */
  verifyAndUpdate(password: string, hash: string | null | undefined): Promise<{ valid: boolean; newHash?: string }>;
  /** What an unknown user costs: the same work as a real verification. @throws HashQueueFullError, MissingPackageError */
  dummyVerify(password: string): Promise<void>;
  /** Base64 of HMAC-SHA512 keyed with the salt. @throws Error when there is no `passwordSalt`. */
  hmac(password: string): string;
}

const defaultSchemes = ['argon2', 'bcrypt', 'scrypt', 'pbkdf2_sha512', 'pbkdf2_sha256'];

/**
 * Hashes and verifies passwords in passlib's formats, singly or (HMAC first) doubly, as Flask-Security does. Passwords arrive
 * normalised. All work goes through the queue and runs off the event loop.
 *
 * Time (attack line P2): a hash not made by the present scheme with the present parameters is verified *beside* a fresh
 * hashing of the same password, so it takes the longer of both whether it was right or not; the fresh hash is handed out
 * only after a success. A missing or refused hash, and an empty password, cost a fresh hashing too. What cannot be hidden is a stored hash
 * *dearer* than the present parameters; its owner's next success replaces it if its scheme is deprecated.
 *
 * @throws RangeError for an unknown scheme, a scheme that is not among `schemes`, bad parameters, or plaintext in production.
 */
export const createPasswordContext = (options: PasswordContextOptions): PasswordContext => {
  const { deprecated = ['auto'], passwordSalt, queue = createHashQueue(), production = false, onRefusedHash } = options;
  const primaryName = options.scheme ?? 'argon2';
  if (production && primaryName === 'plaintext') throw new RangeError('plaintext passwords are refused in production');

  const schemes = resolveSchemes(options.schemes ?? [...new Set([primaryName, ...defaultSchemes])]).filter(
    (scheme) => !(production && scheme.name === 'plaintext'),
  );
  const primary = schemes.find((scheme) => scheme.name === primaryName);
  if (primary === undefined || isUnsupported(primary)) {
    throw new RangeError(
      `passwords cannot be hashed with ${primaryName}; schemes are ${schemes.map(({ name }) => name).join(', ')}`,
    );
  }
  const parameters: ReadonlyMap<string, SchemeParameters> = new Map(
    schemes
      .filter((scheme) => !isUnsupported(scheme))
      .map((scheme) => [scheme.name, schemeParameters(scheme, options.parameters?.[scheme.name])]),
  );
  const primaryParameters = parameters.get(primaryName) ?? primary.defaults;
  const singleHash = options.singleHash === true || options.singleHash.length > 0 ? options.singleHash : ['plaintext'];

  const isDouble = (scheme: PasswordScheme): boolean =>
    passwordSalt !== undefined && singleHash !== true && !singleHash.includes(scheme.name);

  const hmac = (password: string): string => {
    if (passwordSalt === undefined) throw new Error('passwordSalt is needed to hash passwords twice');
    return createHmac('sha512', passwordSalt).update(password).digest('base64');
  };

  const cut = (secret: Uint8Array, scheme: PasswordScheme): Uint8Array => secret.subarray(0, scheme.maximumSecretBytes);

  // Only the HMAC's text may be cut: 72 of its 88 characters still carry 432 bits.
  const secretFor = (password: string, scheme: PasswordScheme): Uint8Array =>
    isDouble(scheme) ? cut(Buffer.from(hmac(password)), scheme) : Buffer.from(password);

  const refusal = (password: string, scheme: PasswordScheme): string | undefined => {
    if (password === '') return 'the password is empty';
    // Halves of surrogate pairs would all become the same replacement character.
    if (/\p{Surrogate}/u.test(password)) return 'the password is not well-formed Unicode';
    return scheme.refuses?.(secretFor(password, scheme));
  };

  // Costs a hashing in every case; undefined when the password may not be stored.
  const freshHash = async (password: string): Promise<string | undefined> => {
    if (refusal(password, primary) === undefined) return primary.hash(secretFor(password, primary), primaryParameters);
    await primary.hash(Buffer.from('a password that may not be stored'), primaryParameters);
    return undefined;
  };

  const recognise = (hash: string | null | undefined): PasswordScheme | undefined => {
    // No hash at all is an ordinary state (a user without password), not worth a report.
    if (typeof hash !== 'string' || hash === '') return undefined;
    const scheme = schemes.find((candidate) => candidate.identify(hash));
    if (scheme === undefined) {
      onRefusedHash?.({ reason: 'unrecognised' });
      return undefined;
    }
    const costs = scheme.costs(hash);
    if (costs === undefined) {
      onRefusedHash?.({ reason: isUnsupported(scheme) ? 'unsupported' : 'malformed', scheme: scheme.name });
      return undefined;
    }
    const detail = beyondBounds(costs, scheme.bounds);
    if (detail !== undefined) onRefusedHash?.({ reason: 'too-costly', scheme: scheme.name, detail });
    return detail === undefined ? scheme : undefined;
  };

  const isDeprecated = (scheme: PasswordScheme): boolean =>
    deprecated.includes(scheme.name) || (deprecated.includes('auto') && scheme !== primary);

  const isWeak = (scheme: PasswordScheme, hash: string): boolean =>
    scheme.needsUpdate(hash, parameters.get(scheme.name) ?? scheme.defaults);

  const dummyVerify = async (password: string): Promise<void> => {
    await queue.run(() => freshHash(password));
  };

  const verifyAndUpdate: PasswordContext['verifyAndUpdate'] = async (password, hash) => {
    const scheme = recognise(hash);
    if (scheme === undefined || typeof hash !== 'string' || refusal(password, scheme) !== undefined) {
      await dummyVerify(password);
      return { valid: false };
    }
    const secret = secretFor(password, scheme);
    const weak = isWeak(scheme, hash);
    if (scheme === primary && !weak) return { valid: await queue.run(() => scheme.verify(secret, hash)) };
    const [valid, newHash] = await queue.run(() => Promise.all([scheme.verify(secret, hash), freshHash(password)]));
    return valid && newHash !== undefined && (weak || isDeprecated(scheme)) ? { valid, newHash } : { valid };
  };

  return {
    async hash(password) {
      const problem = refusal(password, primary);
      if (problem !== undefined) throw new PasswordRefusedError(problem);
      return queue.run(() => primary.hash(secretFor(password, primary), primaryParameters));
    },
    verify: async (password, hash) => (await verifyAndUpdate(password, hash)).valid,
    verifyAndUpdate,
    dummyVerify,
    hmac,
  };
};
