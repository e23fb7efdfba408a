import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterNames } from '../support/adapters.js';
import { openApp, type TestApp } from '../support/app.js';

describe.each(adapterNames)('signing in on %s', (adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openApp({ adapter });
  });
  afterAll(() => app.close());

  it('leads a stranger to the sign-in page and back', async () => {
    const browser = app.client();
    const refused = await browser.get('/session?x=1');
    expect(refused.status).toBe(302);
    expect(refused.location).toBe('/login?next=%2Fsession%3Fx%3D1');
    const page = await browser.get(refused.location ?? '');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Please sign in to open this page.');
    const done = await browser.submit(refused.location ?? '', { email: 'User@Example.com', password: 'correct horse' });
    expect(done.status).toBe(302);
    expect(done.location).toBe('/session?x=1');
    const inside = await browser.getJson('/session');
    expect(inside.status).toBe(200);
    expect(JSON.parse(inside.text)).toEqual({ path: '/session', user: 'user@example.com', via: 'session' });
  });

  it('signs in by JSON, hands out a token on request and lets it in', async () => {
    const client = app.client();
    const answer = await client.login('user@example.com', 'correct horse', '?include_auth_token');
    expect(answer.status).toBe(200);
    const token = String(answer.json.response.user?.['authentication_token']);
    const stranger = app.client();
    const inside = await stranger.getJson('/token', { 'authentication-token': token });
    expect(inside.status).toBe(200);
    expect((await stranger.getJson(`/token?auth_token=${token}`)).status).toBe(200);
  });
});
