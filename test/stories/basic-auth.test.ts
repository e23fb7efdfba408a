import { expect, it } from 'vitest';
import { stories } from './support.js';

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const right = basic('user@example.com:correct horse');

stories('basic auth', {}, (app) => {
  it('lets in who has the password', async () => {
    const answer = await app().client().getJson('/basic', right);
    expect(JSON.parse(answer.text)).toEqual({ path: '/basic', user: 'user@example.com', via: 'basic' });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('asks with the realm, in HTML and JSON', async () => {
    for (const accept of ['text/html', 'application/json']) {
      const answer = await app().client().get('/basic', { headers: { accept } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Login Required", charset="UTF-8"');
      expect(answer.headers.get('content-type')).toMatch(accept);
    }
    const named = await app().client().get('/realm');
    expect(named.headers.get('www-authenticate')).toBe('Basic realm="My \\"own\\" realm", charset="UTF-8"');
    const several = await app().client().get('/any');
    expect([several.status, several.headers.get('www-authenticate')?.startsWith('Basic ')]).toEqual([401, true]);
  });

  it('takes a colon and any letter in the password', async () => {
    const user = await app().user('editor@example.com');
    const password = await app().security.hashPassword('a:b:ü€');
    await app().datastore.updateUser(user, { password });
    expect((await app().client().getJson('/basic', basic('editor@example.com:a:b:ü€'))).status).toBe(200);
    expect((await app().client().getJson('/basic', basic('editor@example.com:a'))).status).toBe(401);
  });

  it('refuses everything else', async () => {
    const { authorization } = right;
    const bad = [
      'Basic',
      'Basic ',
      'Basic !!!',
      `Bearer ${authorization.slice(6)}`,
      'Basic dXNlcg==',
      'x'.repeat(4000),
    ];
    for (const one of bad) expect((await app().client().getJson('/basic', { authorization: one })).status).toBe(401);
    for (const one of ['user@example.com:', 'user@example.com:wrong', 'nobody@example.com:correct horse', ':'])
      expect((await app().client().getJson('/basic', basic(one))).status).toBe(401);
    expect((await app().client().getJson('/basic', basic('inactive@example.com:correct horse'))).status).toBe(401);
  });

  it('asks no token of a change, but refuses another site’s', async () => {
    expect((await app().client().send('POST', '/basic', { headers: right })).status).toBe(200);
    const foreign = { ...right, origin: 'https://evil.example' };
    expect((await app().client().send('POST', '/basic', { headers: foreign })).status).toBe(400);
  });
});
