import { expect, it, vi } from 'vitest';
import { createMailUtil } from './mail-util.js';

vi.mock('nodemailer', () => {
  throw new Error('Cannot find package');
});

it('says which package is missing', async () => {
  const util = createMailUtil({ transport: 'smtp://localhost' });
  const mail = { template: 'welcome', subject: 'Hi', recipient: 'a@example.com', sender: 'b@example.com' };
  await expect(util.sendMail({ ...mail, body: 'Hello', html: null, context: {}, id: '1' })).rejects.toMatchObject({
    code: 'MAIL_PACKAGE_MISSING',
    message: expect.stringContaining('nodemailer'),
  });
});
