import { existsSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type Outbox, outbox, type Security } from 'sallyport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatastore, type TestDatastore } from '../../test/databases/index.js';
import { frontEnd } from './front-end.js';
import { createBackend } from './server.js';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const isAvailable = existsSync(executablePath);
if (!isAvailable) console.warn('SKIPPED: Chromium is not installed');

const email = 'sailor@example.com';
const first = 'a parrot on the mast';
const second = 'two parrots on the mast';
const third = 'three parrots on the mast';

describe.skipIf(!isAvailable)('the single-page application in a browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let opened: TestDatastore;
  let security: Security;
  let mails: Outbox;
  let servers: Server[];
  let site: string;
  let complaints: string[];

  /** Ports first, for each of the two has to know where the other is. */
  async function serve(): Promise<{ origin: string; answer(listener: RequestListener): void }> {
    let listener: RequestListener = (_request, response) => response.end();
    const server = createServer((request, response) => listener(request, response));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return {
      origin: `http://localhost:${address.port}`,
      answer(given) {
        listener = given;
      },
    };
  }

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    servers = [];
    mails = outbox();
    opened = await openTestDatastore();
    const [backendServer, frontEndServer] = [await serve(), await serve()];
    const backend = createBackend({
      secretKey: 'a-test-key-that-is-long-enough-0123456789',
      datastore: opened.datastore,
      mailTransport: mails,
      origin: backendServer.origin,
      frontEndOrigin: frontEndServer.origin,
    });
    security = backend.security as unknown as Security; // only asked to drain
    backendServer.answer(backend.app);
    frontEndServer.answer(frontEnd(fileURLToPath(new URL('./public', import.meta.url)), backendServer.origin));
    site = frontEndServer.origin;
    context = await browser.newContext();
    page = await context.newPage();
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // Chromium reports each answer that refuses something; those are part of the story.
      if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
        complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await context.close();
    for (const server of servers) server.closeAllConnections();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    await security.drain();
    await opened.close();
    expect(complaints).toEqual([]);
  });

  const title = (text: string) => page.getByRole('heading', { name: text }).waitFor();
  const fill = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);
  const press = (name: string) => page.getByRole('button', { name }).click();
  const path = () => page.evaluate('location.pathname + location.search');

  async function newestLink(): Promise<string> {
    await security.drain();
    return /http:\S+\/api\/accounts\/\S+/.exec(mails.mails.at(-1)?.text ?? '')?.[0] ?? '';
  }

  async function signIn(password: string): Promise<void> {
    await title('Sign in');
    await fill('Email address', email);
    await fill('Password', password);
    await press('Sign in');
  }

  /** As somebody who made an account and proved the address. */
  async function registered(): Promise<void> {
    await page.goto(`${site}/register`);
    await fill('Email address', email);
    await fill('Password', first);
    await press('Create account');
    await title('Look into your mailbox');
    await page.goto(await newestLink());
    await page.locator('form button[type=submit]').first().click();
    await page.waitForURL(`${site}/confirmed**`);
  }

  it('registers, confirms, signs in, is still signed in after a reload, and signs out', async () => {
    await page.goto(`${site}/register`);
    await fill('Email address', email);
    await fill('Password', 'short');
    await press('Create account');
    await page.locator('[aria-invalid=true]').waitFor();
    expect(await page.locator('#password-error').textContent()).toContain('at least 8 characters');
    expect(await page.evaluate('document.activeElement.id')).toBe('password');

    await fill('Password', first);
    await press('Create account');
    await title('Look into your mailbox');
    const link = await newestLink();
    await page.goto(`${site}/sign-in`);
    await signIn(first);
    await page.getByRole('alert').getByText('We could not sign you in').waitFor();

    await page.goto(link);
    await page.locator('form button[type=submit]').first().click();
    await page.waitForURL(`${site}/confirmed**`);
    await title('Your address is confirmed');
    expect(await page.locator('.note').count()).toBeGreaterThan(0);

    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(first);
    await title('Welcome back');
    expect(await page.locator('#me').textContent()).toBe(email);
    expect((await context.cookies(site)).map(({ name }) => name).sort()).toEqual(['XSRF-TOKEN', 'session']);
    await page.reload();
    await title('Welcome back');
    await page.getByText(`Hello, ${email}.`).waitFor();

    await press('Sign out');
    await title('Sign in');
    await page.goto(`${site}/`);
    await title('Sign in');
    expect(await path()).toBe('/sign-in');
  }, 120_000);

  it('changes a password, and resets a forgotten one', async () => {
    await registered();
    await page.goto(`${site}/change-password`);
    await signIn(first);
    await title('Welcome back');
    await page.getByRole('link', { name: 'Change your password' }).click();
    await title('Change your password');
    await fill('Password', first);
    await fill('New password', second);
    await fill('The same again', 'something else');
    await press('Change password');
    await page.locator('#new_password_confirm[aria-invalid=true]').waitFor();
    await fill('The same again', second);
    await press('Change password');
    await page.getByText('Your password is changed.').waitFor();
    await press('Sign out');
    await signIn(first);
    await page.getByRole('alert').getByText('We could not sign you in').waitFor();

    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await fill('Email address', email);
    await press('Send me a link');
    await title('Look into your mailbox');
    await page.goto(await newestLink());
    const button = page.locator('form button[type=submit]');
    if (new URL(page.url()).pathname.startsWith('/api/')) await button.first().click();
    await title('Choose a new password');
    expect(await path()).toBe('/reset-password');
    await fill('New password', third);
    await fill('The same again', third);
    await press('Save password');
    await page.getByText('Your new password is saved.').waitFor();
    await signIn(third);
    await title('Welcome back');
  }, 120_000);

  it('tells what is wrong with a link that does not work', async () => {
    const { origin } = new URL(site);
    await page.goto(`${origin}/api/accounts/confirm/nonsense`);
    await title('This link does not work');
    expect(await page.locator('.note.error').textContent()).not.toBe('');
    await page.goto(`${origin}/api/accounts/reset/nonsense`);
    await title('This link does not work');
    await page.goto(`${site}/confirm-error?error=${encodeURIComponent('<img src=x onerror=alert(1)>')}`);
    expect(await page.locator('.note.error').textContent()).toBe('<img src=x onerror=alert(1)>');
    expect(await page.locator('.note img').count()).toBe(0);
  }, 60_000);

  it('C1 sends no change without the token, and the backend takes none', async () => {
    await registered();
    await page.goto(`${site}/sign-in`);
    const status = await page.evaluate(
      async (body) => {
        const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
        return (await fetch('/api/accounts/login', { method: 'POST', headers, body })).status;
      },
      JSON.stringify({ email, password: first }),
    );
    expect(status).toBe(400);
    expect((await context.cookies(site)).map(({ name }) => name)).not.toContain('XSRF-TOKEN');
  }, 60_000);

  it.each(['light', 'dark'] as const)(
    'A12 passes an audit of each view in %s, at 320 pixels',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 320, height: 640 });
      for (const view of [
        'sign-in',
        'register',
        'forgot',
        'reset-password?token=x',
        'confirm-error?error=Too+old',
        'no',
      ]) {
        await page.goto(`${site}/${view}`);
        await page.locator('h1').waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth'), view).toBe(320);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => `${view}: ${id} ${nodes[0]?.html}`)).toEqual([]);
      }
      const answer = await page.goto(`${site}/sign-in`);
      expect(answer?.headers()['content-security-policy']).toContain("script-src 'self';");
    },
    120_000,
  );
});
