import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { base64urlDecode, constantTimeEqual } from './encoding.js';

export type Digest = 'sha1' | 'sha256' | 'sha512';
export type KeyDerivation = 'django-concat' | 'concat' | 'hmac' | 'none';

export interface SigningOptions {
  /** The first signs, all verify. None may be empty. */
  readonly secretKeys: readonly string[];
  /** Separates purposes: a signature made under one salt is worthless under another. */
  readonly salt: string;
  /** Default `sha1`, as the original signs. */
  readonly digest?: Digest;
  /** Default `django-concat`. */
  readonly keyDerivation?: KeyDerivation;
}

export interface TimedSigner {
  /** `payload` must be base64url, optionally led by one dot. `now` in milliseconds. */
  sign(payload: string, now: number): string;
  /** Answers undefined unless a key signed exactly this text. `timestamp` in seconds since 1970. */
  unsign(token: string): { readonly payload: string; readonly timestamp: number } | undefined;
}

/** Nothing longer than this many characters is looked at. */
export const MAXIMUM_TOKEN_LENGTH = 16_384;

const digestLength = { sha1: 20, sha256: 32, sha512: 64 };
const latestTimestamp = 8_640_000_000_000;

const deriveKey = (secret: string, salt: string, digest: Digest, derivation: KeyDerivation): Buffer => {
  switch (derivation) {
    case 'django-concat':
      return createHash(digest).update(`${salt}signer${secret}`).digest();
    case 'concat':
      return createHash(digest).update(`${salt}${secret}`).digest();
    case 'hmac':
      return createHmac(digest, secret).update(salt).digest();
    case 'none':
      return Buffer.from(secret);
  }
};

const encodeTimestamp = (now: number): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Math.floor(now / 1000)));
  const first = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(first < 0 ? bytes.length : first).toString('base64url');
};

const decodeTimestamp = (text: string): number | undefined => {
  const bytes = base64urlDecode(text);
  if (bytes === undefined || bytes.length > 8) return undefined;
  let seconds = 0;
  for (const byte of bytes) seconds = seconds * 256 + byte;
  return seconds <= latestTimestamp ? seconds : undefined;
};

/** Refuses an empty list and empty keys: they would sign for everybody. */
export const requireSecretKeys = (secretKeys: readonly string[]): readonly string[] => {
  if (secretKeys.length === 0 || secretKeys.some((key) => typeof key !== 'string' || key === '')) {
    throw new RangeError('secretKeys needs at least one key, and no key may be empty');
  }
  return secretKeys;
};

/**
 * Signatures with a time inside, in the format `payload.timestamp.signature` of itsdangerous' TimestampSigner (epoch 1970).
 * Keys are derived once.
 * @throws RangeError when a secret key is missing or empty.
 */
export const createTimedSigner = (options: SigningOptions): TimedSigner => {
  const { salt, digest = 'sha1', keyDerivation = 'django-concat' } = options;
  const keys: readonly KeyObject[] = requireSecretKeys(options.secretKeys).map((secret) =>
    createSecretKey(deriveKey(secret, salt, digest, keyDerivation)),
  );
  const signatureLength = Math.ceil((digestLength[digest] * 4) / 3);
  const signature = (key: KeyObject, text: string): string => createHmac(digest, key).update(text).digest('base64url');

  return {
    sign(payload, now) {
      const text = `${payload}.${encodeTimestamp(now)}`;
      const [key] = keys;
      // `requireSecretKeys` has seen to it that there is one; this line only tells the compiler.
      if (key === undefined) throw new RangeError('no secret key');
      return `${text}.${signature(key, text)}`;
    },

    unsign(token) {
      if (typeof token !== 'string' || token.length > MAXIMUM_TOKEN_LENGTH) return undefined;
      const end = token.lastIndexOf('.');
      const text = token.slice(0, Math.max(end, 0));
      const given = token.slice(end + 1);
      // Comparing the text of the signature also refuses every other spelling of the same bytes.
      if (given.length !== signatureLength) return undefined;
      if (!keys.some((key) => constantTimeEqual(signature(key, text), given))) return undefined;
      const middle = text.lastIndexOf('.');
      if (middle < 0) return undefined;
      const timestamp = decodeTimestamp(text.slice(middle + 1));
      return timestamp === undefined ? undefined : { payload: text.slice(0, middle), timestamp };
    },
  };
};
