import { expect, it } from 'vitest';
import { stories } from './support.js';

const table: [path: string, admin: number, editor: number, user: number][] = [
  ['/admin', 200, 403, 403],
  ['/staff', 200, 200, 403],
  ['/both', 403, 403, 403],
  ['/write', 200, 403, 403],
  ['/read-write', 200, 403, 403],
];

stories('roles and permissions', {}, (app) => {
  it.each(table)('%s is open to whom it should be', async (path, ...expected) => {
    for (const [index, email] of ['admin@example.com', 'editor@example.com', 'user@example.com'].entries()) {
      const client = app().client();
      await client.login(email);
      expect([email, (await client.getJson(path)).status]).toEqual([email, expected[index]]);
      expect((await client.get(path)).status).toBe(expected[index]);
    }
  });

  it('are asked of nobody: a stranger is led to sign in, or refused where only roles are asked for', async () => {
    expect((await app().client().getJson('/admin')).status).toBe(401);
    expect((await app().client().getJson('/both')).status).toBe(403);
  });

  it('refuse with a page or with JSON', async () => {
    const browser = app().client();
    await browser.login('user@example.com');
    const page = await browser.get('/admin');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('Your account is not allowed to open this page.');
    const json = await browser.getJson('/admin');
    expect(json.json).toEqual({
      meta: { code: 403 },
      response: { errors: ['Your account is not allowed to open this page.'] },
    });
  });

  it('count from the moment they change', async () => {
    const client = app().client();
    await client.login('user@example.com');
    expect((await client.getJson('/staff')).status).toBe(403);
    await app().datastore.addRoleToUser(await app().user('user@example.com'), 'editor');
    expect((await client.getJson('/staff')).status).toBe(200);
    await app().datastore.removeRoleFromUser(await app().user('user@example.com'), 'editor');
    expect((await client.getJson('/staff')).status).toBe(403);
  });

  it('anonymousUserRequired turns away who is signed in', async () => {
    const client = app().client();
    expect((await client.get('/anonymous')).status).toBe(200);
    await client.login('user@example.com');
    expect((await client.get('/anonymous')).location).toBe('/');
    expect((await client.getJson('/anonymous')).status).toBe(400);
  });
});

stories('a view for the unauthorized', { unauthorizedView: '/sorry' }, (app) => {
  it('takes pages there with a message; JSON is refused', async () => {
    const browser = app().client();
    await browser.login('user@example.com');
    expect((await browser.get('/admin')).location).toBe('/sorry');
    expect(JSON.parse((await browser.get('/flashed')).text)).toEqual([
      ['error', 'Your account is not allowed to open this page.'],
    ]);
    expect((await browser.getJson('/admin')).status).toBe(403);
  });
});
