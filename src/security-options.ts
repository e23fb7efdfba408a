import type { Clock } from './core/clock.js';
import type { CoreOptions } from './core/config/index.js';
import type { Feature } from './core/feature.js';
import type { FormExtension } from './core/form.js';
import type { Handlers } from './core/handlers.js';
import type { MessageText } from './core/messages.js';
import type { Profile } from './core/options.js';
import type { Logger } from './core/security-core.js';
import type { UserHooks } from './core/user-hooks.js';
import type { BaseUser, UserDatastore } from './datastores/contract.js';
import type { BaseFeatureOptions } from './features/base.js';
import type { HttpRequest } from './http/types.js';
import type { Translate } from './i18n/translate.js';
import type { MailQueue, MailUtil, MailUtilOptions, OutgoingMail } from './mail/index.js';
import type { PasswordUtil } from './passwords/index.js';
import type { UsernameUtil } from './username/index.js';

/** What an application gives besides plain options. */
export interface SecurityParts<Row extends BaseUser = BaseUser> extends Partial<Handlers> {
  /** Which defaults hold; `fromFlaskConfig` answers `flask`. */
  profile?: Profile;
  datastore: UserDatastore<Row>;
  features?: readonly Feature[];
  /** Other texts for messages: `{ INVALID_PASSWORD: 'No.' }`, or with a level. */
  messages?: Readonly<Record<string, string | MessageText>>;
  /** Further fields and rules of forms: `{ loginForm: { fields: [captcha] } }`. */
  forms?: Readonly<Record<string, FormExtension>>;
  /** What the specification lets one override on the user model. */
  user?: Partial<UserHooks>;
  /** Folders with templates that take the place of ours by file name. */
  templates?: string | readonly string[];
  /** Another template engine altogether. */
  renderTemplate?: (name: string, values: Record<string, unknown>) => Promise<string>;
  clock?: Clock;
  logger?: Logger;
  translate?: Translate;
  /** The language of a request. */
  locale?: (request: HttpRequest) => string;
  mailUtil?: MailUtil;
  /** `smtp://…`, nodemailer's options or transporter, or `outbox()`. */
  mailTransport?: MailUtilOptions['transport'];
  mailQueue?: MailQueue;
  onMailError?: (error: unknown, mail: OutgoingMail) => void | Promise<void>;
  passwordUtil?: PasswordUtil;
  usernameUtil?: UsernameUtil;
}

/** Names of {@link SecurityParts}, for the check of unknown options. */
export const givenNames: readonly (keyof SecurityParts)[] = [
  'profile',
  'datastore',
  'features',
  'messages',
  'forms',
  'user',
  'templates',
  'renderTemplate',
  'clock',
  'logger',
  'translate',
  'locale',
  'mailUtil',
  'mailTransport',
  'mailQueue',
  'onMailError',
  'passwordUtil',
  'usernameUtil',
  'renderJson',
  'unauthnHandler',
  'unauthzHandler',
  'reauthnHandler',
  'wantJson',
];

/** Options of {@link createSecurity}. `secretKey` may be undefined only to be refused with a clear message. */
export interface SecurityOptions<Row extends BaseUser = BaseUser>
  extends SecurityParts<Row>,
    Partial<Omit<CoreOptions, 'secretKey'>>,
    Partial<BaseFeatureOptions> {
  secretKey: string | readonly string[] | undefined;
}
