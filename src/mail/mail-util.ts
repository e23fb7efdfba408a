import { normalizeAddress, type ValidateAddressOptions, validateAddress } from './address.js';
import { MailError } from './errors.js';
import { type OutgoingMail, toMailMessage } from './message.js';
import {
  createTransport,
  type MailTransport,
  type NodemailerOptions,
  type NodemailerTransporter,
} from './transport.js';

/** The seam for mail: an application may give its own (specification 3.1.6, MailUtil). */
export interface MailUtil {
  /** The form of an address that is looked up and compared; `undefined` if it is none. Asks nobody. */
  normalize(email: string): string | undefined;
  /** The same for an address that is to be mailed; `undefined` also if it cannot be. */
  validate(email: string): Promise<string | undefined>;
  /** Resolves when the mail has been handed over, rejects if not. */
  sendMail(mail: OutgoingMail): Promise<void>;
}

export interface MailUtilOptions {
  /** A URL, nodemailer's options, its transporter, or a transport. Without one every mail is an error. */
  transport?: string | NodemailerOptions | NodemailerTransporter | MailTransport;
  /** SECURITY_EMAIL_VALIDATOR_ARGS, in camelCase; times are milliseconds. */
  validatorOptions?: ValidateAddressOptions;
}

/**
 * The default: our own judgement of addresses, and nodemailer.
 *
 * @throws MailError if `transport` is nothing that mail can be sent with
 * @example createMailUtil({ transport: 'smtps://user:secret@mail.example' })
 */
export function createMailUtil(options: MailUtilOptions = {}): MailUtil {
  const transport = options.transport === undefined ? undefined : createTransport(options.transport);
  return {
    normalize: (email) => normalizeAddress(email, options.validatorOptions)?.address,
    async validate(email) {
      return (await validateAddress(email, options.validatorOptions)).address?.address;
    },
    async sendMail(mail) {
      const message = toMailMessage(mail);
      if (transport === undefined) throw new MailError('MAIL_TRANSPORT_MISSING', 'No mail transport is configured.');
      await transport.send(message);
    },
  };
}
