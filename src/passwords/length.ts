import { defaultPasswordBytesMax, isHashablePassword } from './normalize.js';
import type { PasswordError } from './types.js';

export interface PasswordLengthOptions {
  /** Characters (code points) at least. Default 8. */
  passwordLengthMin?: number;
  /** Characters (code points) at most. Default 128, twice what NIST SP 800-63B asks to be allowed. */
  passwordLengthMax?: number;
  /** UTF-8 octets of the normalized password at most. Default 4096; 72 where bcrypt hashes it without an HMAC. */
  passwordBytesMax?: number;
}

/**
 * Is the password long enough, not too long, and made of characters that can be hashed? Characters are counted as the
 * user sees them (composed), so neither an accent nor a ligature that normalization takes apart makes up for length.
 *
 * Specification 3.1.5, password_length_validator.
 */
export function passwordLengthValidator(password: string, options: PasswordLengthOptions = {}): PasswordError[] {
  const { passwordLengthMin = 8, passwordLengthMax = 128, passwordBytesMax = defaultPasswordBytesMax } = options;
  // Code points are at least half the length in code units: what is refused here was never within the limit.
  if (password.length > Math.max(4 * passwordLengthMax, passwordBytesMax)) return [tooLong(passwordLengthMax)];
  const length = [...password.normalize('NFC')].length;
  if (length < Math.max(1, passwordLengthMin)) {
    return [{ message: 'PASSWORD_INVALID_LENGTH', parameters: { length: Math.max(1, passwordLengthMin) } }];
  }
  if (length > passwordLengthMax) return [tooLong(passwordLengthMax)];
  if (Buffer.byteLength(password) > passwordBytesMax) {
    return [{ message: 'PASSWORD_TOO_MANY_BYTES', parameters: { max: passwordBytesMax } }];
  }
  return isHashablePassword(password, passwordBytesMax)
    ? []
    : [{ message: 'PASSWORD_ILLEGAL_CHARACTERS', parameters: {} }];
}

function tooLong(max: number): PasswordError {
  return { message: 'PASSWORD_TOO_LONG', parameters: { max } };
}
