export {
  BreachServiceError,
  type PasswordBreachedOptions,
  type PwnedOptions,
  passwordBreachedValidator,
  pwned,
} from './breached.js';
export {
  ComplexityCheckerMissingError,
  loadComplexityChecker,
  type PasswordComplexityOptions,
  passwordComplexityValidator,
} from './complexity.js';
export { type PasswordLengthOptions, passwordLengthValidator } from './length.js';
export { defaultPasswordBytesMax, isHashablePassword, type NormalizeForm, normalizePassword } from './normalize.js';
export { createPasswordUtil, type PasswordUtil, type PasswordUtilOptions } from './password-util.js';
export { type PasswordContext, type PasswordError, passwordTexts } from './types.js';
export { zxcvbnTexts } from './zxcvbn-texts.js';
