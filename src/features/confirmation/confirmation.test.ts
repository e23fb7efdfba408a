import { confirmation, outbox, registration, type SignalPayloads } from 'sallyport';
import { afterEach, describe, expect, it } from 'vitest';
import { adapterNames } from '../../../test/support/adapters.js';
import { openApp, type TestApp, type TestAppOptions } from '../../../test/support/app.js';
import type { Client } from '../../../test/support/client.js';
import { lastMail, mailedLink } from '../../../test/support/mails.js';
import type { ConfirmationOptions } from './index.js';

const address = 'new@example.com';
const password = 'a battery staple';
const day = 86_400_000;
const mails = outbox();
let app: TestApp | undefined;

async function open(given: Partial<ConfirmationOptions> = {}, options: TestAppOptions = {}): Promise<TestApp> {
  app = await openApp({ mailTransport: mails, features: [registration(), confirmation(given)], ...options });
  return app;
}

/** Registers and answers the link out of the mail. */
async function register({ security }: TestApp, browser: Client): Promise<string> {
  await browser.submit('/register', { email: address, password });
  await security.drain();
  return mailedLink(mails, address, '/confirm/');
}

async function flashed(browser: Client): Promise<unknown> {
  return JSON.parse((await browser.getJson('/flashed')).text);
}

afterEach(async () => {
  await app?.close();
  mails.clear();
});

describe.each(adapterNames)('confirming on %s', (adapter) => {
  it('a link shows a button; the button confirms; then one signs in', async () => {
    const running = await open({}, { adapter });
    const confirmed: SignalPayloads['userConfirmed'][] = [];
    running.security.on('userConfirmed', (payload) => void confirmed.push(payload));
    const browser = running.client();
    const link = await register(running, browser);
    const page = await browser.get(link);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('type="password"');
    expect((await running.user(address))['confirmed_at']).toBeNull();
    await flashed(browser);
    const done = await browser.submit(link, {});
    expect([done.status, done.location]).toEqual([302, '/login']);
    expect(await flashed(browser)).toEqual([['success', 'Thank you, your address is confirmed.']]);
    expect((await running.user(address))['confirmed_at']).toEqual(new Date(running.clock()));
    expect(confirmed).toHaveLength(1);
    expect((await browser.login(address, password)).status).toBe(200);

    const again = await running.client().get(link);
    expect([again.status, again.location]).toEqual([302, '/confirm']);
  });

  it('new instructions on request, the old ones die', async () => {
    const running = await open({}, { adapter });
    const browser = running.client();
    const first = await register(running, browser);
    mails.clear();
    const sent: SignalPayloads['confirmInstructionsSent'][] = [];
    running.security.on('confirmInstructionsSent', (payload) => void sent.push(payload));
    running.clock.advance(1000);
    const page = await browser.submit('/confirm', { email: 'New@example.com' });
    expect(page.status).toBe(200);
    expect(page.text).toContain(`If ${address} waits to be confirmed`);
    await running.security.drain();
    const second = mailedLink(mails, address, '/confirm/');
    expect(lastMail(mails, address).subject).toBe('Please confirm your email');
    expect(second).toContain(sent[0]?.confirmationToken);
    await browser.submit(first, {});
    expect((await running.user(address))['confirmed_at']).toBeNull();
    await browser.submit(second, {});
    expect((await running.user(address))['confirmed_at']).not.toBeNull();
    expect((await browser.postJson('/confirm', { email: address })).status).toBe(200);
  });
});

describe('confirming in another browser', () => {
  it('asks for the password that came with the address, and signs in with it', async () => {
    const running = await open();
    const link = await register(running, running.client());
    const phone = running.client();
    expect((await phone.get(link)).text).toContain('type="password"');
    expect((await phone.submit(link, {})).text).toContain('Please enter a password.');
    expect((await phone.submit(link, { password: 'wrong one' })).text).toContain('The password is not right.');
    expect((await running.user(address))['confirmed_at']).toBeNull();
    const done = await phone.submit(link, { password });
    expect([done.status, done.location]).toEqual([302, '/']);
    expect((await phone.getJson('/session')).json).toMatchObject({ user: address });
  });

  it('guesses are counted', async () => {
    const running = await open();
    const link = await register(running, running.client());
    const phone = running.client();
    for (let guess = 0; guess < 10; guess++) await phone.submit(link, { password: `guess ${guess}` });
    expect((await phone.submit(link, { password })).text).toContain('Too many attempts.');
    expect((await running.user(address))['confirmed_at']).toBeNull();
  });

  it('drops a password that is not one’s own', async () => {
    const running = await open();
    const link = await register(running, running.client());
    const before = await running.user(address);
    const done = await running.client().submit(link, { without_password: 'y' });
    expect([done.status, done.location]).toEqual([302, '/login']);
    const after = await running.user(address);
    expect(after['confirmed_at']).not.toBeNull();
    expect(after.fs_uniquifier).not.toBe(before.fs_uniquifier);
    expect((await running.client().login(address, password)).status).toBe(400);
  });

  it('asks nothing of who is signed in as the user', async () => {
    const running = await open({ loginWithoutConfirmation: true });
    const link = await register(running, running.client());
    const browser = running.client();
    await browser.login(address, password);
    expect((await browser.get(link)).text).not.toContain('type="password"');
    const done = await browser.submit(link, {});
    expect(done.location).toBe('/');
    expect((await browser.getJson('/session')).json).toMatchObject({ user: address });
  });
});

describe('options of confirmation', () => {
  it('autoLoginAfterConfirm signs in, and signs somebody else out', async () => {
    const running = await open({ autoLoginAfterConfirm: true, confirmAsksPassword: false, postConfirmView: '/hello' });
    const link = await register(running, running.client());
    const browser = running.client();
    await browser.login('user@example.com');
    expect((await browser.submit(link, {})).location).toBe('/hello');
    expect((await browser.getJson('/session')).json).toMatchObject({ user: address });
  });

  it('an expired link says so; a new one comes only where that is wanted', async () => {
    for (const resendExpiredConfirmation of [false, true]) {
      const running = await open({ resendExpiredConfirmation, confirmEmailWithin: '2 hours' });
      const browser = running.client();
      const link = await register(running, browser);
      mails.clear();
      await flashed(browser);
      running.clock.advance(2 * 3_600_000 + 1000);
      const opened = await browser.get(link);
      expect(opened.status).toBe(resendExpiredConfirmation ? 200 : 302);
      await running.security.drain();
      expect(mails.mails).toHaveLength(0);
      await flashed(browser);
      if (resendExpiredConfirmation) await browser.submit(link, {});
      else await browser.get(link);
      await running.security.drain();
      expect(mails.mails).toHaveLength(resendExpiredConfirmation ? 1 : 0);
      expect(JSON.stringify(await flashed(browser))).toContain('older than 2 hours');
      expect((await running.user(address))['confirmed_at']).toBeNull();
      await running.close();
      app = undefined;
    }
  });

  it('without generic responses the page tells', async () => {
    const running = await open({}, { returnGenericResponses: false });
    await register(running, running.client());
    const errors = async (email: unknown) =>
      (await running.client().postJson('/confirm', { email })).json.response.field_errors;
    expect(await errors('stranger@example.com')).toEqual({ email: ['There is no such user.'] });
    expect(await errors('user@example.com')).toEqual({ email: ['This address is confirmed already.'] });
    expect(await errors('nonsense')).toEqual({ email: ['This is not a valid email address.'] });
    expect(await errors('')).toEqual({ email: ['Please enter your email address.'] });
    expect((await running.client().postJson('/confirm', { email: address })).status).toBe(200);
    const login = await running.client().login(address, password);
    expect(login.json.response.errors).toEqual(['Please confirm your email address first.']);
    expect((await running.client().get(`/confirm?email=${address}`)).text).toContain(`value="${address}"`);
  });

  it('leads to the page that the application has for errors', async () => {
    const running = await open({ confirmErrorView: '/oops' });
    const answer = await running.client().get('/confirm/nonsense');
    expect([answer.status, answer.location]).toEqual([302, '/oops']);
  });

  it('requiresConfirmationErrorView leads the unconfirmed on', async () => {
    const running = await open({}, { returnGenericResponses: false, requiresConfirmationErrorView: '/wait' });
    await register(running, running.client());
    const answer = await running.client().submit('/login', { email: address, password });
    expect(answer.location).toContain('/wait?email=');
  });

  it('a front end gets the outcome as query parameters', async () => {
    const views = { postConfirmView: '/confirmed', confirmErrorView: '/confirm-error' };
    const running = await open(views, { redirectBehavior: 'spa', redirectHost: 'localhost:8080' });
    const browser = running.client();
    const link = await register(running, browser);
    const query = (location: string | null) => Object.fromEntries(new URL(location ?? '').searchParams);
    const invalid = await browser.get('/confirm/nonsense');
    expect(invalid.location).toMatch(/^http:\/\/localhost:8080\/confirm-error\?/);
    expect(query(invalid.location)).toEqual({ error: 'This confirmation link is not valid.' });
    const done = await browser.submit(link, {});
    expect(done.location).toMatch(/^http:\/\/localhost:8080\/confirmed\?/);
    expect(query(done.location)).toEqual({
      success: 'Thank you, your address is confirmed.',
      email: address,
      identity: address,
    });
    expect(query((await browser.get(link)).location)).toEqual({ info: 'This address is confirmed already.' });
    running.clock.advance(6 * day);
    await expect(open({}, { redirectBehavior: 'spa' })).rejects.toThrow(/confirmErrorView and postConfirmView/);
  });

  it('profile flask: opening the link confirms; HEAD does not', async () => {
    const running = await open({}, { profile: 'flask', emailValidatorArgs: { check_deliverability: false } });
    const link = await register(running, running.client());
    const browser = running.client();
    await browser.send('HEAD', link);
    expect((await running.user(address))['confirmed_at']).toBeNull();
    const done = await browser.get(link);
    expect([done.status, done.location]).toEqual([302, '/login']);
    expect((await running.user(address))['confirmed_at']).not.toBeNull();
    expect(await flashed(browser)).toEqual([['success', 'Thank you, your address is confirmed.']]);
    await browser.get(link);
    expect(await flashed(browser)).toEqual([['info', 'This address is confirmed already.']]);
  });
});
