import { createHash, createHmac } from 'node:crypto';
import { constantTimeEqual } from '../crypto/encoding.js';
import type { HashQueue } from '../crypto/hash-queue.js';
import { isAffordable, type PasswordScheme } from '../crypto/passwords/scheme.js';

/** One way of putting a digest of a user's state into a token. */
export interface DigestScheme {
  name: string;
  /** Is this text a digest of this scheme? */
  identify(digest: string): boolean;
  make(text: string): Promise<string>;
  verify(text: string, digest: string): Promise<boolean>;
}

/** Digests of state that tokens carry, so that a change of that state kills them (`hashingSchemes`). */
export interface StateDigest {
  make(text: string): Promise<string>;
  matches(text: string, digest: unknown): Promise<boolean>;
}

/** Ours: an HMAC keyed with the secret key. Rotated keys still verify. */
export function hmacDigest(secretKeys: readonly string[]): DigestScheme {
  const digest = (key: string, text: string): string =>
    `$hmac$${createHmac('sha256', key).update(`state-digest:${text}`).digest('base64url')}`;
  return {
    name: 'hmac_sha256',
    identify: (text) => text.startsWith('$hmac$'),
    make: async (text) => digest(secretKeys[0] ?? '', text),
    verify: async (text, given) => secretKeys.some((key) => constantTimeEqual(digest(key, text), given)),
  };
}

/** passlib's `hex_md5`, `hex_sha256` … */
export function hexDigest(algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512', length: number): DigestScheme {
  const digest = (text: string): string => createHash(algorithm).update(text).digest('hex');
  return {
    name: `hex_${algorithm}`,
    identify: (text) => text.length === length && /^[0-9a-f]+$/i.test(text),
    make: async (text) => digest(text),
    verify: async (text, given) => constantTimeEqual(digest(text), given.toLowerCase()),
  };
}

/** A scheme for passwords: slow, and therefore through the queue. passlib's `sha256_crypt` is what the original writes. */
export function passwordDigest(scheme: PasswordScheme, queue: HashQueue): DigestScheme {
  return {
    name: scheme.name,
    identify: (text) => scheme.identify(text),
    make: (text) => queue.run(() => scheme.hash(Buffer.from(text), scheme.defaults)),
    // A malformed or too costly digest is refused before it may take a place in the queue.
    verify: async (text, given) =>
      isAffordable(scheme, given) && (await queue.run(() => scheme.verify(Buffer.from(text), given))),
  };
}

/**
 * @param names the schemes that are accepted; the first that is not among `deprecated` writes
 * @throws RangeError when a name is unknown or none is left to write
 */
export function createStateDigest(
  available: readonly DigestScheme[],
  names: readonly string[],
  deprecated: readonly string[],
): StateDigest {
  const schemes = names.map((name) => {
    const scheme = available.find((candidate) => candidate.name === name);
    if (scheme === undefined)
      throw new RangeError(
        `hashingSchemes: there is no "${name}"; there are ${available.map((one) => one.name).join(', ')}`,
      );
    return scheme;
  });
  const writer = schemes.find((scheme) => !deprecated.includes(scheme.name));
  if (writer === undefined) throw new RangeError('hashingSchemes: every scheme is deprecated');
  return {
    make: (text) => writer.make(text),
    async matches(text, digest) {
      if (typeof digest !== 'string') return false;
      return (await schemes.find((scheme) => scheme.identify(digest))?.verify(text, digest)) ?? false;
    },
  };
}
