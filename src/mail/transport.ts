import { MailError } from './errors.js';
import type { MailMessage } from './message.js';

/** What carries a mail away. */
export interface MailTransport {
  /** Resolves when the mail has been handed over; rejects if it has not been. */
  send(message: MailMessage): Promise<void>;
  /** Ends connections that are kept open. */
  close?(): void | Promise<void>;
}

/** What is handed to nodemailer: everything said, so that nothing is left to be parsed or fetched. */
export interface NodemailerMessage {
  from: { name: string; address: string };
  to: { name: string; address: string };
  envelope: { from: string; to: string[] };
  subject: string;
  text?: string;
  html?: string;
  messageId: string;
  headers: Record<string, string>;
  disableFileAccess: true;
  disableUrlAccess: true;
}

/** The part of a nodemailer transporter that is used. */
export interface NodemailerTransporter {
  sendMail(message: NodemailerMessage): Promise<unknown>;
  close?(): void;
}

/** nodemailer's own transport options: `{ host, port, secure, auth, … }`. */
export type NodemailerOptions = Readonly<Record<string, unknown>>;

/** Milliseconds until a silent mail server is given up. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, dnsTimeout: 10_000, socketTimeout: 30_000 };
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * A transport out of what an application configures: `smtp://user:password@mail.example` or `smtps://…`, nodemailer's
 * options, a nodemailer transporter, or a transport already. For the first two nodemailer is loaded with the first mail.
 *
 * A connection to another machine that does not begin with TLS has to change to it before anything is said; who must do
 * without writes `requireTLS: false` (`?requireTLS=false`). Files and URLs are never read into a mail.
 *
 * @throws MailError (`MAIL_TRANSPORT_MISSING`) if it is none of these
 */
export function createTransport(
  source: string | NodemailerOptions | NodemailerTransporter | MailTransport,
): MailTransport {
  if (typeof source === 'string') {
    if (!/^smtps?:$/.test(parseUrl(source)?.protocol ?? '')) {
      throw new MailError('MAIL_TRANSPORT_MISSING', 'A mail transport given as a URL begins with smtp:// or smtps://.');
    }
    return nodemailerTransport({ url: source });
  }
  if (isMailTransport(source)) return source;
  return isTransporter(source) ? carriedBy(() => Promise.resolve(source)) : nodemailerTransport(source);
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Does the connection stay on this machine? nodemailer's own default host is `localhost`. */
function isLocal(options: NodemailerOptions): boolean {
  const { url, host, service } = options;
  const name = typeof url === 'string' ? parseUrl(url)?.hostname : (host ?? (service === undefined ? 'localhost' : ''));
  return typeof name === 'string' && loopback.test(name);
}

function isMailTransport(source: object): source is MailTransport {
  return 'send' in source && typeof source.send === 'function';
}

function isTransporter(source: object): source is NodemailerTransporter {
  return 'sendMail' in source && typeof source.sendMail === 'function';
}

function nodemailerTransport(options: NodemailerOptions): MailTransport {
  let transporter: Promise<NodemailerTransporter> | undefined;
  const open = async (): Promise<NodemailerTransporter> => {
    const nodemailer = await import('nodemailer').catch((cause: unknown) => {
      throw new MailError(
        'MAIL_PACKAGE_MISSING',
        'Sending mail by SMTP needs the package nodemailer: npm install it.',
        {
          cause,
        },
      );
    });
    return nodemailer.createTransport({
      ...timeouts,
      requireTLS: !isLocal(options),
      ...options,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  };
  return carriedBy(() => {
    transporter ??= open().catch((error: unknown) => {
      transporter = undefined;
      throw error;
    });
    return transporter;
  });
}

function carriedBy(open: () => Promise<NodemailerTransporter>): MailTransport {
  let opened: NodemailerTransporter | undefined;
  return {
    async send(message) {
      opened = await open();
      await opened.sendMail(toNodemailer(message));
    },
    close: () => opened?.close?.(),
  };
}

function toNodemailer(message: MailMessage): NodemailerMessage {
  return {
    from: message.from,
    to: { name: '', address: message.to },
    // Who gets it is said outright, not read back out of a header.
    envelope: { from: message.from.address, to: [message.to] },
    subject: message.subject,
    ...(message.text === null ? {} : { text: message.text }),
    ...(message.html === null ? {} : { html: message.html }),
    messageId: message.messageId,
    // RFC 3834 5: no out-of-office notes in answer.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
