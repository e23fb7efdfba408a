import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../../test/support/client.js';

let directory: string;
let server: typeof import('./app.js')['server'];
let origin: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport-quick-start-'));
  process.env['DATABASE_URL'] = `file:${join(directory, 'quick-start.db')}`;
  process.env['SECRET_KEY'] = 'a-key-of-the-quick-start-test-0123456789';
  process.env['PORT'] = '0';
  ({ server } = await import('./app.js'));
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The quick start does not listen.');
  origin = `http://127.0.0.1:${address.port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true, force: true });
});

it('signs in with the page, then shows what the guards let through', async () => {
  const browser = new Client(origin);
  expect((await browser.get('/')).location).toBe('/login?next=%2F');
  const fields = { email: 'ada@example.com', password: 'analytical engine' };
  expect((await browser.submit('/login?next=/', fields)).location).toBe('/');
  expect((await browser.get('/')).text).toBe('Hello ada@example.com');
  expect(JSON.parse((await browser.get('/report')).text)).toEqual({ visitors: 1204 });
  expect(JSON.parse((await browser.get('/keys')).text)).toEqual({ fresh: true });
});

it('lets a program in by token', async () => {
  const answer = await new Client(origin).login('ada@example.com', 'analytical engine', '?include_auth_token');
  const token = String(answer.json.response.user?.['authentication_token']);
  const program = new Client(origin);
  expect((await program.getJson('/report', { 'Authentication-Token': token })).status).toBe(200);
  expect((await program.getJson('/report')).status).toBe(401);
});

it('is the code that the README shows', () => {
  const code = readFileSync(new URL('app.ts', import.meta.url), 'utf8');
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${code}\`\`\``);
});
