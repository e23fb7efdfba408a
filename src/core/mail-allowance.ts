import type { RequestContext } from './context.js';
import { milliseconds } from './duration.js';

/**
 * May one more mail go to this address, asked for by this client? Counted per address and per client (attack line T5),
 * so that nobody's mailbox is flooded through us. Who is over the limit is not told: the mail is not sent, that is all.
 * To be asked where the mail is made, in the background.
 */
export async function mayMail(context: RequestContext, recipient: string): Promise<boolean> {
  const { core } = context;
  const { mailLimitPerRecipient, mailLimitPerClient, mailLimitWithin } = core.config;
  const windowMilliseconds = milliseconds(mailLimitWithin);
  const keys: [key: string, limit: number][] = [
    [`mail-to:${recipient}`, mailLimitPerRecipient],
    [`mail-from:${context.address ?? ''}`, mailLimitPerClient],
  ];
  let allowed = true;
  for (const [key, limit] of keys) {
    if (limit === 0) continue;
    const attempt = await core.attempts.hit(key, { limit, windowMilliseconds });
    if (attempt.allowed) continue;
    allowed = false;
    core.log.warn('a mail was held back: too many were asked for', { limit: key.slice(0, key.indexOf(':')) });
  }
  return allowed;
}
