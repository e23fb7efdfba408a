import { type AddressOptions, normalizeAddress } from './address.js';
import { MailError } from './errors.js';
import { type Mailbox, splitMailbox } from './mailbox.js';

/** A rendered mail on its way out. */
export interface OutgoingMail {
  /** The template it was rendered from: tells why it is sent. */
  template: string;
  subject: string;
  /** Exactly one address. */
  recipient: string;
  /** `no-reply@example.com`, `Name <no-reply@example.com>`, or both apart. */
  sender: string | Mailbox;
  /** The text part. */
  body: string | null;
  html: string | null;
  /** Everything the templates were given. May hold secrets and live objects: not logged, not queued. */
  context: Record<string, unknown>;
  /** Unique; becomes the local part of the Message-ID, so that a second delivery can be told. */
  id: string;
}

/** A mail as a transport takes it: checked, and without the context. */
export interface MailMessage {
  id: string;
  template: string;
  from: Mailbox;
  to: string;
  subject: string;
  text: string | null;
  html: string | null;
  messageId: string;
}

/** Whoever wrote the address has judged it already: here it only has to be one address. */
const anyAddress: AddressOptions = {
  allowQuotedLocal: true,
  allowDomainLiteral: true,
  globallyDeliverable: false,
  allowSpecialUseDomains: true,
  allowCompatibilityCharacters: true,
  lowercase: false,
};
const controls = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Checks a mail once more at the door, whoever made it (attack line A3).
 *
 * @throws MailError if a header-bound value holds a control character, the recipient is not exactly one address, the
 * sender is none, or there is nothing to read
 */
export function toMailMessage(mail: Omit<OutgoingMail, 'context'>): MailMessage {
  const { id, template, subject, recipient, sender, body, html } = mail;
  const from = typeof sender === 'string' ? splitMailbox(sender) : sender;
  for (const value of [
    subject,
    recipient,
    id,
    typeof sender === 'string' ? sender : `${sender.name}${sender.address}`,
  ]) {
    if (controls.test(value))
      throw new MailError('MAIL_HEADER_INJECTION', 'A mail header would hold a control character.');
  }
  const to = normalizeAddress(recipient, anyAddress);
  if (to === undefined) throw new MailError('MAIL_RECIPIENT_INVALID', 'The recipient of a mail must be one address.');
  const origin = normalizeAddress(from?.address, anyAddress);
  if (from === undefined || origin === undefined) {
    throw new MailError('MAIL_SENDER_INVALID', 'The sender of a mail must be an address, with or without a name.');
  }
  if (body === null && html === null) throw new MailError('MAIL_EMPTY', 'A mail needs a text or an HTML part.');
  const host = origin.asciiDomain.startsWith('[') ? 'localhost' : origin.asciiDomain;
  return {
    id,
    template,
    from: { name: from.name, address: origin.asciiAddress ?? origin.address },
    to: to.asciiAddress ?? to.address,
    subject,
    text: body,
    html,
    messageId: `<${id.replace(/[^\w.-]/g, '_')}@${host}>`,
  };
}
