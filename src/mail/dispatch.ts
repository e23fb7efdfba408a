import { MailError } from './errors.js';
import type { MailUtil } from './mail-util.js';
import type { OutgoingMail } from './message.js';
import { type MailQueue, toQueuedMail } from './queue.js';

/** What is logged about a mail that failed: nothing that was in it, and not whom it was for. */
export interface MailFailure {
  id: string;
  template: string;
  recipientDomain: string;
  /** The error's code (`ECONNECTION`, `EAUTH`, `MAIL_HEADER_INJECTION` …), or its name. */
  code: string;
}

export interface MailDispatcherOptions {
  mailUtil: MailUtil;
  /**
   * `background` (default): the response does not wait, so its time does not tell whether a mail was sent.
   * `await`: {@link MailDispatcher.send} settles with the mail.
   */
  mode?: 'background' | 'await';
  /** Hands mails to another process instead of sending them. */
  mailQueue?: MailQueue;
  /** Called for each mail that failed. What it throws is logged. */
  onError?: (error: unknown, mail: OutgoingMail) => void | Promise<void>;
  /** Default: one line on standard error. */
  log?: (message: string, failure: MailFailure) => void;
  /** Mails under way at once. Default 5. */
  limit?: number;
  /** Mails waiting for their turn; beyond that a mail fails at once. Default 1000. */
  backlog?: number;
}

export interface MailDispatcher {
  /** Sends a mail, or sees to it. Rejects only with `mode: 'await'`. */
  send(mail: OutgoingMail): Promise<void>;
  /** Resolves when nothing is under way or waiting: for tests, and before the process ends. */
  drain(): Promise<void>;
}

/**
 * Sends mails beside the requests that cause them. A failure is logged and reported, never lost silently.
 *
 * @example
 * const mailer = createMailDispatcher({ mailUtil, onError: (error) => report(error) });
 * await mailer.send(mail); // at once
 * await mailer.drain(); // before leaving
 */
export function createMailDispatcher(options: MailDispatcherOptions): MailDispatcher {
  const { mailUtil, mailQueue, mode = 'background', limit = 5, backlog = 1000, log = logToStandardError } = options;
  const waiting: (() => Promise<void>)[] = [];
  let idle: (() => void)[] = [];
  let running = 0;

  async function deliver(mail: OutgoingMail): Promise<void> {
    try {
      await (mailQueue === undefined ? mailUtil.sendMail(mail) : mailQueue.enqueue(toQueuedMail(mail)));
    } catch (error) {
      await report(error, mail);
      throw error;
    }
  }

  async function report(error: unknown, mail: OutgoingMail): Promise<void> {
    log('A mail could not be sent.', failureOf(error, mail));
    try {
      await options.onError?.(error, mail);
    } catch (hookError) {
      log('The hook for mail errors failed.', failureOf(hookError, mail));
    }
  }

  function work(): void {
    for (let job = next(); job !== undefined; job = next()) {
      running++;
      void job().finally(() => {
        running--;
        work();
      });
    }
    if (running > 0 || waiting.length > 0) return;
    for (const resolve of idle) resolve();
    idle = [];
  }

  function next(): (() => Promise<void>) | undefined {
    return running < limit ? waiting.shift() : undefined;
  }

  return {
    async send(mail) {
      if (waiting.length >= backlog) {
        const error = new MailError('MAIL_BACKLOG_FULL', 'Too many mails wait to be sent.');
        await report(error, mail);
        if (mode === 'await') throw error;
        return;
      }
      const done = new Promise<void>((resolve, reject) => {
        waiting.push(() => deliver(mail).then(resolve, reject));
      });
      if (mode === 'await') {
        work();
        return done;
      }
      // Reported already; and the response goes out before the work begins.
      done.catch(() => undefined);
      setImmediate(work);
    },
    drain() {
      if (running === 0 && waiting.length === 0) return Promise.resolve();
      return new Promise((resolve) => idle.push(resolve));
    },
  };
}

function failureOf(error: unknown, mail: OutgoingMail): MailFailure {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    id: mail.id,
    template: mail.template,
    recipientDomain: /@([^@]{1,255})$/.exec(mail.recipient)?.[1] ?? '',
    code: code ?? (error instanceof Error ? error.name : 'unknown'),
  };
}

function logToStandardError(message: string, failure: MailFailure): void {
  console.error(message, JSON.stringify(failure));
}
