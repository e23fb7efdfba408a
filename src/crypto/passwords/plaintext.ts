import { constantTimeEqual } from '../encoding.js';
import type { PasswordScheme } from './scheme.js';

// Whoever stole a hash of an unknown scheme must not log in by typing it, nor anybody by typing a lock mark.
const looksLikeHash = /^(?:\$|\{|_[./0-9A-Za-z]{19}$|[!*]|[a-z0-9_]+\$)/;

/** No hashing at all, for tests and for reading old data outside production. It must come last among the schemes. */
export const plaintext: PasswordScheme = {
  name: 'plaintext',
  defaults: {},
  bounds: {},
  identify: (hash) => hash !== '' && !looksLikeHash.test(hash),
  costs: () => ({}),
  refuses: (secret) =>
    plaintext.identify(Buffer.from(secret).toString())
      ? undefined
      : 'stored as it is, this password would look like a hash',
  hash: async (secret) => Buffer.from(secret).toString(),
  verify: async (secret, hash) => plaintext.identify(hash) && constantTimeEqual(secret, hash),
  needsUpdate: () => false,
};
