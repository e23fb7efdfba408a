import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumInstalled, launchChromium, openTab, type Tab } from './chromium.js';
import { demoUser, openDemo, type RunningDemo } from './demo.js';

describe.skipIf(!chromiumInstalled)('the demo in a browser without JavaScript', () => {
  let browser: Browser;
  let demo: RunningDemo;
  let tab: Tab;
  let page: Page;

  beforeAll(async () => {
    [browser, demo] = await Promise.all([launchChromium(), openDemo()]);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });
  beforeEach(async () => {
    tab = await openTab(browser, { baseURL: demo.origin, javaScriptEnabled: false });
    page = tab.page;
  });
  afterEach(async () => {
    await tab.context.close();
    expect(tab.complaints).toEqual([]);
  });

  const path = (): string => new URL(page.url()).pathname;
  const heading = (): Promise<string | null> => page.locator('h1').textContent();

  async function fillSignIn(name: Parameters<typeof demoUser>[0], password = demoUser(name).password): Promise<void> {
    await page.getByLabel('Email address').fill(demoUser(name).email);
    await page.getByLabel('Password').fill(password);
    await page.locator('.fs-form').getByRole('button', { name: 'Sign in' }).click();
  }

  it('leads from a guarded page to the sign-in page and back', async () => {
    await page.goto('/members');
    expect(path()).toBe('/login');
    expect(await page.getByRole('status').textContent()).toContain('sign in');
    await fillSignIn('member');
    expect(path()).toBe('/members');
    expect(await heading()).toBe('Welcome, member@example.com');
  });

  it('says that a wrong password is wrong, keeps the address and forgets the password', async () => {
    await page.goto('/login');
    await fillSignIn('member', 'guessed');
    expect(path()).toBe('/login');
    expect(await page.locator('.fs-summary').textContent()).toContain('could not sign you in');
    expect(await page.getByLabel('Email address').inputValue()).toBe('member@example.com');
    expect(await page.getByLabel('Password').inputValue()).toBe('');
    await fillSignIn('member');
    expect(path()).toBe('/');
    expect(await page.getByRole('banner').textContent()).toContain('member@example.com');
  });

  it('refuses the pages of others and shows the way out', async () => {
    await page.goto('/login?next=/admin');
    await fillSignIn('member');
    expect(path()).toBe('/admin');
    expect(await heading()).toBe('No access');
    expect((await page.goto('/reports'))?.status()).toBe(403);
    await page.getByRole('link', { name: 'Go to the first page' }).click();
    expect(path()).toBe('/');
  });

  it('opens the reports by permission, and the admin page by role', async () => {
    await page.goto('/login?next=/reports');
    await fillSignIn('editor');
    expect(await heading()).toBe('Reports');
    expect((await page.goto('/admin'))?.status()).toBe(403);
  });

  it('asks again before the vault when the sign-in is old, and goes on to it', async () => {
    await page.goto('/login?next=/vault');
    await fillSignIn('member');
    expect(await heading()).toBe('The vault is open');
    demo.clock.advance(5 * 60_000);
    await page.goto('/vault');
    expect(path()).toBe('/verify');
    await page.getByLabel('Password').fill('guessed');
    await page.getByRole('button', { name: 'Confirm' }).click();
    expect(path()).toBe('/verify');
    expect(await page.locator('.fs-field-invalid, .fs-summary').count()).toBeGreaterThan(0);
    await page.getByLabel('Password').fill(demoUser('member').password);
    await page.getByRole('button', { name: 'Confirm' }).click();
    expect(path()).toBe('/vault');
    expect(await heading()).toBe('The vault is open');
  });

  it('signs out, and the pages are closed again', async () => {
    await page.goto('/login');
    await fillSignIn('member');
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await page.getByRole('link', { name: 'Sign in' }).count()).toBeGreaterThan(0);
    await page.goto('/members');
    expect(path()).toBe('/login');
  });

  it('can be used by keyboard alone', async () => {
    await page.goto('/');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to content');
    await page.goto('/login');
    await tabTo('#email');
    await page.keyboard.type(demoUser('member').email);
    await tabTo('#password');
    await page.keyboard.type(demoUser('member').password);
    await page.keyboard.press('Enter');
    await page.waitForURL('/');
    await tabTo('.demo-account button');
    await page.keyboard.press('Enter');
    await page.waitForURL('/');
    expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
  });

  it('hands out a token that opens the endpoint, and the endpoint opens to nothing else', async () => {
    await page.goto('/login?next=/api');
    await fillSignIn('editor');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const shown = await page.locator('pre').first().textContent();
    const token = /Authentication-Token: ([^"]+)"/.exec(shown ?? '')?.[1] ?? '';
    const me = await fetch(`${demo.origin}/api/me`, { headers: { 'Authentication-Token': token } });
    expect(await me.json()).toEqual({ email: 'editor@example.com', roles: ['editor'] });
    expect((await fetch(`${demo.origin}/api/me`, { headers: { accept: 'application/json' } })).status).toBe(401);
    expect((await page.goto('/api/me'))?.status(), 'the session of a browser is no token').toBe(401);
    const credentials = Buffer.from(`editor@example.com:${demoUser('editor').password}`).toString('base64');
    const status = await fetch(`${demo.origin}/api/status`, { headers: { authorization: `Basic ${credentials}` } });
    expect(await status.json()).toEqual({ status: 'fine', askedBy: 'editor@example.com' });
    expect((await fetch(`${demo.origin}/api/status`)).status).toBe(401);
  });

  it('locks a user out at once and lets them in again', async () => {
    const other = await openTab(browser, { baseURL: demo.origin, javaScriptEnabled: false });
    await other.page.goto('/login?next=/members');
    await other.page.getByLabel('Email address').fill(demoUser('editor').email);
    await other.page.getByLabel('Password').fill(demoUser('editor').password);
    await other.page.locator('.fs-form button').click();
    await page.goto('/login?next=/admin');
    await fillSignIn('admin');
    await page.getByRole('button', { name: 'Deactivate editor@example.com' }).click();
    expect(await page.getByRole('status').textContent()).toBe('editor@example.com is locked out.');
    await other.page.goto('/members');
    expect(new URL(other.page.url()).pathname).toBe('/login');
    await page.getByRole('button', { name: 'Activate editor@example.com' }).click();
    await other.page.getByLabel('Email address').fill(demoUser('editor').email);
    await other.page.getByLabel('Password').fill(demoUser('editor').password);
    await other.page.locator('.fs-form button').click();
    expect(new URL(other.page.url()).pathname).toBe('/members');
    await other.context.close();
    expect(other.complaints).toEqual([]);
  });

  it('makes an account that the mail in the outbox confirms', async () => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Create an account' }).first().click();
    await page.getByLabel('Email address').fill('new@example.com');
    await page.locator('input[name=password]').fill('a long new password');
    const repeated = page.locator('input[name=password_confirm]');
    if ((await repeated.count()) > 0) await repeated.fill('a long new password');
    await page.locator('.fs-form button[type=submit]').click();
    await page.goto('/outbox');
    await page
      .getByRole('link', { name: /new@example\.com/ })
      .first()
      .click();
    await page.frameLocator('iframe').getByRole('link').first().click();
    await page.waitForURL(/confirm/);
    await page.locator('.fs-form button[type=submit]').click();
    await page.goto('/login?next=/members');
    if (path() === '/login') {
      await page.getByLabel('Email address').fill('new@example.com');
      await page.getByLabel('Password').fill('a long new password');
      await page.locator('.fs-form').getByRole('button', { name: 'Sign in' }).click();
    } else await page.goto('/members');
    expect(await heading()).toBe('Welcome, new@example.com');
  });

  it('finds a way back after a forgotten password, and changes it again', async () => {
    const email = demoUser('editor').email;
    await page.goto('/login');
    await page
      .getByRole('link', { name: /Forgot/ })
      .first()
      .click();
    await page.getByLabel('Email address').fill(email);
    await page.locator('.fs-form button[type=submit]').click();
    await page.goto('/outbox');
    await page
      .getByRole('link', { name: new RegExp(email.replace('.', '\\.')) })
      .first()
      .click();
    await page.frameLocator('iframe').getByRole('link').first().click();
    await page.waitForURL(/reset/);
    // The token has left the address before the form is shown.
    expect(path()).toBe('/reset/form');
    await page.locator('input[name=password]').fill('short');
    await page.locator('input[name=password_confirm]').fill('other');
    await page.locator('.fs-form button[type=submit]').click();
    expect(await page.locator('[role=alert]').first().textContent()).toContain('Please check the following');
    await page.locator('input[name=password]').fill('a password after the reset');
    await page.locator('input[name=password_confirm]').fill('a password after the reset');
    await page.locator('.fs-form button[type=submit]').click();
    await page.goto('/login?next=/members');
    await fillSignIn('editor', 'a password after the reset');
    expect(await heading()).toBe(`Welcome, ${email}`);

    await page.goto('/change');
    await page.locator('input[name=password]').fill('a password after the reset');
    await page.locator('input[name=new_password]').fill(demoUser('editor').password);
    await page.locator('input[name=new_password_confirm]').fill(demoUser('editor').password);
    await page.locator('.fs-form button[type=submit]').click();
    await page.goto('/members');
    expect(await heading()).toBe(`Welcome, ${email}`);
    await page.goto('/outbox');
    const mails = await page.locator('main').textContent();
    expect(mails).toContain('Your password has been reset');
    expect(mails).toContain('Your password has been changed');
  });

  async function tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.locator(`${selector}:focus`).count()) > 0) return;
    }
    throw new Error(`The Tab key does not reach ${selector}.`);
  }
});
