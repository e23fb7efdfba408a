import type { OptionDeclarations } from '../options.js';
import { type CsrfOptions, csrfOptions } from './csrf-options.js';
import { type CredentialOptions, credentialOptions, type GeneralOptions, generalOptions } from './general-options.js';
import {
  type IdentityAttributes,
  type IdentityOptions,
  identityOptions,
  uiaEmailMapper,
  uiaUsernameMapper,
} from './identity-options.js';
import { type MailOptions, mailOptions } from './mail-options.js';
import { type PasswordOptions, passwordOptions } from './password-options.js';
import { type RedirectOptions, redirectOptions } from './redirect-options.js';
import { type SessionOptions, sessionOptions } from './session-options.js';

/** All options that belong to no single feature. */
export interface CoreOptions
  extends GeneralOptions,
    CredentialOptions,
    SessionOptions,
    CsrfOptions,
    PasswordOptions,
    RedirectOptions,
    IdentityOptions,
    MailOptions {}

export const coreOptions: OptionDeclarations<CoreOptions> = {
  ...generalOptions,
  ...credentialOptions,
  ...sessionOptions,
  ...csrfOptions,
  ...passwordOptions,
  ...redirectOptions,
  ...identityOptions,
  ...mailOptions,
};

/** The attributes that identify a user: as configured, else email, and username where that is enabled. */
export function identityAttributes(config: CoreOptions): IdentityAttributes {
  if (config.userIdentityAttributes !== null) return config.userIdentityAttributes;
  const email = { email: { mapper: uiaEmailMapper, caseInsensitive: true } };
  return config.usernameEnable ? [email, { username: { mapper: uiaUsernameMapper, caseInsensitive: true } }] : [email];
}
