import { isUtf8 } from 'node:buffer';
import { deflateSync, inflateSync } from 'node:zlib';
import { base64urlDecode } from './encoding.js';
import { parseJson } from './json.js';
import { createTimedSigner, type SigningOptions } from './timed-signer.js';

export type { Digest, KeyDerivation, SigningOptions } from './timed-signer.js';
export { MAXIMUM_TOKEN_LENGTH } from './timed-signer.js';

/** How a value becomes text inside a token. Both may throw; `loads` turns that into `invalid`. */
export interface TextCodec {
  encode(value: unknown): string;
  decode(text: string): unknown;
}

export interface TimedSerializerOptions extends SigningOptions {
  /** Default: compact JSON; keys named `__proto__` are dropped on reading. */
  readonly codec?: TextCodec;
  /** Whether `dumps` compresses when that is shorter, as the original does. Default true; `loads` understands both. */
  readonly compress?: boolean;
}

export interface LoadOptions {
  /**
   * Seconds. A token is expired when its age in whole seconds is greater, or negative (the clock went back).
   * Without it no age is looked at.
   */
  readonly maxAge?: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** `issuedAt` in milliseconds since 1970, on a whole second. */
export type LoadResult =
  | { readonly ok: true; readonly value: unknown; readonly issuedAt: number }
  | { readonly ok: false; readonly reason: 'expired'; readonly value: unknown; readonly issuedAt: number }
  | { readonly ok: false; readonly reason: 'invalid' };

export interface TimedSerializer {
  /**
   * Signs a value at `now` (milliseconds).
   * @throws TypeError when the value has no JSON form (undefined, a function, a cycle).
   */
  dumps(value: unknown, now: number): string;
  /** Reads a token. Never throws, whatever the token. */
  loads(token: string, options: LoadOptions): LoadResult;
}

const maximumInflatedLength = 65_536;
const invalid: LoadResult = { ok: false, reason: 'invalid' };

const jsonCodec: TextCodec = {
  encode: (value) => {
    // The declared result is string, but undefined and functions give undefined.
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) throw new TypeError('the value has no JSON form');
    return text;
  },
  decode: parseJson,
};

const pack = (text: string, compress: boolean): string => {
  const plain = Buffer.from(text);
  if (!compress) return plain.toString('base64url');
  const deflated = deflateSync(plain);
  return deflated.length < plain.length - 1 ? `.${deflated.toString('base64url')}` : plain.toString('base64url');
};

const unpack = (payload: string): string | undefined => {
  const compressed = payload.startsWith('.');
  const bytes = base64urlDecode(compressed ? payload.slice(1) : payload);
  if (bytes === undefined) return undefined;
  const plain = compressed ? inflateSync(bytes, { maxOutputLength: maximumInflatedLength }) : bytes;
  return isUtf8(plain) ? plain.toString() : undefined;
};

/**
 * Timed, signed, URL-safe tokens in the format of itsdangerous' URLSafeTimedSerializer, in both directions: confirmation,
 * reset, login and authentication tokens, CSRF tokens. Tokens over 16 KB and contents over 64 KB are refused.
 *
 * @throws RangeError when a secret key is missing or empty.
 * @example
 * const serializer = createTimedSerializer({ secretKeys: [secret], salt: 'confirm-salt' });
 * const token = serializer.dumps([userId, hash], Date.now());
 * const result = serializer.loads(token, { maxAge: 432_000, now: Date.now() });
 */
export const createTimedSerializer = (options: TimedSerializerOptions): TimedSerializer => {
  const signer = createTimedSigner(options);
  const { codec = jsonCodec, compress = true } = options;

  return {
    dumps: (value, now) => signer.sign(pack(codec.encode(value), compress), now),

    loads(token, { maxAge, now }) {
      const signed = signer.unsign(token);
      if (signed === undefined) return invalid;
      let value: unknown;
      try {
        const text = unpack(signed.payload);
        if (text === undefined) return invalid;
        value = codec.decode(text);
      } catch {
        return invalid;
      }
      const issuedAt = signed.timestamp * 1000;
      if (maxAge === undefined) return { ok: true, value, issuedAt };
      const age = Math.floor(now / 1000) - signed.timestamp;
      // Said positively, so that NaN (a broken clock or option) is expired as well.
      return age >= 0 && age <= maxAge
        ? { ok: true, value, issuedAt }
        : { ok: false, reason: 'expired', value, issuedAt };
    },
  };
};
