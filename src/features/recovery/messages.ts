import type { MessageCatalog } from '../../core/messages.js';

export const recoveryMessages = {
  FORGOT_PASSWORD: { text: 'Forgot your password?', level: 'info' },
  PASSWORD_RESET_REQUEST: {
    text: 'If an account belongs to %(email)s, a link to choose a new password is on its way there.',
    level: 'info',
  },
  GENERIC_RECOVERY: {
    text: 'If we know this address, it gets a mail that tells how to choose a new password.',
    level: 'info',
  },
  PASSWORD_RESET_EXPIRED: {
    text: 'This link is older than %(within)s. Please ask for a new one.',
    level: 'error',
  },
  INVALID_RESET_PASSWORD_TOKEN: { text: 'This link is not valid. Please ask for a new one.', level: 'error' },
  PASSWORD_RESET: { text: 'Your new password is saved, and you are signed in.', level: 'success' },
  PASSWORD_RESET_NO_LOGIN: { text: 'Your new password is saved. Please sign in with it.', level: 'success' },
} satisfies MessageCatalog;
