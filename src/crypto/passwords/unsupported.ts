import type { PasswordScheme } from './scheme.js';

const unsupported = (name: string, shape: RegExp): PasswordScheme => ({
  name,
  defaults: {},
  bounds: {},
  identify: (hash) => shape.test(hash),
  costs: () => undefined,
  hash: () => Promise.reject(new RangeError(`passwords cannot be hashed with ${name}`)),
  verify: async () => false,
  needsUpdate: () => true,
});

/**
 * Schemes that are recognised, so that no other one mistakes their hashes for its own, and that never verify. The
 * application may give its own {@link PasswordScheme} of the same name.
 */
export const unsupportedSchemes: readonly PasswordScheme[] = [
  unsupported('des_crypt', /^[./0-9A-Za-z]{13}$/),
  unsupported('django_argon2', /^argon2\$/),
  unsupported('django_bcrypt_sha256', /^bcrypt_sha256\$/),
  unsupported('django_bcrypt', /^bcrypt\$/),
  unsupported('django_pbkdf2_sha256', /^pbkdf2_sha256\$/),
  unsupported('django_pbkdf2_sha1', /^pbkdf2_sha1\$/),
  unsupported('django_salted_md5', /^md5\$/),
  unsupported('django_salted_sha1', /^sha1\$/),
  unsupported('django_des_crypt', /^crypt\$/),
];

/** Whether this is one of the schemes that are only recognised. */
export const isUnsupported = (scheme: PasswordScheme): boolean => unsupportedSchemes.includes(scheme);
