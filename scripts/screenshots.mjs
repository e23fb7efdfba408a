/** Takes the pictures in docs/screenshots from a demo of its own, with a temporary data directory. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { giveUp, root, step } from './run.mjs';

const shots = [
  { name: 'home', path: '/' },
  { name: 'home-dark-mobile', path: '/', scheme: 'dark', mobile: true },
  { name: 'login-dark', path: '/login', scheme: 'dark' },
  { name: 'login-refused', path: '/login', wrongPassword: true },
  { name: 'register', path: '/register' },
  { name: 'register-mobile', path: '/register', mobile: true },
  { name: 'register-refused', path: '/register', fill: { email: 'nobody@example.com', password: 'short' } },
  { name: 'forgot-password', path: '/reset' },
  { name: 'reset-password', path: '/reset', fill: { email: 'member@example.com' }, thenMailed: 'member@example.com' },
  { name: 'change-password', path: '/change', as: 'editor' },
  { name: 'send-confirmation', path: '/confirm' },
  {
    name: 'confirm-email',
    path: '/register',
    fill: { email: 'ada@example.com', password: 'a long new password' },
    thenMailed: 'ada@example.com',
  },
  { name: 'outbox', path: '/outbox' },
  { name: 'send-login', path: '/login', from: 'passwordless' },
  { name: 'token-login', path: '/login', from: 'passwordless', fill: { email: 'ada@example.com' }, thenLink: true },
  { name: 'members', path: '/members', as: 'editor' },
  { name: 'admin', path: '/admin', as: 'admin' },
  { name: 'admin-mobile', path: '/admin', as: 'admin', mobile: true },
  { name: 'admin-refused', path: '/admin', as: 'member' },
  { name: 'verify', path: '/verify?next=/vault', as: 'member' },
];

const mailValues = {
  welcome: { confirmation_link: 'https://app.example/confirm/WyJ…' },
  confirmation_instructions: { confirmation_link: 'https://app.example/confirm/WyJ…' },
  login_instructions: { login_link: 'https://app.example/login/WyJ…' },
  reset_instructions: { reset_link: 'https://app.example/reset/WyJ…' },
  reset_notice: { recovery_link: 'https://app.example/reset' },
  change_notice: { recovery_link: 'https://app.example/reset' },
  welcome_existing: { recovery_link: 'https://app.example/reset', account_username: 'ada' },
  welcome_existing_username: {},
  two_factor_instructions: { token: '482913' },
  two_factor_rescue: { user: { email: 'ada@example.com' } },
  us_instructions: { login_token: '482913', login_link: 'https://app.example/us-verify-link?code=…' },
};

await build();
process.env.NODE_ENV = 'development';
const { chromium } = await import('playwright-core');
const { createDemo } = await import('../examples/dist/demo/app.js');
const { demoUsers } = await import('../examples/dist/demo/demo-users.js');
const { listen } = await import('../examples/dist/demo/listen.js');

const { createTemplateRenderer, builtinTemplatesDirectory } = await import('../dist/templates/index.js');

const only = process.argv.slice(2);
const target = join(root, 'docs/screenshots');
mkdirSync(target, { recursive: true });
const dataDirectory = mkdtempSync(join(tmpdir(), 'sallyport-demo-'));
const demo = await createDemo({ dataDirectory, development: true });
const server = await listen(demo.app, 0);
const passwordless = await startPasswordless();
const browser = await chromium
  .launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  .catch((error) => giveUp(`Chromium did not start (CHROMIUM_PATH names it):\n${error.message}`));
try {
  for (const shot of shots) if (only.length === 0 || only.includes(shot.name)) await step(shot.name, () => take(shot));
  for (const [name, values] of Object.entries(mailValues))
    if (only.length === 0 || only.includes(name)) await step(`mail ${name}`, () => takeMail(name, values));
} finally {
  await browser.close();
  await server.close();
  await passwordless.close();
  await demo.close();
  rmSync(dataDirectory, { recursive: true, force: true });
}

async function take({ name, path, scheme = 'light', mobile = false, as, from, wrongPassword, fill, ...then }) {
  const context = await browser.newContext({
    baseURL: from === 'passwordless' ? passwordless.origin : server.origin,
    colorScheme: scheme,
    viewport: mobile ? { width: 390, height: 780 } : { width: 1000, height: 660 },
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  const user = demoUsers.find((one) => one.email.startsWith(`${as}@`));
  if (user !== undefined) await signIn(page, user.email, user.password);
  await page.goto(path);
  if (wrongPassword) await signIn(page, 'member@example.com', 'guessed');
  if (fill) {
    for (const [field, value] of Object.entries(fill)) await page.fill(`input[name=${field}]`, value);
    await page.click('.fs-form button[type=submit]');
  }
  if (then.thenMailed) await openMailedLink(page, then.thenMailed);
  if (then.thenLink) await page.goto(await passwordless.mailedLink());
  await page.screenshot({ path: join(target, `${name}.png`), fullPage: mobile });
  await context.close();
}

async function openMailedLink(page, recipient) {
  await page.goto('/outbox');
  await page
    .getByRole('link', { name: new RegExp(recipient) })
    .first()
    .click();
  await page.frameLocator('iframe').getByRole('link').first().click();
  await page.waitForURL(/confirm|reset/);
}

/** A mail as a mail program shows it. */
async function takeMail(name, values) {
  const renderer = createTemplateRenderer({ directories: [builtinTemplatesDirectory] });
  const html = await renderer.render(`security/email/${name}.html`, { app_name: 'Acme', within: '5 days', ...values });
  const page = await browser.newPage({ viewport: { width: 640, height: 480 } });
  await page.setContent(html);
  mkdirSync(join(target, 'mails'), { recursive: true });
  await page.screenshot({ path: join(target, 'mails', `${name}.png`), fullPage: true });
  await page.close();
}

/** The sign-in by mailed link takes the place of the one by password, so it has a site of its own. */
async function startPasswordless() {
  const { default: express } = await import('express');
  const { createClient } = await import('@libsql/client');
  const { drizzle } = await import('drizzle-orm/libsql');
  const { createSecurity, outbox, passwordless: feature } = await import('sallyport');
  const { createTablesSql, drizzleDatastore } = await import('sallyport/drizzle');
  const { sallyportTables } = await import('sallyport/drizzle/sqlite');
  const { expressSecurity } = await import('sallyport/express');
  const client = createClient({ url: ':memory:' });
  for (const statement of createTablesSql(sallyportTables())) await client.execute(statement);
  const mails = outbox();
  const security = createSecurity({
    secretKey: 'only-for-taking-pictures-0123456789',
    appName: 'Acme',
    datastore: drizzleDatastore(drizzle(client), sallyportTables()),
    mailTransport: mails,
    features: [feature()],
  });
  await security.datastore.createUser({ email: 'ada@example.com' });
  const running = await listen(express().use(expressSecurity(security).routes), 0);
  return {
    ...running,
    async mailedLink() {
      await security.drain();
      return /http\S+/.exec(mails.mails.at(-1)?.text ?? '')?.[0] ?? '/';
    },
  };
}

async function signIn(page, email, password) {
  await page.goto('/login');
  await page.fill('input[name=email]', email);
  await page.fill('input[name=password]', password);
  await page.click('.fs-form button[type=submit]');
}
