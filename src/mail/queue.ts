import { MailError } from './errors.js';
import type { Mailbox } from './mailbox.js';
import { type OutgoingMail, toMailMessage } from './message.js';
import type { MailTransport } from './transport.js';

/** A rendered mail as plain JSON. It holds links and codes: the queue must be kept like the database. */
export interface QueuedMail {
  id: string;
  template: string;
  subject: string;
  recipient: string;
  sender: string | Mailbox;
  body: string | null;
  html: string | null;
}

/** Where mails wait for another process: BullMQ, pg-boss, a table … */
export interface MailQueue {
  /** Resolves when the queue has taken the mail. */
  enqueue(mail: QueuedMail): Promise<void>;
}

/**
 * What goes into a queue: the mail without the context of its templates.
 *
 * @throws MailError if no transport would take it
 */
export function toQueuedMail(mail: OutgoingMail): QueuedMail {
  toMailMessage(mail);
  const { id, template, subject, recipient, sender, body, html } = mail;
  return { id, template, subject, recipient, sender, body, html };
}

/**
 * For the worker: sends what came out of the queue. Delivered twice, a mail carries the same Message-ID.
 *
 * @throws MailError if it is not a mail; whatever the transport throws
 */
export async function deliverQueuedMail(queued: unknown, transport: MailTransport): Promise<void> {
  if (!isQueuedMail(queued))
    throw new MailError('MAIL_QUEUED_INVALID', 'What came out of the mail queue is not a mail.');
  await transport.send(toMailMessage(queued));
}

function isQueuedMail(value: unknown): value is QueuedMail {
  if (!isRecord(value)) return false;
  const { id, template, subject, recipient, sender, body, html } = value;
  const isSender = typeof sender === 'string' || (isRecord(sender) && areTexts(sender.name, sender.address));
  return areTexts(id, template, subject, recipient) && isSender && isTextOrNull(body) && isTextOrNull(html);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function areTexts(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
