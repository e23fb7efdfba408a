import { z } from 'zod';
import type { Duration } from '../duration.js';
import { type OptionDeclarations, option } from '../options.js';

/** How mail leaves (specification 1.4.1, 1.4.3, 2.1.4). */
export interface MailOptions {
  emailSender: string | { name: string; address: string };
  emailPlaintext: boolean;
  emailHtml: boolean;
  mailMode: 'background' | 'await';
  mailLimitPerRecipient: number;
  mailLimitPerClient: number;
  mailLimitWithin: Duration;
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
  mailLimitPerRecipient: option.count(
    10,
    'Most mails to one address that anonymous requests cause within `mailLimitWithin`; 0: no limit.',
    { documented: 0 },
  ),
  mailLimitPerClient: option.count(
    100,
    'Most mails that anonymous requests from one client address cause within `mailLimitWithin`; 0: no limit.',
    { documented: 0 },
  ),
  mailLimitWithin: option.duration('1 hour', 'The time in which mails are counted.'),
};
