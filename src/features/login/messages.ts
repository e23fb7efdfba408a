import type { MessageCatalog } from '../../core/messages.js';

export const loginMessages = {
  IDENTITY_NOT_PROVIDED: { text: 'Please say who you are.', level: 'error' },
} satisfies MessageCatalog;
