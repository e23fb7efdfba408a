import type { PasswordContext } from '../crypto/password-context.js';
import type { TimedSerializer } from '../crypto/serializer.js';
import type { User, UserDatastore } from '../datastores/contract.js';
import type { HttpRequest } from '../http/types.js';
import type { MailDispatcher } from '../mail/dispatch.js';
import type { MailUtil } from '../mail/mail-util.js';
import type { PasswordUtil } from '../passwords/index.js';
import type { UsernameUtil } from '../username/index.js';
import type { ActionTokens } from './action-token.js';
import type { Attempts } from './attempts.js';
import type { Authentication } from './authenticate.js';
import type { Background } from './background.js';
import type { Clock } from './clock.js';
import type { CoreOptions } from './config/index.js';
import type { Csrf } from './csrf.js';
import type { Gate } from './gate.js';
import type { Handlers } from './handlers.js';
import type { IdentityLookup } from './identity-lookup.js';
import type { MessageReference, MessageText } from './messages.js';
import type { Profile } from './options.js';
import type { Origins } from './origins.js';
import type { Redirects } from './redirect.js';
import type { Registry } from './registry.js';
import type { Renderer } from './render.js';
import type { SessionStore } from './session-store.js';
import type { Signals } from './signals.js';
import type { Urls } from './urls.js';
import type { UserHooks } from './user-hooks.js';

/** Writes what operators should know. Never handed secrets. */
export interface Logger {
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** The parts of a running Sallyport, as handlers and features use them. */
export interface SecurityCore {
  readonly profile: Profile;
  readonly config: CoreOptions;
  readonly datastore: UserDatastore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
  readonly origins: Origins;
  readonly urls: Urls;
  readonly redirects: Redirects;
  readonly sessions: SessionStore;
  readonly csrf: Csrf;
  readonly gate: Gate;
  readonly authentication: Authentication;
  readonly identities: IdentityLookup;
  readonly attempts: Attempts;
  readonly signals: Signals;
  readonly renderer: Renderer;
  readonly handlers: Handlers;
  readonly hooks: UserHooks;
  readonly passwords: PasswordContext;
  readonly passwordUtil: PasswordUtil;
  readonly usernameUtil: UsernameUtil;
  readonly mailUtil: MailUtil;
  readonly mailer: MailDispatcher;
  readonly background: Background;
  /** Mailed tokens: issued, inspected, used once. */
  readonly actionTokens: ActionTokens;
  /** The timed serializer of a salt (`confirm-salt` …), made once. */
  serializer(salt: string): TimedSerializer;
  wantJson(request: HttpRequest): boolean;
  localeOf(request: HttpRequest): string;
  /** A message in the request's language with its places filled. */
  say(message: MessageReference, locale: string): string;
  /** A message's text and level. */
  message(key: string): MessageText;
  /** Any other text (labels, page texts) in a language. */
  translate(text: string, locale: string): string;
  /** Checks a password of a user in the time that a check always takes; rehashes where the scheme or cost changed. */
  verifyAndUpdatePassword(user: User, password: string): Promise<boolean>;
}
