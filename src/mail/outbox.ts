import type { Writable } from 'node:stream';
import type { MailMessage } from './message.js';
import type { MailTransport } from './transport.js';

/** A mail that an {@link outbox} keeps. */
export interface OutboxMail extends MailMessage {
  time: Date;
}

/** A transport that keeps mails in memory instead of sending them. */
export interface Outbox extends MailTransport {
  /** The kept mails, oldest first. */
  readonly mails: readonly OutboxMail[];
  /** Calls the listener for each mail to come; the answer ends that. */
  subscribe(listener: (mail: OutboxMail) => void): () => void;
  clear(): void;
}

/**
 * For development and tests: nothing leaves the process, nodemailer is not needed.
 *
 * @param options.limit how many mails are kept; the oldest go first. Default 100
 * @example
 * const mails = outbox();
 * createMailUtil({ transport: mails });
 * mails.mails.at(-1)?.subject;
 */
export function outbox(options: { limit?: number } = {}): Outbox {
  const limit = options.limit ?? 100;
  const mails: OutboxMail[] = [];
  const listeners = new Set<(mail: OutboxMail) => void>();
  return {
    mails,
    async send(message) {
      const mail = { ...message, time: new Date() };
      mails.push(mail);
      mails.splice(0, Math.max(0, mails.length - limit));
      for (const listener of listeners) listener(mail);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      mails.length = 0;
    },
  };
}

/**
 * For development: writes each mail as readable text. Links and codes are in it, so the stream must not end up where
 * logs are kept.
 *
 * @example streamTransport(process.stdout)
 */
export function streamTransport(stream: Writable): MailTransport {
  return {
    send(message) {
      const { name, address } = message.from;
      const head = `From: ${name === '' ? address : `${name} <${address}>`}\nTo: ${message.to}\nSubject: ${message.subject}`;
      const text = `${head}\n\n${message.text ?? message.html ?? ''}\n\n`;
      return new Promise((resolve, reject) => {
        stream.write(text, (error) => (error ? reject(error) : resolve()));
      });
    },
  };
}
