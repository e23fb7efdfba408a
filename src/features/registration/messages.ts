import type { MessageCatalog } from '../../core/messages.js';

export const registrationMessages = {
  CONFIRM_REGISTRATION: {
    text: 'Thank you. Instructions for confirming your address have been sent to %(email)s.',
    level: 'success',
  },
  EMAIL_ALREADY_ASSOCIATED: { text: '%(email)s belongs to an account already.', level: 'error' },
  USERNAME_ALREADY_ASSOCIATED: { text: 'The username %(username)s is taken.', level: 'error' },
  IDENTITY_ALREADY_ASSOCIATED: {
    text: 'The %(attr)s "%(value)s" belongs to an account already.',
    level: 'error',
  },
  USERNAME_INVALID_LENGTH: {
    text: 'The username must have at least %(min)d and at most %(max)d characters.',
    level: 'error',
  },
  USERNAME_ILLEGAL_CHARACTERS: { text: 'The username contains characters that are not allowed.', level: 'error' },
  USERNAME_DISALLOWED_CHARACTERS: { text: 'The username may consist of letters and digits only.', level: 'error' },
} satisfies MessageCatalog;
