import type { MessageCatalog } from '../../core/messages.js';

export const confirmationMessages = {
  CONFIRMATION_REQUIRED: { text: 'Please confirm your email address first.', level: 'error' },
  CONFIRMATION_REQUEST: {
    text: 'If %(email)s waits to be confirmed, instructions are on their way to it.',
    level: 'info',
  },
  CONFIRMATION_EXPIRED: {
    text: 'This confirmation link is older than %(within)s. Please ask for a new one.',
    level: 'error',
  },
  CONFIRMATION_EXPIRED_RESENT: {
    text: 'This confirmation link is older than %(within)s. A new one is on its way to you.',
    level: 'error',
  },
  INVALID_CONFIRMATION_TOKEN: { text: 'This confirmation link is not valid.', level: 'error' },
  ALREADY_CONFIRMED: { text: 'This address is confirmed already.', level: 'info' },
  EMAIL_CONFIRMED: { text: 'Thank you, your address is confirmed.', level: 'success' },
  EMAIL_CONFIRMED_WITHOUT_PASSWORD: {
    text: 'Your address is confirmed, and the password that was set with it is gone. Please choose your own.',
    level: 'success',
  },
} satisfies MessageCatalog;
