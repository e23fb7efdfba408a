import { type Outbox, outbox, recovery, type SignalPayloads } from 'sallyport';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adapterNames } from '../../../test/support/adapters.js';
import { openApp, type TestApp, type TestAppOptions } from '../../../test/support/app.js';
import type { RecoveryOptions } from './index.js';

const newPassword = 'quite another horse';

interface Story {
  app: TestApp;
  mails: Outbox;
  /** The path of the newest mailed link. */
  link(): Promise<string>;
}

async function open(options: Partial<RecoveryOptions> = {}, given: TestAppOptions = {}): Promise<Story> {
  const mails = outbox();
  const app = await openApp({
    ...given,
    mailTransport: mails,
    features: [recovery(options), ...(given.features ?? [])],
  });
  return {
    app,
    mails,
    async link() {
      await app.security.drain();
      const text = mails.mails.at(-1)?.text ?? '';
      return /http:\/\/\S+(\/reset\/\S+)/.exec(text)?.[1] ?? '';
    },
  };
}

describe.each(adapterNames)('resetting a password on %s', (adapter) => {
  let story: Story;
  beforeAll(async () => {
    story = await open({}, { adapter });
  });
  afterAll(() => story.app.close());
  beforeEach(() => story.mails.clear());

  it('leads from the sign-in page over the mail to a new password', async () => {
    const { app, mails, link } = story;
    const signals: SignalPayloads['passwordReset'][] = [];
    const stop = app.security.on('passwordReset', (payload) => void signals.push(payload));
    const before = app.client();
    await before.login('user@example.com');
    const browser = app.client();
    expect((await browser.get('/login')).text).toContain('/reset');
    const asked = await browser.submit('/reset', { email: 'User@Example.com' });
    expect(asked.status).toBe(200);
    expect(asked.text).toContain('user@example.com');
    const path = await link();
    expect(mails.mails).toHaveLength(1);
    expect(mails.mails[0]?.to).toBe('user@example.com');
    const opened = await browser.get(path);
    expect([opened.status, opened.location]).toEqual([302, '/reset/form']);
    const wrong = await browser.submit('/reset/form', { password: newPassword, password_confirm: 'no' });
    expect(wrong.status).toBe(200);
    expect(wrong.text).toContain('The two passwords are not the same.');
    const short = await browser.submit('/reset/form', { password: 'short', password_confirm: 'short' });
    expect(short.text).toContain('at least 8 characters');
    const done = await browser.submit('/reset/form', { password: newPassword, password_confirm: newPassword });
    expect([done.status, done.location]).toEqual([302, '/login']);
    expect((await browser.get('/login')).text).toContain('Your new password is saved. Please sign in with it.');
    await app.security.drain();
    expect(mails.mails.map((mail) => mail.subject)).toEqual([
      'Password reset instructions',
      'Your password has been reset',
    ]);
    expect(mails.mails[1]?.text).toContain(`${app.origin}/reset`);
    expect(signals.map(({ user }) => user.email)).toEqual(['user@example.com']);
    expect((await before.getJson('/session')).status).toBe(401);
    expect((await browser.login('user@example.com')).status).toBe(400);
    expect((await browser.login('user@example.com', newPassword)).status).toBe(200);
    stop();
  });

  it('does the same by JSON', async () => {
    const { app, link } = story;
    const client = app.client();
    const asked = await client.postJson('/reset', { email: 'editor@example.com' });
    expect(asked.status).toBe(200);
    expect(Object.keys(asked.json.response)).toEqual(['csrf_token']);
    const path = await link();
    const opened = await client.getJson(path);
    expect([opened.status, Object.keys(opened.json.response)]).toEqual([200, ['csrf_token']]);
    const wrong = await client.postJson(path, { password: newPassword });
    expect(wrong.status).toBe(400);
    expect(Object.keys(wrong.json.response.field_errors ?? {})).toEqual(['password_confirm']);
    const done = await client.postJson(path, { password: newPassword, password_confirm: newPassword });
    expect([done.status, Object.keys(done.json.response)]).toEqual([200, ['csrf_token']]);
    const again = await client.postJson(path, { password: newPassword, password_confirm: newPassword });
    expect(again.status).toBe(400);
    expect(again.json.response.errors).toEqual(['This link is not valid. Please ask for a new one.']);
    expect((await client.login('editor@example.com', newPassword)).status).toBe(200);
  });

  it('sends whoever has a bad or an old link back for a new one', async () => {
    const { app, link } = story;
    const browser = app.client();
    const bad = await browser.get('/reset/no-such-token');
    expect([bad.status, bad.location]).toEqual([302, '/reset']);
    expect((await browser.get('/reset')).text).toContain('This link is not valid.');
    await browser.submit('/reset', { email: 'admin@example.com' });
    const path = await link();
    expect((await browser.get(path)).location).toBe('/reset/form');
    app.clock.advance(86_400_000 + 2000);
    const old = await browser.get(path);
    expect([old.status, old.location]).toEqual([302, '/reset']);
    expect((await browser.get('/reset')).text).toContain('older than 1 day');
    const form = await browser.get('/reset/form');
    expect([form.status, form.location]).toEqual([302, '/reset']);
    const posted = await browser.submit('/reset', { email: 'nobody@example.com' });
    expect(posted.status).toBe(200);
    const json = await app.client().postJson(path, { password: newPassword, password_confirm: newPassword });
    expect(json.json.response.errors?.[0]).toContain('older than 1 day');
  });

  it('is only for those who are not signed in', async () => {
    const browser = story.app.client();
    await browser.login('admin@example.com');
    expect((await browser.get('/reset')).location).toBe('/');
    expect((await browser.getJson('/reset')).status).toBe(400);
  });
});

describe('options of recovery', () => {
  const openedApps: TestApp[] = [];
  const start = async (...given: Parameters<typeof open>): Promise<Story> => {
    const story = await open(...given);
    openedApps.push(story.app);
    return story;
  };
  afterAll(() => Promise.all(openedApps.map((app) => app.close())));

  it('autoLoginAfterReset signs in', async () => {
    const { app, link } = await start({ autoLoginAfterReset: true, postResetView: '/session' });
    const browser = app.client();
    await browser.submit('/reset', { email: 'user@example.com' });
    await browser.get(await link());
    const done = await browser.submit('/reset/form', { password: newPassword, password_confirm: newPassword });
    expect(done.location).toBe('/session');
    expect(JSON.parse((await browser.getJson('/session')).text)).toMatchObject({ user: 'user@example.com' });
    const client = app.client();
    await client.postJson('/reset', { email: 'admin@example.com' });
    const answer = await client.postJson(`${await link()}?include_auth_token`, {
      password: newPassword,
      password_confirm: newPassword,
    });
    const token = String(answer.json.response.user?.['authentication_token']);
    expect((await app.client().getJson('/token', { 'authentication-token': token })).status).toBe(200);
  });

  it('a front end gets the token or the error in the address', async () => {
    const { app, link } = await start(
      { resetView: '/app/reset', resetErrorView: '/app/error' },
      { redirectBehavior: 'spa', redirectHost: 'front.example:8080' },
    );
    const client = app.client();
    await client.postJson('/reset', { email: 'user@example.com' });
    const path = await link();
    const good = new URL((await client.get(path)).location ?? '');
    expect(good.origin + good.pathname).toBe('http://front.example:8080/app/reset');
    expect([...good.searchParams.keys()]).toEqual(['token']);
    expect(good.searchParams.get('token')).toBe(path.slice('/reset/'.length));
    const bad = new URL((await client.getJson('/reset/x')).location ?? '');
    expect([...bad.searchParams]).toEqual([['error', 'This link is not valid. Please ask for a new one.']]);
    app.clock.advance(2 * 86_400_000);
    const old = new URL((await client.get(path)).location ?? '');
    expect(old.searchParams.get('error')).toContain('older than');
    await expect(open({}, { redirectBehavior: 'spa' })).rejects.toThrow(/resetView and resetErrorView/);
  });

  it('tells what is wrong where answers are not generic', async () => {
    const { app, mails } = await start({}, { returnGenericResponses: false });
    const errors = async (email: string) =>
      (await app.client().postJson('/reset', { email })).json.response.field_errors?.['email'];
    expect(await errors('nobody@example.com')).toEqual(['There is no such user.']);
    expect(await errors('inactive@example.com')).toEqual(['This account is disabled.']);
    expect(await errors('@')).toEqual(['This is not a valid email address.']);
    expect(await errors('')).toEqual(['Please enter your email address.']);
    await app.security.drain();
    expect(mails.mails).toEqual([]);
    const page = await app.client().submit('/reset', { email: 'nobody@example.com' });
    expect([page.status, page.text.includes('There is no such user.')]).toEqual([200, true]);
  });

  it('mails and subjects can be switched off and changed; the signal tells all the same', async () => {
    const { app, mails } = await start({
      sendPasswordResetEmail: false,
      sendPasswordResetNoticeEmail: false,
      resetUrl: '/forgotten',
    });
    const tokens: string[] = [];
    app.security.on('resetPasswordInstructionsSent', ({ resetToken }) => void tokens.push(resetToken));
    const client = app.client();
    await client.postJson('/forgotten', { email: 'user@example.com' });
    await app.security.drain();
    const fields = { password: newPassword, password_confirm: newPassword };
    expect((await client.postJson(`/forgotten/${tokens[0]}`, fields)).status).toBe(200);
    await app.security.drain();
    expect(mails.mails).toEqual([]);
  });

  it('works as documented in the flask profile: the token stays in the address, an earlier link stays good', async () => {
    const { app, link } = await start(
      {},
      {
        profile: 'flask',
        passwordSchemes: ['pbkdf2_sha256'],
        hashingSchemes: ['hex_md5', 'sha256_crypt'],
        deprecatedHashingSchemes: [],
      },
    );
    const browser = app.client();
    await browser.submit('/reset', { email: 'user@example.com' });
    const first = await link();
    await browser.submit('/reset', { email: 'user@example.com' });
    await link();
    const page = await browser.get(first);
    expect(page.status).toBe(200);
    const done = await browser.submit(first, { password: newPassword, password_confirm: newPassword });
    expect(done.location).toBe('/login');
    expect((await browser.get(first)).location).toBe('/reset');
  });
});
