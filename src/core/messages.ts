import { passwordTexts, zxcvbnTexts } from '../passwords/index.js';

/** `error` refuses, `success` confirms, `info` tells, `warning` warns: the categories of flashed messages. */
export type MessageLevel = 'success' | 'info' | 'warning' | 'error';

export interface MessageText {
  text: string;
  level: MessageLevel;
}

/** Messages by key. The key without prefix is the specified name after `SECURITY_MSG_` (specification 1.4.19). */
export type MessageCatalog = Readonly<Record<string, MessageText>>;

/** Named values for the `%(name)s` places of a message. */
export type MessageParameters = Readonly<Record<string, string | number>>;

/** A message to show: its key and what goes into its places. */
export interface MessageReference {
  key: string;
  parameters?: MessageParameters;
}

/** Fills the `%(name)s` and `%(name)d` places of a text, once: values are never read as formats themselves. */
export function fillPlaces(text: string, parameters: MessageParameters | undefined): string {
  return text.replace(/%\((\w{1,64})\)[sd]|%%/g, (place, name: string | undefined) => {
    if (name === undefined) return '%';
    return parameters && Object.hasOwn(parameters, name) ? String(parameters[name]) : place;
  });
}

/** Texts that only ever refuse, as messages. */
function errorsOf(texts: Readonly<Record<string, string>>): MessageCatalog {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, { text, level: 'error' }]));
}

/** Messages that belong to no single feature. */
export const coreMessages = {
  ...errorsOf(passwordTexts),
  ...errorsOf(zxcvbnTexts),
  API_ERROR: { text: 'This value does not have the form that is expected here.', level: 'error' },
  UNAUTHENTICATED: { text: 'Please sign in: this request carries no valid credentials.', level: 'error' },
  UNAUTHORIZED: { text: 'Your account is not allowed to open this page.', level: 'error' },
  REAUTHENTICATION_REQUIRED: { text: 'Please confirm that it is you before you continue.', level: 'error' },
  ANONYMOUS_USER_REQUIRED: { text: 'You are signed in already; sign out first to use this.', level: 'error' },
  GENERIC_AUTHN_FAILED: { text: 'We could not sign you in with these details.', level: 'error' },
  DISABLED_ACCOUNT: { text: 'This account is disabled.', level: 'error' },
  USER_DOES_NOT_EXIST: { text: 'There is no such user.', level: 'error' },
  EMAIL_NOT_PROVIDED: { text: 'Please enter your email address.', level: 'error' },
  INVALID_EMAIL_ADDRESS: { text: 'This is not a valid email address.', level: 'error' },
  USERNAME_NOT_PROVIDED: { text: 'Please enter your username.', level: 'error' },
  PASSWORD_NOT_PROVIDED: { text: 'Please enter a password.', level: 'error' },
  RETYPE_PASSWORD_MISMATCH: { text: 'The two passwords are not the same.', level: 'error' },
  PASSWORD_INVALID_LENGTH: { text: 'The password must have at least %(length)s characters.', level: 'error' },
  PASSWORD_TOO_SIMPLE: { text: 'This password is too easy to guess.', level: 'error' },
  PASSWORD_BREACHED: {
    text: 'This password is known from a breach of another site. Please choose another one.',
    level: 'error',
  },
  PASSWORD_BREACHED_SITE_ERROR: {
    text: 'The password could not be checked right now. Please try again later.',
    level: 'error',
  },
  INVALID_PASSWORD: { text: 'The password is not right.', level: 'error' },
  INVALID_REDIRECT: { text: 'Links that lead away from this site are not followed.', level: 'error' },
  LOGIN: { text: 'Please sign in to open this page.', level: 'info' },
  REFRESH: { text: 'Please sign in again to open this page.', level: 'info' },
  FIELD_REQUIRED: { text: 'Please fill in this field.', level: 'error' },
  CSRF_TOKEN_MISSING: { text: 'The form’s security token is missing. Please send the form again.', level: 'error' },
  CSRF_TOKEN_INVALID: {
    text: 'The form’s security token is not valid any more. Please send the form again.',
    level: 'error',
  },
  CSRF_TOKEN_EXPIRED: { text: 'This form was open for too long. Please send it again.', level: 'error' },
  CSRF_ORIGIN: { text: 'This request came from another site and was refused.', level: 'error' },
  SERVICE_UNAVAILABLE: { text: 'The service cannot answer right now. Please try again in a moment.', level: 'error' },
  TOO_MANY_REQUESTS: { text: 'Too many attempts. Please wait a moment and try again.', level: 'error' },
  METHOD_NOT_ALLOWED: { text: 'This address cannot be used in this way.', level: 'error' },
  BAD_REQUEST: { text: 'The request could not be read: %(reason)s', level: 'error' },
} satisfies MessageCatalog;
