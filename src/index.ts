export type { Clock } from './core/clock.js';
export { manualClock, systemClock } from './core/clock.js';
export type { CsrfCookie, Mechanism } from './core/config/csrf-options.js';
export {
  type IdentityAttribute,
  type IdentityAttributes,
  type IdentityMapper,
  uiaEmailMapper,
  uiaUsernameMapper,
} from './core/config/identity-options.js';
export type { CoreOptions } from './core/config/index.js';
export { RequestContext } from './core/context.js';
export type { Duration } from './core/duration.js';
export { ConfigurationError, UsageError } from './core/errors.js';
export type { Security } from './core/facade.js';
export {
  type Contribution,
  defineFeature,
  type Feature,
  type FeatureDefinition,
  type FeatureFactory,
  type PendingSecondFactor,
  type Proof,
  type RouteDefinition,
  type SecondFactor,
} from './core/feature.js';
export {
  type FieldDefinition,
  type FormDefinition,
  type FormExtension,
  FormState,
  type StandardSchema,
} from './core/form.js';
export { emptyForm, submittedForm } from './core/forms.js';
export type { GateResult } from './core/gate.js';
export type { AuthRequiredArguments, Freshness } from './core/guards.js';
export type { Handlers } from './core/handlers.js';
export { hasPermission, hasRole, type Identity } from './core/identity.js';
export type {
  MessageCatalog,
  MessageLevel,
  MessageParameters,
  MessageReference,
  MessageText,
} from './core/messages.js';
export { type OptionDeclaration, type OptionDeclarations, option, type Profile } from './core/options.js';
export type { Reply } from './core/reply.js';
export type { Logger, SecurityCore } from './core/security-core.js';
export type { SignalListener, SignalName, SignalPayloads } from './core/signals.js';
export type { UserHooks } from './core/user-hooks.js';
export {
  type BaseUser,
  DuplicateError,
  type Role,
  type SessionRow,
  type User,
  type UserDatastore,
  type WebAuthnCredential,
} from './datastores/contract.js';
export { adminChangePassword } from './features/change-password/admin-change-password.js';
export { type ChangePasswordOptions, changePassword } from './features/change-password/index.js';
export { type ConfirmationOptions, confirmation } from './features/confirmation/index.js';
export { type PasswordlessOptions, passwordless } from './features/passwordless/index.js';
export { type RecoveryOptions, recovery } from './features/recovery/index.js';
export { uniqueIdentityAttribute } from './features/registration/existing.js';
export { type RegistrationOptions, registration } from './features/registration/index.js';
export { tracking } from './features/tracking/index.js';
export { type FlaskConfig, type FlaskConfigParts, type FlaskOptions, fromFlaskConfig } from './flask/index.js';
export type { HttpRequest, HttpResponse } from './http/types.js';
export type { Translate } from './i18n/translate.js';
export {
  createTransport,
  deliverQueuedMail,
  MailError,
  type MailQueue,
  type MailTransport,
  type MailUtil,
  type Outbox,
  type OutgoingMail,
  outbox,
  type QueuedMail,
} from './mail/index.js';
export type { PasswordUtil } from './passwords/index.js';
export { createSecurity } from './security.js';
export type { SecurityOptions } from './security-options.js';
export type { UsernameUtil } from './username/index.js';
