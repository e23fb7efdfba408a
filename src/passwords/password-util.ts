import { type PasswordBreachedOptions, passwordBreachedValidator } from './breached.js';
import { loadComplexityChecker, type PasswordComplexityOptions, passwordComplexityValidator } from './complexity.js';
import { type PasswordLengthOptions, passwordLengthValidator } from './length.js';
import { defaultPasswordBytesMax, type NormalizeForm, normalizePassword } from './normalize.js';
import type { PasswordContext, PasswordError } from './types.js';

/** The seam for passwords: an application may give its own (specification 3.1.6, PasswordUtil). */
export interface PasswordUtil {
  /** The form that is hashed and compared. */
  normalize(password: string): string;
  /**
   * Judges a new password. `password` is the normalized form to be hashed, to be used only if there are no errors.
   *
   * @param isRegister true: `context.fields` are the registration form's; false: `context.user` changes its password
   */
  validate(
    password: string,
    isRegister: boolean,
    context: PasswordContext,
  ): Promise<{ errors: PasswordError[]; password: string }>;
  /** Loads what the checks need; to be awaited at start, so that a missing package is found then. */
  prepare?(): Promise<void>;
}

export interface PasswordUtilOptions extends PasswordLengthOptions, PasswordBreachedOptions, PasswordComplexityOptions {
  /** Default `NFKD`; `null` leaves passwords as they are typed. */
  passwordNormalizeForm?: NormalizeForm | null;
}

/**
 * The default: length, then the list of breached passwords, then complexity; the first that objects answers.
 * The breached list and complexity are off unless asked for.
 *
 * Specification 2.5.3.
 *
 * @throws RangeError if a limit is not a number that can be met
 * @example createPasswordUtil({ passwordCheckBreached: 'best-effort', passwordComplexityChecker: 'zxcvbn' })
 */
export function createPasswordUtil(options: PasswordUtilOptions = {}): PasswordUtil {
  assertLimits(options);
  const form = options.passwordNormalizeForm === undefined ? 'NFKD' : options.passwordNormalizeForm;
  const normalize = (password: string): string => normalizePassword(password, form);

  return {
    normalize,
    async validate(password, isRegister, context) {
      const unread = passwordLengthValidator(password, { ...options, passwordBytesMax: defaultPasswordBytesMax });
      if (unread.length > 0) return { errors: unread, password: '' };
      const normalized = normalize(password);
      const { passwordBytesMax = defaultPasswordBytesMax } = options;
      if (Buffer.byteLength(normalized) > passwordBytesMax) {
        const errors = [{ message: 'PASSWORD_TOO_MANY_BYTES', parameters: { max: passwordBytesMax } }];
        return { errors, password: normalized };
      }
      let errors = await passwordBreachedValidator(normalized, options);
      if (errors.length === 0) {
        errors = await passwordComplexityValidator(normalized, isRegister, context, options);
      }
      return { errors, password: normalized };
    },
    async prepare() {
      if ((options.passwordComplexityChecker ?? null) !== null) await loadComplexityChecker();
    },
  };
}

function assertLimits(options: PasswordUtilOptions): void {
  const { passwordLengthMin = 8, passwordLengthMax = 128, passwordBytesMax = defaultPasswordBytesMax } = options;
  if (!(Number.isInteger(passwordLengthMin) && passwordLengthMin >= 1)) {
    throw new RangeError('passwordLengthMin must be a whole number from 1.');
  }
  if (!(Number.isInteger(passwordLengthMax) && passwordLengthMax >= Math.max(64, passwordLengthMin))) {
    throw new RangeError('passwordLengthMax must be a whole number, at least 64 and not below passwordLengthMin.');
  }
  if (!(passwordBytesMax >= 72 && passwordBytesMax <= defaultPasswordBytesMax)) {
    throw new RangeError(`passwordBytesMax must be between 72 and ${defaultPasswordBytesMax}.`);
  }
}
