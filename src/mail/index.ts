export {
  type AddressOptions,
  type AddressVerdict,
  type NormalizedAddress,
  normalizeAddress,
  type ValidateAddressOptions,
  validateAddress,
} from './address.js';
export type { AddressResolver, DeliverabilityOptions } from './deliverability.js';
export { createMailDispatcher, type MailDispatcher, type MailDispatcherOptions, type MailFailure } from './dispatch.js';
export { MailError, type MailErrorCode } from './errors.js';
export { createMailUtil, type MailUtil, type MailUtilOptions } from './mail-util.js';
export { type Mailbox, splitMailbox } from './mailbox.js';
export { type MailMessage, type OutgoingMail, toMailMessage } from './message.js';
export { type Outbox, type OutboxMail, outbox, streamTransport } from './outbox.js';
export { deliverQueuedMail, type MailQueue, type QueuedMail, toQueuedMail } from './queue.js';
export {
  createTransport,
  type MailTransport,
  type NodemailerMessage,
  type NodemailerOptions,
  type NodemailerTransporter,
} from './transport.js';
