/** Why a password was refused: the key of a message and what is filled into it. Translation is the caller's. */
export interface PasswordError {
  /** `PASSWORD_INVALID_LENGTH`, `PASSWORD_TOO_SIMPLE`, `PASSWORD_BREACHED` … or a key of {@link zxcvbnTexts}. */
  message: string;
  parameters: Record<string, string | number>;
}

/** Whose password it is to be: what a guesser would try first. */
export interface PasswordContext {
  /** Changing or resetting: the user's record. */
  user?: Readonly<Record<string, unknown>> | null;
  /** Registering: the fields of the form. Those with `password` in their name are left out. */
  fields?: Readonly<Record<string, unknown>>;
}

/** English texts of the keys that the specification does not name (its own are listed in chapter 1.4.19). */
export const passwordTexts: Readonly<Record<string, string>> = {
  PASSWORD_TOO_LONG: 'Password must be at most %(max)s characters',
  PASSWORD_TOO_MANY_BYTES: 'Password must be at most %(max)s bytes when stored',
  PASSWORD_ILLEGAL_CHARACTERS: 'Password contains characters that cannot be stored',
};
