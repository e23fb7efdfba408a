import { changePassword, outbox, recovery } from 'sallyport';
import { afterAll, describe, expect, it } from 'vitest';
import { type DatabaseKind, databaseAvailable } from '../../../test/databases/index.js';
import { openApp, password, type TestApp } from '../../../test/support/app.js';
import type { Client } from '../../../test/support/client.js';

const kinds: DatabaseKind[] = ['sqlite', 'postgresql', 'mysql'];
const reachable = await Promise.all(kinds.map(databaseAvailable));
const opened: TestApp[] = [];
afterAll(() => Promise.all(opened.map((app) => app.close())));

const twenty = Array.from({ length: 20 }, (_, index) => `battery staple ${index}`);

describe.each(kinds.filter((_, index) => reachable[index]))('T1 on %s', (database) => {
  describe.each(['modern', 'flask'] as const)('%s', (profile) => {
    const hashing = { hashingSchemes: ['hex_sha256'], passwordSchemes: ['pbkdf2_sha256'] };
    const open = async () => {
      const mails = outbox();
      const features = [recovery(), changePassword()];
      const app = await openApp({ database, profile, mailTransport: mails, features, ...hashing });
      opened.push(app);
      return { app, mails };
    };
    const ready = (app: TestApp, count: number): Promise<{ client: Client; token: string }[]> =>
      Promise.all(
        Array.from({ length: count }, async () => {
          const client = app.client();
          return { client, token: await client.csrfToken() };
        }),
      );

    it('T1 twenty resets with one token at once: one wins, and its password is the one that is stored', async () => {
      const { app, mails } = await open();
      const clients = await ready(app, 20);
      await app.client().postJson('/reset', { email: 'user@example.com' });
      await app.security.drain();
      const path = /(\/reset\/\S+)/.exec(mails.mails[0]?.text ?? '')?.[1] ?? '';
      const answers = await Promise.all(
        clients.map(({ client, token }, index) =>
          client.send('POST', path, {
            json: { password: twenty[index], password_confirm: twenty[index] },
            headers: { 'x-csrf-token': token },
          }),
        ),
      );
      const winners = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 400)]);
      const stored = (await app.user('user@example.com')).password;
      expect(await app.security.verifyPassword(twenty[winners[0] ?? -1] ?? '', stored)).toBe(true);
    });

    it('T1 twenty changes from one session at once: one wins', async () => {
      const { app } = await open();
      const client = app.client();
      await client.login('editor@example.com');
      const token = await client.csrfToken();
      const cookie = `session=${await client.cookie('session')}`;
      const answers = await Promise.all(
        twenty.map((next) =>
          app.client().send('POST', '/change', {
            json: { password, new_password: next, new_password_confirm: next },
            headers: { 'x-csrf-token': token, cookie },
          }),
        ),
      );
      const winners = answers.flatMap(({ status }, index) => (status === 200 ? [index] : []));
      expect(winners).toHaveLength(1);
      expect(answers.every(({ status }) => [200, 400, 401].includes(status))).toBe(true);
      const stored = (await app.user('editor@example.com')).password;
      expect(await app.security.verifyPassword(twenty[winners[0] ?? -1] ?? '', stored)).toBe(true);
    });
  });
});
