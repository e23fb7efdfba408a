import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const bytesOf = (value: string | Uint8Array): Uint8Array => (typeof value === 'string' ? Buffer.from(value) : value);

/** Base64url without padding (RFC 4648 §5). Text is taken as UTF-8. */
export const base64urlEncode = (value: string | Uint8Array): string =>
  (typeof value === 'string'
    ? Buffer.from(value)
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  ).toString('base64url');

/**
 * Strict base64url (RFC 4648 §5): padding, foreign characters and non-canonical last characters are refused.
 * @returns the bytes, or undefined when `text` is not exactly what {@link base64urlEncode} would have written.
 */
export const base64urlDecode = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64url');
  // Node skips what it does not understand; only writing it back shows that nothing was skipped.
  return bytes.toString('base64url') === text ? bytes : undefined;
};

/** SHA-256 of a text (UTF-8) as 64 lower case hexadecimal digits: how secrets with full entropy rest in a store. */
export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Compares without telling by time where the values differ. Only the length may be learnt. */
export const constantTimeEqual = (a: string | Uint8Array, b: string | Uint8Array): boolean => {
  const left = bytesOf(a);
  const right = bytesOf(b);
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
};

/** A random secret of `bytes` bytes (default 32) as base64url. */
export const randomToken = (bytes = 32): string => randomBytes(bytes).toString('base64url');

/** A random secret of `bytes` bytes (default 32) in hexadecimal. */
export const randomHex = (bytes = 32): string => randomBytes(bytes).toString('hex');
