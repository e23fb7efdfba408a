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
  { name: 'register-mobile', path: '/register', mobile: true },
  { name: 'members', path: '/members', as: 'editor' },
  { name: 'admin', path: '/admin', as: 'admin' },
  { name: 'admin-mobile', path: '/admin', as: 'admin', mobile: true },
  { name: 'admin-refused', path: '/admin', as: 'member' },
  { name: 'verify', path: '/verify?next=/vault', as: 'member' },
];

await build();
process.env.NODE_ENV = 'development';
const { chromium } = await import('playwright-core');
const { createDemo } = await import('../examples/dist/demo/app.js');
const { demoUsers } = await import('../examples/dist/demo/demo-users.js');
const { listen } = await import('../examples/dist/demo/listen.js');

const only = process.argv.slice(2);
const target = join(root, 'docs/screenshots');
mkdirSync(target, { recursive: true });
const dataDirectory = mkdtempSync(join(tmpdir(), 'sallyport-demo-'));
const demo = await createDemo({ dataDirectory, development: true });
const server = await listen(demo.app, 0);
const browser = await chromium
  .launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  .catch((error) => giveUp(`Chromium did not start (CHROMIUM_PATH names it):\n${error.message}`));
try {
  for (const shot of shots) if (only.length === 0 || only.includes(shot.name)) await step(shot.name, () => take(shot));
} finally {
  await browser.close();
  await server.close();
  await demo.close();
  rmSync(dataDirectory, { recursive: true, force: true });
}

async function take({ name, path, scheme = 'light', mobile = false, as, wrongPassword = false }) {
  const context = await browser.newContext({
    baseURL: server.origin,
    colorScheme: scheme,
    viewport: mobile ? { width: 390, height: 780 } : { width: 1000, height: 660 },
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  const user = demoUsers.find((one) => one.email.startsWith(`${as}@`));
  if (user !== undefined) await signIn(page, user.email, user.password);
  await page.goto(path);
  if (wrongPassword) await signIn(page, 'member@example.com', 'guessed');
  await page.screenshot({ path: join(target, `${name}.png`), fullPage: mobile });
  await context.close();
}

async function signIn(page, email, password) {
  await page.goto('/login');
  await page.fill('input[name=email]', email);
  await page.fill('input[name=password]', password);
  await page.click('.fs-form button[type=submit]');
}
