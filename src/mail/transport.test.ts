import { createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import nodemailer from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMailUtil } from './mail-util.js';
import type { OutgoingMail } from './message.js';
import { outbox, streamTransport } from './outbox.js';
import { type MailServer, startMailServer } from './testing/mail-server.js';

const mail: OutgoingMail = {
  template: 'welcome',
  subject: 'Wëlcome — 欢迎',
  recipient: 'ada@example.com',
  sender: { name: 'Ämme, the "Host"', address: 'no-reply@example.org' },
  body: 'Open https://app.example/confirm/abc\n<b>raw</b> & plain',
  html: '<p>Open <a href="https://app.example/confirm/abc">this</a> &amp; go</p>',
  context: {},
  id: '0b8e-1',
};

describe('mail over SMTP', () => {
  let server: MailServer;
  beforeEach(async () => {
    server = await startMailServer();
  });
  afterEach(() => server.close());

  it('arrives by URL as it was written', async () => {
    await createMailUtil({ transport: server.url }).sendMail(mail);
    const [got] = server.received;
    expect(got?.envelope).toEqual({ from: 'no-reply@example.org', to: ['ada@example.com'] });
    expect(got?.mail.subject).toBe(mail.subject);
    expect(got?.mail.from).toMatchObject({ name: 'Ämme, the "Host"', address: 'no-reply@example.org' });
    expect(got?.mail.to).toMatchObject([{ name: '', address: 'ada@example.com' }]);
    expect(got?.mail.text?.trim()).toBe(mail.body);
    expect(got?.mail.html?.trim()).toBe(mail.html);
    expect(got?.mail.messageId).toBe('<0b8e-1@example.org>');
    expect(got?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  });

  it('arrives by options and by a ready transporter', async () => {
    await createMailUtil({ transport: { host: '127.0.0.1', port: server.port } }).sendMail({ ...mail, html: null });
    await createMailUtil({ transport: nodemailer.createTransport(server.url) }).sendMail({ ...mail, body: null });
    expect(server.received.map(({ mail: { text, html } }) => [text !== undefined, html !== undefined])).toEqual([
      [true, false],
      [expect.any(Boolean), true],
    ]);
  });

  it('takes a sender written as one text', async () => {
    await createMailUtil({ transport: server.url }).sendMail({ ...mail, sender: 'Sally <no-reply@localhost>' });
    expect(server.received[0]?.mail.from).toMatchObject({ name: 'Sally', address: 'no-reply@localhost' });
  });

  it('writes an internationalized domain as it goes over the wire', async () => {
    await createMailUtil({ transport: server.url }).sendMail({ ...mail, recipient: 'ada@bücher.example' });
    expect(server.received[0]?.raw).toContain('To: ada@xn--bcher-kva.example');
  });

  it('rejects when the server refuses the recipient', async () => {
    const refusing = await startMailServer({ onRcptTo: (_address, _session, done) => done(new Error('unknown here')) });
    await expect(createMailUtil({ transport: refusing.url }).sendMail(mail)).rejects.toMatchObject({
      code: 'EENVELOPE',
    });
    await refusing.close();
  });

  it('rejects when nobody listens, and works once somebody does', async () => {
    const util = createMailUtil({ transport: server.url });
    await server.close();
    await expect(util.sendMail(mail)).rejects.toMatchObject({ code: 'ESOCKET' });
  });

  it('gives up a server that says nothing', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const util = createMailUtil({ transport: { host: '127.0.0.1', port, greetingTimeout: 50 } });
    await expect(util.sendMail(mail)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    silent.close();
  });
});

describe('what is no transport', () => {
  it.each(['mail.example', 'http://mail.example', 'file:///etc/passwd', ''])('%j is refused at once', (transport) => {
    expect(() => createMailUtil({ transport })).toThrow(expect.objectContaining({ code: 'MAIL_TRANSPORT_MISSING' }));
  });

  it('without one, sending is an error and addresses are still judged', async () => {
    const util = createMailUtil();
    await expect(util.sendMail(mail)).rejects.toMatchObject({ code: 'MAIL_TRANSPORT_MISSING' });
    expect(util.normalize('Ada@Example.com')).toBe('ada@example.com');
    expect(util.normalize('Ada')).toBeUndefined();
  });

  it('validates by its options', async () => {
    const util = createMailUtil({ validatorOptions: { checkDeliverability: false, lowercase: false } });
    expect(await util.validate('Ada@Example.com')).toBe('Ada@example.com');
    expect(await util.validate('Ada@localhost')).toBeUndefined();
  });
});

describe('transports for development', () => {
  it('outbox keeps the last mails and tells who listens', async () => {
    const mails = outbox({ limit: 2 });
    const util = createMailUtil({ transport: mails });
    const heard: string[] = [];
    const stop = mails.subscribe(({ subject }) => heard.push(subject));
    for (const subject of ['one', 'two', 'three']) await util.sendMail({ ...mail, subject });
    stop();
    await util.sendMail({ ...mail, subject: 'four' });
    expect(mails.mails.map(({ subject }) => subject)).toEqual(['three', 'four']);
    expect(heard).toEqual(['one', 'two', 'three']);
    expect(mails.mails[0]).toMatchObject({
      to: 'ada@example.com',
      text: mail.body,
      html: mail.html,
      time: expect.any(Date),
    });
    mails.clear();
    expect(mails.mails).toHaveLength(0);
  });

  it('a stream gets readable text', async () => {
    const stream = new PassThrough({ encoding: 'utf8' });
    await createMailUtil({ transport: streamTransport(stream) }).sendMail(mail);
    expect(stream.read()).toContain(`To: ada@example.com\nSubject: ${mail.subject}\n\n${mail.body}`);
  });

  it('a broken stream rejects', async () => {
    const stream = new PassThrough();
    stream.on('error', () => undefined);
    stream.end();
    await expect(createMailUtil({ transport: streamTransport(stream) }).sendMail(mail)).rejects.toThrow();
  });
});
