import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMailUtil } from './mail-util.js';
import type { OutgoingMail } from './message.js';
import { deliverQueuedMail, toQueuedMail } from './queue.js';
import { type MailServer, startMailServer } from './testing/mail-server.js';
import { createTransport } from './transport.js';

const mail: OutgoingMail = {
  template: 'welcome',
  subject: 'Welcome',
  recipient: 'ada@example.com',
  sender: 'no-reply@example.org',
  body: 'Hello',
  html: null,
  context: {},
  id: '1',
};

describe('A3 mail (modern, flask)', () => {
  let server: MailServer;
  beforeEach(async () => {
    server = await startMailServer();
  });
  afterEach(() => server.close());

  const breaks = ['\r\n', '\n', '\r', '\0', '\x0b', '\x85', '\u2028', '\u2029'];
  const fields: [string, (injected: string) => Partial<OutgoingMail>][] = [
    ['subject', (injected) => ({ subject: injected })],
    ['recipient', (injected) => ({ recipient: `ada@example.com${injected}` })],
    ['recipient, before the address', (injected) => ({ recipient: `${injected}ada@example.com` })],
    ['sender', (injected) => ({ sender: `no-reply@example.org${injected}` })],
    ['sender, in the name', (injected) => ({ sender: `${injected} <no-reply@example.org>` })],
    ['name of the sender', (injected) => ({ sender: { name: injected, address: 'no-reply@example.org' } })],
    ['address of the sender', (injected) => ({ sender: { name: '', address: `no-reply@example.org${injected}` } })],
    ['id', (injected) => ({ id: injected })],
  ];
  it.each(fields)('A3 a line break in the %s is refused, nothing is sent, nothing is queued', async (_name, change) => {
    const util = createMailUtil({ transport: server.url });
    for (const character of breaks) {
      const attack = { ...mail, ...change(`x${character}Bcc: e@attacker.com${character}${character}body`) };
      await expect(util.sendMail(attack)).rejects.toMatchObject({ code: 'MAIL_HEADER_INJECTION' });
      expect(() => toQueuedMail(attack)).toThrow(expect.objectContaining({ code: 'MAIL_HEADER_INJECTION' }));
    }
    expect(server.received).toHaveLength(0);
  });

  it.each([
    'a@example.com, b@example.com',
    'a@example.com;b@example.com',
    'a@example.com b@example.com',
    'Ada <a@example.com>',
    '<a@example.com>',
    'group: a@example.com, b@example.com;',
    '',
    'nobody',
  ])('A3 the recipient is exactly one address, not %j', async (recipient) => {
    const util = createMailUtil({ transport: server.url });
    await expect(util.sendMail({ ...mail, recipient })).rejects.toMatchObject({ code: 'MAIL_RECIPIENT_INVALID' });
    expect(server.received).toHaveLength(0);
  });

  it('A3 a quoted local part that looks like another address goes to its own domain only', async () => {
    // The server under test knows no quoted local parts, and says whom it was asked to deliver to.
    const recipient = '"e@attacker.com x"@victim.com';
    await expect(createMailUtil({ transport: server.url }).sendMail({ ...mail, recipient })).rejects.toMatchObject({
      code: 'EENVELOPE',
      rejected: [recipient],
    });
  });

  it('A3 no List-Unsubscribe, one To, no Cc or Bcc', async () => {
    await createMailUtil({ transport: server.url }).sendMail(mail);
    const names = server.received[0]?.mail.headers.map(({ key }) => key) ?? [];
    expect(names.filter((name) => name === 'to')).toHaveLength(1);
    for (const name of ['list-unsubscribe', 'cc', 'bcc', 'reply-to']) expect(names).not.toContain(name);
  });

  it('A3 a body with lines of its own stays a body', async () => {
    const body = '.\r\nQUIT\r\n\r\nFrom: x\r\n..\r\nBcc: e@attacker.com';
    await createMailUtil({ transport: server.url }).sendMail({ ...mail, body });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.mail.text?.trim()).toBe(body.replaceAll('\r\n', '\n'));
    expect(server.received[0]?.envelope.to).toEqual(['ada@example.com']);
  });

  it('A3 a server that cannot do TLS gets no mail unless it is on this machine or that is asked for', async () => {
    // 0.0.0.0 reaches this machine under a name that is not known to do so.
    const remote = `smtp://0.0.0.0:${server.port}`;
    await expect(createMailUtil({ transport: remote }).sendMail(mail)).rejects.toMatchObject({ code: 'ETLS' });
    await expect(
      createMailUtil({ transport: { host: '0.0.0.0', port: server.port } }).sendMail(mail),
    ).rejects.toMatchObject({ code: 'ETLS' });
    expect(server.received).toHaveLength(0);
    await createMailUtil({ transport: `${remote}?requireTLS=false` }).sendMail(mail);
    expect(server.received).toHaveLength(1);
  });

  it('A3 a certificate that nobody vouches for is refused', async () => {
    const secure = await startMailServer({ secure: true });
    const url = secure.url.replace('smtp:', 'smtps:');
    await expect(createMailUtil({ transport: url }).sendMail(mail)).rejects.toMatchObject({ code: 'ESOCKET' });
    expect(secure.received).toHaveLength(0);
    await secure.close();
  });

  it.each([
    null,
    'mail',
    [],
    {},
    { ...mail, recipient: ['a@example.com', 'b@example.com'] },
    { ...mail, sender: null },
    { ...mail, sender: { address: 'a@example.com' } },
    { ...mail, html: { path: '/etc/passwd' } },
    { ...mail, body: { href: 'http://169.254.169.254/' } },
  ])('A3 what is no mail does not leave the queue: %j', async (queued) => {
    await expect(deliverQueuedMail(queued, createTransport(server.url))).rejects.toMatchObject({
      code: 'MAIL_QUEUED_INVALID',
    });
    expect(server.received).toHaveLength(0);
  });
});
