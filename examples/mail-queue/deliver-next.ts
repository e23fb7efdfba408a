import { deliverQueuedMail, MailError, type MailTransport } from 'sallyport';
import { bury, type Claim, claim, postpone, settle } from './claims.js';
import type { Database } from './table.js';

export interface DeliveryOptions {
  /** How long one attempt may take before another worker takes over: longer than any timeout of the transport. */
  leaseMilliseconds: number;
  mostAttempts: number;
  /** The pause after the first failure; it doubles with each further one, up to an hour. */
  pauseMilliseconds: number;
  /** One line for each attempt. Nothing that was in the mail, and not whom it was for. */
  log(event: { id: string; attempt: number; outcome: 'delivered' | 'postponed' | 'dead'; code?: string }): void;
}

const longestPause = 3_600_000;

/** Takes the next mail that is due and tries to deliver it. False when there was none. */
export async function deliverNext(
  database: Database,
  transport: MailTransport,
  options: DeliveryOptions,
): Promise<boolean> {
  const claimed = await claim(database, options.leaseMilliseconds);
  if (claimed === undefined) return false;
  const { id, attempt } = claimed;
  if (attempt > options.mostAttempts) {
    // Whoever had the last attempts died of it, or with it.
    await bury(database, claimed, 'WORKER_DIED');
    options.log({ id, attempt, outcome: 'dead', code: 'WORKER_DIED' });
    return true;
  }
  try {
    await deliverQueuedMail(claimed.mail, transport);
  } catch (error) {
    await fail(database, claimed, error, options);
    return true;
  }
  await settle(database, claimed);
  options.log({ id, attempt, outcome: 'delivered' });
  return true;
}

async function fail(database: Database, claimed: Claim, error: unknown, options: DeliveryOptions): Promise<void> {
  const { id, attempt } = claimed;
  const code = codeOf(error);
  if (isPermanent(error) || attempt >= options.mostAttempts) {
    await bury(database, claimed, code);
    options.log({ id, attempt, outcome: 'dead', code });
    return;
  }
  const pause = Math.min(longestPause, options.pauseMilliseconds * 2 ** (attempt - 1));
  // Not all at the same moment when a mail server comes back.
  await postpone(database, claimed, pause * (0.75 + Math.random() / 2), code);
  options.log({ id, attempt, outcome: 'postponed', code });
}

/** A mail that is none, or that the server refused for good (RFC 5321 4.2.1). Failed logins are for the operator to mend. */
function isPermanent(error: unknown): boolean {
  if (error instanceof MailError) return error.code !== 'MAIL_PACKAGE_MISSING';
  return replyCode(error) >= 500 && property(error, 'code') !== 'EAUTH';
}

/** The error in a word: its text may quote the mail. */
function codeOf(error: unknown): string {
  const code = property(error, 'code');
  const reply = replyCode(error);
  return `${typeof code === 'string' ? code : 'UNKNOWN'}${reply > 0 ? ` ${reply}` : ''}`;
}

function replyCode(error: unknown): number {
  const reply = property(error, 'responseCode');
  return typeof reply === 'number' ? reply : 0;
}

function property(error: unknown, name: string): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined;
}
