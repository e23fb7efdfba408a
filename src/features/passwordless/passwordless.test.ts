import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterNames } from '../../../test/support/adapters.js';
import { csrfTokenOf } from '../../../test/support/client.js';
import { openPasswordlessApp, type PasswordlessApp } from './testing/open-app.js';

describe.each(adapterNames)('signing in by mail on %s', (adapter) => {
  let app: PasswordlessApp;
  beforeAll(async () => {
    app = await openPasswordlessApp({ adapter, mailLimitPerRecipient: 0, mailLimitPerClient: 0 });
  });
  afterAll(() => app.close());

  it('sends a link to the address, shows one button, signs in and goes on to where one wanted to be', async () => {
    const sent: string[] = [];
    const remove = app.security.on('loginInstructionsSent', ({ user, loginToken }) => {
      sent.push(user.email, loginToken);
    });
    const browser = app.client();
    const refused = await browser.get('/session?x=1');
    expect(refused.location).toBe('/login?next=%2Fsession%3Fx%3D1');
    const page = await browser.get(refused.location ?? '');
    expect(page.text).toContain('name="email"');
    expect(page.text).not.toContain('type="password"');
    const asked = await browser.submit(refused.location ?? '', { email: 'User@Example.com' });
    expect(asked.status).toBe(200);
    expect(asked.text).toContain('A link that signs you in is on its way to User@Example.com.');

    const link = await app.newestLink();
    const [mail] = app.mails.mails.slice(-1);
    expect(mail).toMatchObject({ to: 'user@example.com', subject: 'Login instructions' });
    expect(mail?.html).toContain('/login/');
    expect(mail?.text).toContain('1 days');
    expect(sent).toEqual(['user@example.com', link.split('/')[2]?.split('?')[0]]);
    remove();

    const button = await browser.get(link);
    expect(button.status).toBe(200);
    expect(button.text).toContain('Press the button to sign in as user@example.com.');
    expect((await browser.getJson('/session')).status).toBe(401);
    const done = await browser.submit(link, {});
    expect([done.status, done.location]).toEqual([302, '/session?x=1']);
    const inside = await browser.getJson('/session');
    expect(JSON.parse(inside.text)).toMatchObject({ user: 'user@example.com', via: 'session' });
  });

  it('follows the link on another device than the one that asked', async () => {
    await app.client().submit('/login', { email: 'user@example.com' });
    const other = app.client();
    const done = await other.submit(await app.newestLink(), {});
    expect(done.location).toBe('/');
    expect((await other.getJson('/session')).status).toBe(200);
    expect((await other.get('/')).status).toBe(200);
  });

  it('speaks JSON: the same answer for everybody, and who it is once signed in', async () => {
    const client = app.client();
    const answer = await client.postJson('/login', { email: 'user@example.com' });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.json.response)).toEqual(['csrf_token']);
    const wrong = await client.postJson('/login', { email: 'nobody at all' });
    expect(wrong.status).toBe(400);
    expect(wrong.json.response.field_errors).toEqual({ email: ['This is not a valid email address.'] });
    expect((await client.postJson('/login', {})).json.response.field_errors).toEqual({
      email: ['Please enter your email address.'],
    });
    await client.submit(await app.newestLink(), {});
    const known = await client.getJson('/login');
    expect([known.status, known.json.response.user]).toEqual([200, {}]);
    expect((await client.postJson('/login', { email: 'user@example.com' })).status).toBe(400);
  });

  it('sends a new link in place of one that is too old, when the button is pressed', async () => {
    const browser = app.client();
    await browser.submit('/login?next=%2Ffresh', { email: 'user@example.com' });
    const old = await app.newestLink();
    app.clock.advance(86_400_000 + 1000);
    const before = app.mails.mails.length;
    const page = await browser.get(old);
    expect(page.text).toContain('This link is too old');
    await app.security.drain();
    expect(app.mails.mails).toHaveLength(before);
    const answer = await browser.submit(old, {});
    expect(answer.location).toBe('/login');
    const told = await browser.get('/login');
    expect(told.text).toContain('good for 1 days only. A new one is on its way to user@example.com.');
    const fresh = await app.newestLink();
    expect(app.mails.mails).toHaveLength(before + 1);
    expect((await browser.submit(fresh, {})).location).toBe('/fresh');
  });

  it('leads back to the sign-in page when the link is none of ours', async () => {
    const browser = app.client();
    const answer = await browser.get('/login/not-a-token');
    expect([answer.status, answer.location]).toEqual([302, '/login']);
    expect((await browser.get('/login')).text).toContain('This sign-in link is not valid, or has been used already.');
  });

  it('has nothing to ask of somebody who is signed in', async () => {
    const browser = app.client();
    await browser.submit('/login', { email: 'user@example.com' });
    const link = await app.newestLink();
    await browser.submit(link, {});
    expect((await browser.get('/login')).location).toBe('/');
    expect((await browser.get(link)).location).toBe('/');
    const token = csrfTokenOf((await browser.get('/verify')).text);
    expect((await browser.send('POST', link, { form: { csrf_token: token } })).location).toBe('/');
  });
});

describe('signing in by mail, as documented (flask)', () => {
  it('acts when the link is opened, tells unknown and disabled accounts apart and shows who was asked for', async () => {
    const app = await openPasswordlessApp({ profile: 'flask', csrfEnabled: false });
    const browser = app.client();
    const json = await browser.postJson('/login', { email: 'user@example.com' });
    expect([json.status, json.json.response.user]).toEqual([200, {}]);
    const unknown = await browser.postJson('/login', { email: 'nobody@example.com' });
    expect(unknown.json.response.field_errors).toEqual({ email: ['There is no such user.'] });
    const inactive = await browser.postJson('/login', { email: 'inactive@example.com' });
    expect(inactive.json.response.field_errors).toEqual({ email: ['This account is disabled.'] });
    const link = await app.newestLink();
    const done = await browser.get(link);
    expect([done.status, done.location]).toEqual([302, '/']);
    expect((await browser.getJson('/session')).status).toBe(200);
    expect((await app.client().get(link)).location).toBe('/login');
    await app.close();
  });
});

describe.each(['modern', 'flask'] as const)('signing in by mail for a front end (%s)', (profile) => {
  it('redirects with the outcome as the contract has it', async () => {
    const app = await openPasswordlessApp({
      profile,
      redirectBehavior: 'spa',
      redirectHost: 'localhost:8080',
      postLoginView: '/welcome',
      loginErrorView: '/login-error?from=link',
      flashMessages: false,
    });
    const follow = async (link: string) => {
      const browser = app.client();
      const opened = await browser.get(link);
      return opened.status === 302 ? opened.location : (await browser.submit(link, {})).location;
    };
    expect(await follow('/login/nonsense')).toBe(
      'http://localhost:8080/login-error?from=link&error=This+sign-in+link+is+not+valid%2C+or+has+been+used+already.',
    );
    const client = app.client();
    await client.postJson('/login?next=%2Fsession', { email: 'user@example.com' });
    const link = await app.newestLink();
    expect(await follow(link)).toBe(
      'http://localhost:8080/welcome?email=user%40example.com&identity=user%40example.com',
    );
    await client.postJson('/login', { email: 'user@example.com' });
    const old = await app.newestLink();
    app.clock.advance(2 * 86_400_000);
    const expired = new URL((await follow(old)) ?? '');
    expect(Object.fromEntries(expired.searchParams)).toEqual({
      from: 'link',
      error: 'This link was good for 1 days only. A new one is on its way to user@example.com.',
      email: 'user@example.com',
      identity: 'user@example.com',
    });
    await app.close();
  });
});
