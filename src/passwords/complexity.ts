import type { PasswordContext, PasswordError } from './types.js';
import { zxcvbnMessage } from './zxcvbn-texts.js';

export interface PasswordComplexityOptions {
  /** Default `null`: no check. `zxcvbn` needs the packages `@zxcvbn-ts/core`, `-/language-common`, `-/language-en`. */
  passwordComplexityChecker?: 'zxcvbn' | null;
  /** 0 (guessed at once) to 4. Default 3. */
  zxcvbnMinimumScore?: number;
}

/** The complexity checker was asked for, but its packages are not installed. */
export class ComplexityCheckerMissingError extends Error {
  override readonly name = 'ComplexityCheckerMissingError';
}

/** Of zxcvbn's verdict, what is used. */
interface Verdict {
  score: number;
  feedback: { warning: string | null; suggestions: string[] };
}
interface Checker {
  check(password: string, userInputs: string[]): Verdict;
}

/**
 * zxcvbn's time grows with the cube of the length, on the event loop: seconds for 128 characters. 48 characters with
 * few look-alike substitutions stay under a tenth of a second, and are strong or hopeless by then.
 */
const zxcvbnLimits = { maxLength: 48, l33tMaxSubstitutions: 10 };

let checker: Promise<Checker> | undefined;

/**
 * Loads the checker's dictionaries (8 MB, a third of a second) ahead of the first password.
 *
 * @throws ComplexityCheckerMissingError if the packages are not installed
 */
export function loadComplexityChecker(): Promise<Checker> {
  checker ??= load().catch((error: unknown) => {
    checker = undefined;
    throw error;
  });
  return checker;
}

async function load(): Promise<Checker> {
  try {
    const [{ ZxcvbnFactory }, common, english] = await Promise.all([
      import('@zxcvbn-ts/core'),
      import('@zxcvbn-ts/language-common'),
      import('@zxcvbn-ts/language-en'),
    ]);
    return new ZxcvbnFactory({
      dictionary: { ...common.dictionary, ...english.dictionary },
      graphs: common.adjacencyGraphs,
      ...zxcvbnLimits,
    });
  } catch (cause) {
    throw new ComplexityCheckerMissingError(
      "passwordComplexityChecker 'zxcvbn' needs @zxcvbn-ts/core, @zxcvbn-ts/language-common and " +
        '@zxcvbn-ts/language-en: npm install them, or set it to null.',
      { cause },
    );
  }
}

/**
 * Refuses a password that is too easy to guess, with what would make it better. What is known about the user counts
 * as guessable.
 *
 * Specification 3.1.5, password_complexity_validator.
 *
 * @throws ComplexityCheckerMissingError if the packages are not installed
 */
export async function passwordComplexityValidator(
  password: string,
  isRegister: boolean,
  context: PasswordContext = {},
  options: PasswordComplexityOptions = {},
): Promise<PasswordError[]> {
  if ((options.passwordComplexityChecker ?? null) === null) return [];
  const known = isRegister ? context.fields : context.user;
  const { score, feedback } = (await loadComplexityChecker()).check(password, guessableWords(known ?? {}));
  if (score >= (options.zxcvbnMinimumScore ?? 3)) return [];
  const keys = ['PASSWORD_TOO_SIMPLE'];
  if (feedback.warning !== null && feedback.warning !== '') keys.push(zxcvbnMessage('WARNING', feedback.warning));
  for (const suggestion of feedback.suggestions) keys.push(zxcvbnMessage('SUGGESTION', suggestion));
  return keys.map((message) => ({ message, parameters: {} }));
}

/** The text values and their words: of `ada.byron@example.com` also `ada.byron`, `ada`, `byron` …; at most 100. */
function guessableWords(known: Readonly<Record<string, unknown>>): string[] {
  const words = new Set<string>();
  for (const [key, value] of Object.entries(known)) {
    // The password itself is among a form's fields; it must not speak against itself.
    if (typeof value !== 'string' || value === '' || value.length > 320 || /password|csrf/i.test(key)) continue;
    words.add(value);
    words.add(value.replace(/@.*$/s, ''));
    for (const word of value.split(/[^\p{L}\p{N}]+/u)) if (word.length > 2) words.add(word);
  }
  return [...words].slice(0, 100);
}
