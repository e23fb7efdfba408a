import { expect, it } from 'vitest';
import { stories } from './support.js';

const hour = 60 * 60_000;

for (const session of ['server', 'stateless'] as const) {
  stories(`${session} sessions`, { session, sessionLifetime: '2 days', sessionIdleTimeout: '5 hours' }, (app) => {
    it('end with their lifetime', async () => {
      const client = app().client();
      await client.login('user@example.com');
      for (let hours = 0; hours < 48; hours += 4) {
        expect((await client.getJson('/session')).status).toBe(200);
        app().clock.advance(4 * hour);
      }
      app().clock.advance(2000);
      expect((await client.getJson('/session')).status).toBe(401);
    });

    it('end with the account, and with the user’s uniquifier', async () => {
      const client = app().client();
      await client.login('editor@example.com');
      await app().datastore.deactivateUser(await app().user('editor@example.com'));
      expect((await client.getJson('/session')).status).toBe(401);
      await app().datastore.activateUser(await app().user('editor@example.com'));
      // A row ended with the account; what is wholly in the cookie is good again.
      expect((await client.getJson('/session')).status).toBe(session === 'server' ? 401 : 200);
      await client.login('editor@example.com');
      expect((await client.getJson('/session')).status).toBe(200);
      await app().datastore.setUniquifier(await app().user('editor@example.com'));
      expect((await client.getJson('/session')).status).toBe(401);
    });

    it('S1 begin under a new name (profile modern)', async () => {
      const client = app().client();
      await client.get('/flash');
      const before = await client.cookie('session');
      await client.login('user@example.com');
      const after = await client.cookie('session');
      expect(after).not.toBe(before);
      expect(
        (
          await app()
            .client()
            .getJson('/session', { cookie: `session=${before}` })
        ).status,
      ).toBe(401);
    });

    it('S6 survive what is no cookie (profile modern)', async () => {
      const many = Array.from({ length: 60 }, (_, index) => `a${index}=b`).join('; ');
      for (const cookie of [
        'session',
        'session=',
        'session=;;=;',
        `session=${'x'.repeat(4096)}`,
        'session="\\999',
        many,
      ])
        expect((await app().client().getJson('/session', { cookie })).status).toBe(401);
    });

    it('cost no cookie on routes that do not touch them', async () => {
      const client = app().client();
      await client.login('user@example.com');
      expect((await client.get('/session')).headers.getSetCookie()).toEqual([]);
      expect((await client.get('/')).headers.getSetCookie()).toEqual([]);
    });
  });
}

stories('idle server sessions', { sessionIdleTimeout: '1 hour' }, (app) => {
  it('end, and live on when they are used', async () => {
    const client = app().client();
    await client.login('user@example.com');
    for (const _ of [1, 2, 3]) {
      app().clock.advance(0.9 * hour);
      expect((await client.getJson('/session')).status).toBe(200);
    }
    app().clock.advance(hour + 1000);
    expect((await client.getJson('/session')).status).toBe(401);
  });

  it('can be listed and ended one by one', async () => {
    const user = await app().user('admin@example.com');
    const [one, other] = [app().client(), app().client()];
    one.headers = { 'user-agent': 'one' };
    other.headers = { 'user-agent': 'other' };
    await one.login(user.email);
    await other.login(user.email);
    const rows = await app().datastore.listSessions(user, app().clock());
    expect(rows.map((row) => row.agent).sort()).toEqual(['one', 'other']);
    const row = rows.find(({ agent }) => agent === 'one');
    await app().datastore.deleteSession(row?.id_hash ?? '');
    expect([(await one.getJson('/session')).status, (await other.getJson('/session')).status]).toEqual([401, 200]);
  });
});

stories('sessions over https', { on: ['express', 'fastify', 'hono', 'web'], baseUrl: 'https://app.example' }, (app) => {
  it('S5 are kept in a cookie of this very host (profile modern)', async () => {
    const { headers } = await app().client().get('/flash');
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^__Host-session=.*; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/),
    ]);
  });
});

stories(
  'a store that is down',
  {
    wrap: (datastore) => ({
      ...datastore,
      findSession: () => Promise.reject(new Error('down')),
      createSession: () => Promise.reject(new Error('down')),
    }),
  },
  (app) => {
    it('A7 lets nobody in and sets no cookie (profile modern)', async () => {
      const client = app().client();
      const answer = await client.login('user@example.com');
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect((await client.getJson('/session')).status).not.toBe(200);
    });
  },
);
