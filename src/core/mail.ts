import { randomToken } from '../crypto/encoding.js';
import type { User } from '../datastores/contract.js';
import { textDirection } from '../i18n/translate.js';
import type { RequestContext } from './context.js';
import { fillPlaces, type MessageParameters } from './messages.js';

/** A mail to send: its template under `security/email/`, and what goes into it. */
export interface MailOrder {
  template: string;
  /** English subject; translated. */
  subject: string;
  /** The canonical address of exactly one person. */
  recipient: string;
  user: User | null;
  values?: Record<string, unknown>;
}

/**
 * Renders a mail and hands it to the mailer (specification 2.1.4): first the mail context processors, then the
 * templates as text and HTML, then `MailUtil.sendMail`.
 */
export async function sendMail(context: RequestContext, order: MailOrder): Promise<void> {
  const { core, locale } = context;
  const values: Record<string, unknown> = {
    security: core.renderer.securityForTemplates,
    // The templates of an application may want the user; what would sign in as the user stays here.
    user: order.user === null ? null : { ...order.user, password: undefined, fs_uniquifier: undefined },
    app_name: core.config.appName,
    lang: locale,
    dir: textDirection(locale),
    _fsdomain: (text: string, parameters?: MessageParameters) => fillPlaces(core.translate(text, locale), parameters),
    ...order.values,
    ...(await core.renderer.processed('mail', context)),
  };
  const path = `security/email/${order.template}`;
  const { emailPlaintext, emailHtml, emailSender } = core.config;
  await core.mailer.send({
    id: randomToken(12),
    template: order.template,
    subject: core.translate(order.subject, locale),
    recipient: order.recipient,
    sender: emailSender,
    body: emailPlaintext ? await core.renderer.template(`${path}.txt`, values) : null,
    html: emailHtml ? await core.renderer.template(`${path}.html`, values) : null,
    context: values,
  });
}
