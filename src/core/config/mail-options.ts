import { z } from 'zod';
import { type OptionDeclarations, option } from '../options.js';

/** How mail leaves (specification 1.4.1, 1.4.3, 2.1.4). */
export interface MailOptions {
  emailSender: string | { name: string; address: string };
  emailPlaintext: boolean;
  emailHtml: boolean;
  mailMode: 'background' | 'await';
}

const sender: z.ZodType<MailOptions['emailSender']> = z.union([
  z.string().min(3),
  z.strictObject({ name: z.string(), address: z.string().min(3) }),
]);

export const mailOptions: OptionDeclarations<MailOptions> = {
  emailSender: option.of<MailOptions['emailSender']>(sender, 'no-reply@localhost', 'Who mails come from.', {
    specified: 'SECURITY_EMAIL_SENDER',
    convert: (value) => (Array.isArray(value) ? { name: String(value[0]), address: String(value[1]) } : value),
  }),
  emailPlaintext: option.flag(true, 'Mails have a plain text part.', { specified: 'SECURITY_EMAIL_PLAINTEXT' }),
  emailHtml: option.flag(true, 'Mails have an HTML part.', { specified: 'SECURITY_EMAIL_HTML' }),
  mailMode: option.oneOf(['background', 'await'], 'background', 'Whether an answer waits for its mail to be sent.'),
};
