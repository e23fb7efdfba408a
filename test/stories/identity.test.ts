import { uiaEmailMapper, uiaUsernameMapper } from 'sallyport';
import { expect, it } from 'vitest';
import { stories } from './support.js';

const phone = (text: string) => (/^\+\d+$/.test(text) ? text : null);

stories(
  'identities',
  {
    on: ['express'],
    returnGenericResponses: false,
    usernameEnable: true,
    userIdentityAttributes: [
      { email: { mapper: uiaEmailMapper, caseInsensitive: true } },
      { username: { mapper: uiaUsernameMapper } },
      { us_phone_number: { mapper: phone, label: 'Your phone' } },
    ],
  },
  (app) => {
    const password = 'correct horse';

    it('shows a field for each of them, with the label of the application’s own', async () => {
      const page = await app().client().get('/login');
      expect(page.text).toMatch(/name="email"/);
      expect(page.text).toMatch(/name="username"/);
      expect(page.text).toMatch(/name="us_phone_number"/);
      expect(page.text).toContain('Your phone');
    });

    it('finds a user by username', async () => {
      const done = await app().client().submit('/login', { username: 'user1', password });
      expect(done.status).toBe(302);
    });

    it('finds a user by the application’s own attribute', async () => {
      await app().execute(`update "user" set us_phone_number = '+491701234567' where email = 'editor@example.com'`);
      const client = app().client();
      expect((await client.postJson('/login', { us_phone_number: '+491701234567', password })).status).toBe(200);
      expect(JSON.parse((await client.getJson('/session')).text).user).toBe('editor@example.com');
    });

    it('asks for one of them when there is none', async () => {
      const answer = await app().client().postJson('/login', { password });
      expect(answer.json.response.errors).toEqual(['Please say who you are.']);
    });

    it('does not find what the mapper refuses', async () => {
      const answer = await app().client().postJson('/login', { us_phone_number: 'user@example.com', password });
      expect(answer.json.response.field_errors).toEqual({ us_phone_number: ['There is no such user.'] });
    });

    it('reads addresses without regard to case', async () => {
      expect((await app().client().login('USER@EXAMPLE.COM')).status).toBe(200);
    });
  },
);
