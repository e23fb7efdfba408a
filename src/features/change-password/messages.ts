import type { MessageCatalog } from '../../core/messages.js';

export const changePasswordMessages = {
  PASSWORD_CHANGE: { text: 'Your password is changed.', level: 'success' },
  PASSWORD_IS_THE_SAME: { text: 'The new password must not be the old one.', level: 'error' },
  PASSWORD_MISMATCH: { text: 'This is not the password.', level: 'error' },
} satisfies MessageCatalog;
