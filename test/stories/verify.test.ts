import { expect, it } from 'vitest';
import { nextOf, stories } from './support.js';

const minutes = (count: number) => count * 60_000;

stories('confirming that it is you', {}, (app) => {
  it('is asked once the sign-in is old, and leads back', async () => {
    const browser = app().client();
    await browser.login('user@example.com');
    expect((await browser.get('/fresh')).status).toBe(200);
    app().clock.advance(minutes(16));
    const asked = await browser.get('/fresh?x=1');
    expect(asked.status).toBe(302);
    expect(asked.location?.startsWith('/verify?')).toBe(true);
    expect(nextOf(asked.location)).toBe('/fresh?x=1');
    const page = await browser.get(asked.location ?? '');
    expect(page.text).toContain('Please confirm that it is you before you continue.');
    const wrong = await browser.submit(asked.location ?? '', { password: 'wrong' });
    expect(wrong.status).toBe(200);
    expect(wrong.text).toContain('The password is not right.');
    const done = await browser.submit(asked.location ?? '', { password: 'correct horse' });
    expect([done.status, done.location]).toEqual([302, '/fresh?x=1']);
    expect((await browser.get('/fresh')).status).toBe(200);
  });

  it('is not asked within the grace, which every use extends', async () => {
    const browser = app().client();
    await browser.login('user@example.com');
    app().clock.advance(minutes(9));
    for (const _ of [1, 2, 3]) {
      expect((await browser.getJson('/fresh')).status).toBe(200);
      app().clock.advance(minutes(4));
    }
    expect((await browser.getJson('/fresh')).status).toBe(200);
    app().clock.advance(minutes(6));
    expect((await browser.getJson('/fresh')).status).toBe(401);
  });

  it('says in JSON what is needed, and takes it', async () => {
    const client = app().client();
    await client.login('user@example.com');
    app().clock.advance(minutes(30));
    const asked = await client.getJson('/fresh');
    expect(asked.status).toBe(401);
    expect(asked.json.response).toMatchObject({ reauth_required: true, has_webauthn_verify_credential: false });
    expect(asked.json.response.errors).toEqual(['Please confirm that it is you before you continue.']);
    const wrong = await client.postJson('/verify', { password: 'wrong' });
    expect(wrong.status).toBe(400);
    expect(wrong.json.response.field_errors).toEqual({ password: ['The password is not right.'] });
    const done = await client.postJson('/verify?include_auth_token', { password: 'correct horse' });
    expect(done.status).toBe(200);
    expect(done.json.response.user?.['authentication_token']).toMatch(/./);
    expect((await client.getJson('/fresh')).status).toBe(200);
  });

  it('takes nobody else’s password', async () => {
    const client = app().client();
    await app().datastore.updateUser(await app().user('editor@example.com'), {
      password: await app().security.hashPassword('battery staple'),
    });
    await client.login('user@example.com');
    const other = await client.postJson('/verify', { email: 'editor@example.com', password: 'battery staple' });
    expect(other.status).toBe(400);
  });

  it('shows what it can do in JSON, to who is signed in only', async () => {
    const client = app().client();
    expect((await client.getJson('/verify')).status).toBe(401);
    expect(nextOf((await client.get('/verify')).location)).toBe('/verify');
    await client.login('user@example.com');
    const shown = await client.getJson('/verify');
    expect(shown.json.response).toMatchObject({ has_webauthn_verify_credential: false, user: {} });
  });

  it('comes back to the page with the form when a form was sent too late', async () => {
    const browser = app().client();
    await browser.login('user@example.com');
    const csrf = await browser.csrfToken();
    app().clock.advance(minutes(30));
    const referer = `${app().origin}/fresh?page=2`;
    const sent = await browser.send('POST', '/fresh', { headers: { 'x-csrf-token': csrf, referer } });
    expect(nextOf(sent.location)).toBe('/fresh?page=2');
  });

  it('lets a token in only beside the user’s own fresh session', async () => {
    const token = await app().security.getAuthToken(await app().user('user@example.com'));
    const headers = { 'authentication-token': token };
    expect((await app().client().getJson('/fresh', headers)).json.response['reauth_required']).toBe(true);
    const own = app().client();
    await own.login('user@example.com');
    expect((await own.getJson('/fresh', headers)).status).toBe(200);
    const other = app().client();
    await other.login('admin@example.com');
    expect((await other.getJson('/fresh', headers)).status).toBe(401);
  });

  it('with within 0 is a matter of the grace alone', async () => {
    const client = app().client();
    await client.login('user@example.com');
    expect((await client.getJson('/always')).status).toBe(401);
    await client.getJson('/fresh');
    expect((await client.getJson('/always')).status).toBe(200);
  });
});

stories('a negative freshness', { on: ['express'], freshness: '-1 minutes' }, (app) => {
  it('takes the page away', async () => {
    expect((await app().client().get('/verify')).status).toBe(404);
  });
});

stories('a configured way on after confirming', { on: ['express'], postVerifyView: '/verified' }, (app) => {
  it('is taken where the request names none', async () => {
    const browser = app().client();
    await browser.login('user@example.com');
    expect((await browser.submit('/verify', { password: 'correct horse' })).location).toBe('/verified');
    expect((await browser.submit('/verify', { password: 'correct horse', next: '/any' })).location).toBe('/any');
  });
});
