/** The Unicode normalization forms. */
export type NormalizeForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/** UTF-8 octets of a password before and after normalization: 128 characters of any script fit. */
export const defaultPasswordBytesMax = 4096;

/**
 * May this value be normalized, hashed or compared as a password at all? Not if it is no text, is longer than
 * `maximumBytes` in UTF-8, or holds a NUL or half a surrogate pair, which hashes would cut at or fold together. The
 * length is judged first, so a megabyte costs nothing. Every flow that takes a password asks this before any other work.
 */
export function isHashablePassword(password: unknown, maximumBytes = defaultPasswordBytesMax): password is string {
  if (typeof password !== 'string' || password.length > maximumBytes) return false;
  return !/[\0\p{Cs}]/u.test(password) && Buffer.byteLength(password) <= maximumBytes;
}

/**
 * The form of a password that is hashed and compared, so that it does not matter how a keyboard composes accents.
 * Spaces are kept. What {@link isHashablePassword} refuses comes back as it is.
 *
 * Specification 2.5.3 and SECURITY_PASSWORD_NORMALIZE_FORM; NIST SP 800-63B 5.1.1.2.
 *
 * @param form `null` leaves the password alone
 */
export function normalizePassword(password: string, form: NormalizeForm | null = 'NFKD'): string {
  return form === null || !isHashablePassword(password) ? password : password.normalize(form);
}
