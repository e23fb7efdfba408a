import { expect, it } from 'vitest';
import { cookieNames, stories } from './support.js';

const right = { email: 'user@example.com', password: 'correct horse' };

stories('signing in', {}, (app) => {
  it('leads a stranger to the sign-in page and back', async () => {
    const browser = app().client();
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
    expect(JSON.parse(inside.text)).toEqual({ path: '/session', user: 'user@example.com', via: 'session' });
  });

  it('signs in by JSON, hands out a token on request and lets it in', async () => {
    const client = app().client();
    const answer = await client.login('user@example.com', 'correct horse', '?include_auth_token');
    expect(answer.status).toBe(200);
    expect(answer.json.meta.code).toBe(200);
    expect(answer.json.response.csrf_token).toMatch(/./);
    const token = String(answer.json.response.user?.['authentication_token']);
    const inside = await app().client().getJson('/token', { 'authentication-token': token });
    expect(JSON.parse(inside.text)).toEqual({ path: '/token', user: 'user@example.com', via: 'token' });
  });

  it('gives no token that nobody asked for, and nothing of the user', async () => {
    const answer = await app().client().login(right.email);
    expect(answer.json.response.user).toEqual({});
  });

  it('answers a wrong password, an unknown and a disabled user alike', async () => {
    const failed = ['user@example.com', 'nobody@example.com', 'inactive@example.com'].map(async (email) => {
      const password = email.startsWith('inactive') ? 'correct horse' : 'wrong';
      const { status, json } = await app().client().login(email, password);
      return { status, response: json.response };
    });
    const [one, ...others] = await Promise.all(failed);
    const message = 'We could not sign you in with these details.';
    expect(one).toEqual({ status: 400, response: { errors: [message], field_errors: { null: [message] } } });
    for (const other of others) expect(other).toEqual(one);
  });

  it('shows the page again after a wrong password, without it', async () => {
    const browser = app().client();
    const page = await browser.submit('/login', { email: right.email, password: 'my wrong secret' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('We could not sign you in with these details.');
    expect(page.text).toContain('value="user@example.com"');
    expect(page.text).not.toContain('my wrong secret');
    expect((await browser.getJson('/session')).status).toBe(401);
  });

  it('names the fields that were left empty', async () => {
    const answer = await app().client().postJson('/login', { email: '', password: '' });
    expect(answer.status).toBe(400);
    expect(answer.json.response.field_errors).toMatchObject({ password: ['Please enter a password.'] });
    const noEmail = await app().client().postJson('/login', { password: 'correct horse' });
    expect(noEmail.status).toBe(400);
    expect(noEmail.json.response.errors).toHaveLength(1);
  });

  it('calls values that are no text field errors', async () => {
    for (const password of [1, null, ['a'], { $gt: '' }, true]) {
      const answer = await app().client().postJson('/login', { email: right.email, password });
      expect(answer.status).toBe(400);
    }
  });

  it('follows next of the query before next of the form', async () => {
    const byForm = await app()
      .client()
      .submit('/login', { ...right, next: '/any' });
    expect(byForm.location).toBe('/any');
    const byQuery = await app()
      .client()
      .submit('/login?next=/token', { ...right, next: '/any' });
    expect(byQuery.location).toBe('/token');
  });

  it('leads to the start page where next leads away', async () => {
    const done = await app()
      .client()
      .submit('/login', { ...right, next: 'https://evil.example/' });
    expect(done.location).toBe('/');
  });

  it('tells a front end that comes back who it is', async () => {
    const client = app().client();
    const stranger = (await client.getJson('/login')).json.response;
    expect(stranger).toMatchObject({ identity_attributes: expect.arrayContaining(['email']) });
    expect(stranger.user).toBeUndefined();
    await client.login(right.email);
    const known = await client.getJson('/login');
    expect(known.status).toBe(200);
    expect(known.json.response.user).toEqual({});
    expect(known.json.response.csrf_token).toMatch(/./);
  });

  it('sends who is signed in away from the form, and refuses JSON', async () => {
    const browser = app().client();
    await browser.login(right.email);
    expect((await browser.get('/login')).location).toBe('/');
    const again = await browser.login('admin@example.com');
    expect(again.status).toBe(400);
    expect(again.json.response.errors).toEqual(['You are signed in already; sign out first to use this.']);
    expect(JSON.parse((await browser.getJson('/')).text).user).toBe('user@example.com');
  });

  it('sends each cookie once, with its attributes', async () => {
    const browser = app().client();
    const done = await browser.submit('/login', { ...right, remember: 'y' });
    const names = cookieNames(done.headers);
    expect([...new Set(names)]).toEqual(names);
    for (const line of done.headers.getSetCookie()) expect(line).toMatch(/; Path=\/.*; HttpOnly; SameSite=Lax$/);
  });
});

stories('signing in without generic answers', { returnGenericResponses: false }, (app) => {
  it.each([
    ['nobody@example.com', 'wrong', 'email', 'There is no such user.'],
    ['user@example.com', 'wrong', 'password', 'The password is not right.'],
    ['inactive@example.com', 'correct horse', 'email', 'This account is disabled.'],
    ['not an address', 'correct horse', 'email', 'This is not a valid email address.'],
  ])('tells %s with "%s" what is wrong', async (email, password, field, message) => {
    const answer = await app().client().login(email, password);
    expect(answer.status).toBe(400);
    expect(answer.json.response.field_errors).toEqual({ [field]: [message] });
    expect(answer.json.response.errors).toEqual([message]);
  });
});

stories('a configured way on', { postLoginView: '/staff' }, (app) => {
  it('is taken after signing in, and by who is signed in already', async () => {
    const browser = app().client();
    expect((await browser.submit('/login', right)).location).toBe('/staff');
    expect((await browser.get('/login?next=/any')).location).toBe('/staff');
  });
});
