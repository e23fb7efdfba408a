import { describe, expect, it } from 'vitest';
import { createMailDispatcher, type MailFailure } from './dispatch.js';
import { createMailUtil, type MailUtil } from './mail-util.js';
import type { OutgoingMail } from './message.js';
import { outbox } from './outbox.js';
import { deliverQueuedMail } from './queue.js';

const mailOf = (id: string): OutgoingMail => ({
  template: 'reset_instructions',
  subject: 'Reset',
  recipient: 'ada@example.com',
  sender: 'no-reply@example.org',
  body: 'https://app.example/reset/secret-token',
  html: null,
  context: { secret: 'secret-token' },
  id,
});

/** A mail util whose mails leave only when they are let go. */
function held(): { mailUtil: MailUtil; release: () => void; most: () => number; sent: string[] } {
  const gates: (() => void)[] = [];
  const sent: string[] = [];
  let open = false;
  let now = 0;
  let most = 0;
  const sendMail = async (mail: OutgoingMail): Promise<void> => {
    most = Math.max(most, ++now);
    if (!open) await new Promise<void>((resolve) => gates.push(resolve));
    now--;
    sent.push(mail.id);
  };
  const release = (): void => {
    open = true;
    for (const gate of gates) gate();
  };
  return { mailUtil: { ...createMailUtil(), sendMail }, release, most: () => most, sent };
}

describe('mails beside the response', () => {
  it('does not hold the response, keeps to the limit, and drains', async () => {
    const { mailUtil, release, most, sent } = held();
    const mailer = createMailDispatcher({ mailUtil, limit: 3 });
    const ids = Array.from({ length: 20 }, (_, index) => `${index}`);
    await Promise.all(ids.map((id) => mailer.send(mailOf(id))));
    expect(most()).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(most()).toBe(3);
    expect(sent).toEqual([]);
    release();
    await mailer.drain();
    expect(sent.toSorted()).toEqual(ids.toSorted());
    expect(most()).toBe(3);
    await mailer.drain();
  });

  it('with await, the response waits and hears of failures', async () => {
    const mails = outbox();
    const mailer = createMailDispatcher({
      mailUtil: createMailUtil({ transport: mails }),
      mode: 'await',
      log: () => undefined,
    });
    await mailer.send(mailOf('1'));
    expect(mails.mails).toHaveLength(1);
    await expect(mailer.send({ ...mailOf('2'), subject: 'a\nb' })).rejects.toMatchObject({
      code: 'MAIL_HEADER_INJECTION',
    });
    await mailer.drain();
  });

  it('A7 a failing mailer is logged without secrets, reported, and does not stop the next mail', async () => {
    const mails = outbox();
    const working = createMailUtil({ transport: mails });
    const mailUtil = {
      ...working,
      sendMail: (mail: OutgoingMail) =>
        mail.id === 'bad'
          ? Promise.reject(Object.assign(new Error('secret-token refused for ada@example.com'), { code: 'EENVELOPE' }))
          : working.sendMail(mail),
    };
    const logged: [string, MailFailure][] = [];
    const reported: unknown[] = [];
    const mailer = createMailDispatcher({
      mailUtil,
      limit: 1,
      log: (...entry) => logged.push(entry),
      onError(error, mail) {
        reported.push([error instanceof Error && error.message, mail.id]);
        throw new TypeError('the hook is broken');
      },
    });
    await mailer.send(mailOf('bad'));
    await mailer.send(mailOf('good'));
    await mailer.drain();
    expect(mails.mails.map(({ id }) => id)).toEqual(['good']);
    expect(reported).toEqual([['secret-token refused for ada@example.com', 'bad']]);
    expect(logged.map(([, { code }]) => code)).toEqual(['EENVELOPE', 'TypeError']);
    expect(logged[0]?.[1]).toEqual({
      id: 'bad',
      template: 'reset_instructions',
      recipientDomain: 'example.com',
      code: 'EENVELOPE',
    });
    expect(JSON.stringify(logged)).not.toMatch(/secret-token|ada/);
  });

  it('A6 a full backlog refuses instead of growing', async () => {
    const { mailUtil, release, sent } = held();
    const codes: string[] = [];
    const mailer = createMailDispatcher({
      mailUtil,
      limit: 1,
      backlog: 2,
      log: (_message, { code }) => codes.push(code),
    });
    for (const id of ['1', '2', '3', '4']) await mailer.send(mailOf(id));
    expect(codes).toEqual(['MAIL_BACKLOG_FULL', 'MAIL_BACKLOG_FULL']);
    release();
    await mailer.drain();
    expect(sent).toEqual(['1', '2']);
  });

  it('queues plain JSON without the context, and a worker delivers it once per Message-ID', async () => {
    const queue: string[] = [];
    const mailer = createMailDispatcher({
      mailUtil: createMailUtil(),
      mailQueue: {
        async enqueue(mail) {
          queue.push(JSON.stringify(mail));
        },
      },
    });
    await mailer.send(mailOf('7'));
    await mailer.drain();
    expect(queue).toHaveLength(1);
    expect(queue[0]).not.toContain('context');
    const mails = outbox();
    for (let delivery = 0; delivery < 2; delivery++) await deliverQueuedMail(JSON.parse(queue[0] ?? ''), mails);
    expect(mails.mails.map(({ messageId }) => messageId)).toEqual(['<7@example.org>', '<7@example.org>']);
    expect(mails.mails[0]?.text).toContain('secret-token');
  });
});
