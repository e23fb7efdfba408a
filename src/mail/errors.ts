/** What can go wrong with a mail before or while it is sent. */
export type MailErrorCode =
  /** A line break or another control character in a value that goes into a header. */
  | 'MAIL_HEADER_INJECTION'
  /** The recipient is not exactly one address. */
  | 'MAIL_RECIPIENT_INVALID'
  | 'MAIL_SENDER_INVALID'
  /** Neither a text nor an HTML part. */
  | 'MAIL_EMPTY'
  /** No transport is configured, or what was given is none. */
  | 'MAIL_TRANSPORT_MISSING'
  /** The transport needs the package nodemailer, which is not installed. */
  | 'MAIL_PACKAGE_MISSING'
  /** Too many mails wait to be sent. */
  | 'MAIL_BACKLOG_FULL'
  /** What came out of the queue is not a mail. */
  | 'MAIL_QUEUED_INVALID';

/** A mail was refused before it reached a mail server. Its message holds no part of the mail. */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly code: MailErrorCode;
  constructor(code: MailErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
