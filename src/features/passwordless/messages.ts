import type { MessageCatalog } from '../../core/messages.js';

export const passwordlessMessages = {
  LOGIN_EMAIL_SENT: { text: 'A link that signs you in is on its way to %(email)s.', level: 'success' },
  LOGIN_EXPIRED: {
    text: 'This link was good for %(within)s only. A new one is on its way to %(email)s.',
    level: 'error',
  },
  INVALID_LOGIN_TOKEN: { text: 'This sign-in link is not valid, or has been used already.', level: 'error' },
  PASSWORDLESS_LOGIN_SUCCESSFUL: { text: 'You are signed in.', level: 'success' },
  PASSWORDLESS_SIGN_IN_AS: { text: 'Press the button to sign in as %(email)s.', level: 'info' },
} satisfies MessageCatalog;
