import { sanitize } from './sanitize.js';

/** The key of a message and what is filled into it. Translation is the caller's. */
export interface UsernameError {
  message: 'USERNAME_INVALID_LENGTH' | 'USERNAME_ILLEGAL_CHARACTERS' | 'USERNAME_DISALLOWED_CHARACTERS' | (string & {});
  parameters: Record<string, string | number>;
}

export interface UsernameVerdict {
  error?: UsernameError;
  /** The name in the form that is stored and compared; `null` for none, and whenever there is an error. */
  username: string | null;
}

/** The seam for usernames: an application may give its own (specification 3.1.6, UsernameUtil). */
export interface UsernameUtil {
  /** May a name in canonical form consist of these characters? */
  checkUsername(username: string): UsernameError | undefined;
  /** The form that is stored and compared; `''` for none. Used for looking up, so it refuses nothing. */
  normalize(username: string): string;
  /** Judges a new name. No name at all is no error: whether one is required is the form's to say. */
  validate(username: string): UsernameVerdict;
}

export interface UsernameUtilOptions {
  /** Characters (code points). Default 4. */
  usernameMinLength?: number;
  /** Characters (code points). Default 32. */
  usernameMaxLength?: number;
  /** Default `NFKD`; `null` leaves names as they are typed. */
  usernameNormalizeForm?: 'NFC' | 'NFD' | 'NFKC' | 'NFKD' | null;
  /** Names in lower case, so that `Ada` and `ada` are one. Default false, as specified. */
  usernameLowercase?: boolean;
  /** Replaces the rule "letters and numbers only". */
  checkUsername?: UsernameUtil['checkUsername'];
}

/** No acceptable spelling is longer: the rest is refused unread. */
const maximumInputLength = 1024;

/**
 * The default: letters and numbers of any script (Unicode categories L and N), 4 to 32 of them.
 *
 * Specification 3.1.6, UsernameUtil, and the SECURITY_USERNAME_ options.
 *
 * @throws RangeError if the lengths cannot be met
 * @example createUsernameUtil().validate('ａｄａ１') // { username: 'ada1' }
 */
export function createUsernameUtil(options: UsernameUtilOptions = {}): UsernameUtil {
  const { usernameMinLength: min = 4, usernameMaxLength: max = 32 } = options;
  if (!(Number.isInteger(min) && Number.isInteger(max) && 1 <= min && min <= max)) {
    throw new RangeError('usernameMinLength and usernameMaxLength must be whole numbers, 1 <= minimum <= maximum.');
  }
  const check = options.checkUsername ?? checkUsername;

  const canonical = (text: string): string => {
    const form = options.usernameNormalizeForm === undefined ? 'NFKD' : options.usernameNormalizeForm;
    const normalized = form === null ? text : text.normalize(form);
    if (options.usernameLowercase !== true) return normalized;
    return form === null ? normalized.toLowerCase() : normalized.toLowerCase().normalize(form);
  };

  return {
    checkUsername: check,
    normalize: (username) => (username.length > maximumInputLength ? '' : canonical(sanitize(username))),
    validate(username) {
      if (username === '') return { username: null };
      const invalidLength = { message: 'USERNAME_INVALID_LENGTH', parameters: { min, max } };
      if (username.length > maximumInputLength) return { error: invalidLength, username: null };
      if (sanitize(username) !== username) {
        return { error: { message: 'USERNAME_ILLEGAL_CHARACTERS', parameters: {} }, username: null };
      }
      // Judged as it is stored: a ligature may normalize into words with spaces, half a pair into nothing good.
      const name = canonical(username);
      const composed = name.normalize('NFC');
      const error = check(composed);
      if (error !== undefined) return { error, username: null };
      const length = [...composed].length;
      return length < min || length > max ? { error: invalidLength, username: null } : { username: name };
    },
  };
}

/** Letters and numbers of any script; marks only where they compose with a letter. */
export function checkUsername(username: string): UsernameError | undefined {
  // Some fillers are letters by category and show nothing.
  const allowed = /^[\p{L}\p{N}]+$/u.test(username) && !/\p{Default_Ignorable_Code_Point}/u.test(username);
  return allowed ? undefined : { message: 'USERNAME_DISALLOWED_CHARACTERS', parameters: {} };
}
