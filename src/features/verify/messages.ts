import type { MessageCatalog } from '../../core/messages.js';

export const verifyMessages = {
  REAUTHENTICATION_SUCCESSFUL: { text: 'Thank you, that was right.', level: 'info' },
} satisfies MessageCatalog;
