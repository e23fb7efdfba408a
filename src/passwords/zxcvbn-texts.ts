/** English texts of what zxcvbn has to say about a password, by message key. */
export const zxcvbnTexts: Readonly<Record<string, string>> = {
  ZXCVBN_WARNING_STRAIGHT_ROW: 'A row of neighbouring keys is guessed early',
  ZXCVBN_WARNING_KEY_PATTERN: 'A short path over the keyboard is guessed early',
  ZXCVBN_WARNING_SIMPLE_REPEAT: 'One character again and again adds almost nothing',
  ZXCVBN_WARNING_EXTENDED_REPEAT: 'A group of characters again and again adds almost nothing',
  ZXCVBN_WARNING_SEQUENCES: 'Runs such as "abc" or "654" are guessed early',
  ZXCVBN_WARNING_RECENT_YEARS: 'Years of our time are guessed early',
  ZXCVBN_WARNING_DATES: 'Dates are guessed early',
  ZXCVBN_WARNING_TOP_TEN: 'Hardly any password is used by more people than this one',
  ZXCVBN_WARNING_TOP_HUNDRED: 'This is one of the hundred most used passwords',
  ZXCVBN_WARNING_COMMON: 'Many people use this password',
  ZXCVBN_WARNING_SIMILAR_TO_COMMON: 'This is too close to a password that many people use',
  ZXCVBN_WARNING_WORD_BY_ITSELF: 'One word alone is guessed early',
  ZXCVBN_WARNING_NAMES_BY_THEMSELVES: 'A name alone is guessed early',
  ZXCVBN_WARNING_COMMON_NAMES: 'Widespread names are guessed early',
  ZXCVBN_WARNING_USER_INPUTS: 'The password repeats what is known about you',
  ZXCVBN_WARNING_PWNED: 'This password has been seen in a breach',
  ZXCVBN_SUGGESTION_L33T: 'Replacing letters by look-alikes ("@" for "a") helps little',
  ZXCVBN_SUGGESTION_REVERSE_WORDS: 'Spelling words backwards helps little',
  ZXCVBN_SUGGESTION_ALL_UPPERCASE: 'Write some letters as capitals, not all',
  ZXCVBN_SUGGESTION_CAPITALIZATION: 'Write more than the first letter as a capital',
  ZXCVBN_SUGGESTION_DATES: 'Leave out dates that have to do with you',
  ZXCVBN_SUGGESTION_RECENT_YEARS: 'Leave out recent years',
  ZXCVBN_SUGGESTION_ASSOCIATED_YEARS: 'Leave out years that have to do with you',
  ZXCVBN_SUGGESTION_SEQUENCES: 'Leave out runs of characters',
  ZXCVBN_SUGGESTION_REPEATED: 'Leave out repeated words and characters',
  ZXCVBN_SUGGESTION_LONGER_KEYBOARD_PATTERN: 'A path over the keyboard must be longer and turn more often',
  ZXCVBN_SUGGESTION_ANOTHER_WORD: 'Add another word or two, the rarer the better',
  ZXCVBN_SUGGESTION_USE_WORDS: 'Use several words, but no well-known phrase',
  ZXCVBN_SUGGESTION_NO_NEED: 'Symbols, digits and capitals are welcome but not needed',
  ZXCVBN_SUGGESTION_PWNED: 'If you use this password elsewhere, change it there',
};

/** `straightRow` as a warning is `ZXCVBN_WARNING_STRAIGHT_ROW`. */
export function zxcvbnMessage(kind: 'WARNING' | 'SUGGESTION', key: string): string {
  return `ZXCVBN_${kind}_${key.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}`;
}
