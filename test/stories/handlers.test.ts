import { expect, it } from 'vitest';
import { stories } from './support.js';

const text = (status: number, body: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { 'Content-Type': 'text/plain', ...headers },
  body,
});

stories(
  'answers of the application’s own',
  {
    unauthnHandler: (mechanisms, headers, context) => text(401, `who? ${mechanisms.join()} ${context.path}`, headers),
    unauthzHandler: (guard, parameters) => text(403, `${guard}(${parameters.join()})`),
    reauthnHandler: async (within, grace) => text(401, `again ${within} ${grace}`),
  },
  (app) => {
    it('take the place of ours', async () => {
      const client = app().client();
      expect((await client.get('/default')).text).toBe('who? session,token /default');
      const basic = await client.get('/basic');
      expect([basic.text, basic.headers.has('www-authenticate')]).toEqual(['who? basic /basic', true]);
      await client.login('user@example.com');
      expect((await client.get('/staff')).text).toBe('rolesAccepted(admin,editor)');
      app().clock.advance(60 * 60_000);
      const again = await client.get('/fresh');
      expect([again.status, again.text]).toEqual([401, 'again 600000 300000']);
    });
  },
);

stories(
  'JSON of the application’s own',
  {
    renderJson: (payload, code, headers, user) => ({
      status: code,
      headers: { ...headers, 'Content-Type': 'application/vnd.own+json' },
      body: JSON.stringify({ ok: code < 400, who: user?.email ?? null, payload }),
    }),
    user: { securityPayload: (user) => ({ email: user.email }) },
    wantJson: (request) => request.header('x-json') === '1',
  },
  (app) => {
    it('is what every answer looks like', async () => {
      const client = app().client();
      expect((await client.getJson('/session')).status).toBe(302);
      client.headers = { 'x-json': '1' };
      const refused = await client.get('/session');
      expect(JSON.parse(refused.text)).toMatchObject({
        ok: false,
        who: null,
        payload: { errors: [expect.any(String)] },
      });
      const page = JSON.parse((await client.get('/login')).text) as { payload: { csrf_token: string } };
      const done = await client.send('POST', '/login', {
        json: { email: 'user@example.com', password: 'correct horse', csrf_token: page.payload.csrf_token },
      });
      expect(JSON.parse(done.text)).toMatchObject({
        ok: true,
        who: 'user@example.com',
        payload: { user: { email: 'user@example.com' } },
      });
    });
  },
);

stories('a 401 instead of a redirect', { on: ['express', 'hono'], backwardsCompatUnauthn: true }, (app) => {
  it('is a page', async () => {
    const refused = await app().client().get('/session');
    expect([refused.status, refused.location]).toEqual([401, null]);
    expect(refused.text).toContain('Please sign in');
  });
});

stories(
  'a handler that breaks',
  {
    unauthzHandler: () => {
      throw new Error('broken');
    },
  },
  (app) => {
    it('lets nobody through', async () => {
      const client = app().client();
      await client.login('user@example.com');
      expect((await client.getJson('/admin')).status).toBe(503);
    });
  },
);
