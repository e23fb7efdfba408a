import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp, password, type TestApp } from '../support/app.js';
import { profiles } from './tools/apps.js';
import { requestText, sendRaw } from './tools/raw.js';

const own = 'http://good.com';
const evil = [
  '//evil.com',
  '///evil.com',
  '////evil.com',
  '/\\evil.com',
  '\\\\evil.com',
  '\\/evil.com',
  '/\t/evil.com',
  '/\n/evil.com',
  '\t//evil.com',
  ' //evil.com',
  '/.//evil.com',
  '/..//evil.com',
  '/a/..//evil.com',
  '/a/%2e%2e//evil.com',
  '/./\\evil.com',
  'http:evil.com',
  'https:evil.com',
  'https:///evil.com',
  'http:/\\evil.com',
  'http:\\\\evil.com',
  'http://evil.com',
  'HTTP://EVIL.COM',
  '//evil%E3%80%82com',
  '//evil。com',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:http://good.com/x',
  '@evil.com',
  'good.com@evil.com',
  'http://good.com@evil.com',
  'http://good.com:80@evil.com',
  'http://user:pass@good.com/x',
  'http://good.com.evil.com',
  'http://evilgood.com',
  'http://sub.good.com',
  'http://GOOD.com.',
  'http://good.com:8080/x',
  'https://good.com/x',
  'http://[::1]/x',
  'http://good.com%2eevil.com',
  'http://good.com\u2024evil.com',
  'http://g\u043eod.com',
  'http://good.com#@evil.com/../..//evil.com\r\n',
  '/x\r\nLocation: http://evil.com',
  '/x\u0000',
  '\u0000//evil.com',
  `/${'a'.repeat(8192)}`,
  '%2f%2fevil.com',
  '?next=//evil.com',
  'evil',
  '',
  ' ',
];
/** Spelled oddly, but of this site in every reader. */
const harmless = [
  'http://good.com\\@evil.com',
  '/%09/evil.com',
  '/%5cevil.com',
  '/%2f%2fevil.com',
  '/%252f%252fevil.com',
  '/x?y=//evil.com',
  '/x#//evil.com',
];

describe.each(profiles)('redirects (%s)', (profile) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openApp({ profile, baseUrl: own, logoutCsrf: false });
  });
  afterAll(() => app.close());

  const isOurs = (location: string | null): boolean => {
    expect(location).not.toBeNull();
    expect(location).not.toMatch(/[\r\n]/);
    // As a browser reads it.
    return new URL(location ?? '', `${own}/login`).origin === own;
  };

  const flows: [string, (next: string, place: 'query' | 'form') => Promise<string | null>][] = [
    [
      'login',
      async (next, place) => {
        const client = app.client();
        const fields = { email: 'user@example.com', password };
        const token = await client.csrfToken();
        const path = place === 'query' ? `/login?next=${encodeURIComponent(next)}` : '/login';
        const form = { csrf_token: token, ...fields, ...(place === 'form' ? { next } : {}) };
        return (await client.send('POST', path, { form, headers: { origin: own } })).location;
      },
    ],
    [
      'logout',
      async (next, place) => {
        const path = place === 'query' ? `/logout?next=${encodeURIComponent(next)}` : '/logout';
        return (await app.client().send('POST', path, { form: place === 'form' ? { next } : {} })).location;
      },
    ],
  ];
  it.each(flows)('R1 %s follows none of the addresses that lead away', async (_name, go) => {
    for (const place of ['query', 'form'] as const) {
      for (const next of evil) {
        const location = await go(next, place);
        // Form fields with control characters are refused outright: nothing is followed then either.
        if (location === null && place === 'form') continue;
        expect([next, isOurs(location), location]).toEqual([next, true, '/']);
      }
      for (const next of harmless) expect([next, isOurs(await go(next, place))]).toEqual([next, true]);
    }
  });

  it('R1 verify follows none of them either', async () => {
    const client = app.client();
    await client.login('user@example.com');
    for (const next of [...evil, ...harmless]) {
      const form = { csrf_token: await client.csrfToken(), password };
      const { status, location } = await client.send('POST', `/verify?next=${encodeURIComponent(next)}`, { form });
      expect([next, status, isOurs(location)]).toEqual([next, 302, true]);
    }
  });

  it('R1 pages and the address that a stranger is led to name no foreign site', async () => {
    const client = app.client();
    for (const next of evil) {
      const page = await client.get(`/login?next=${encodeURIComponent(next)}`);
      expect(page.status).toBe(200);
      expect([next, /(?:href|action|value)="[^"]*evil/i.test(page.text)]).toEqual([next, false]);
    }
    const stranger = await sendRaw(app.origin, requestText('GET', '/session/..//evil.com'));
    expect(stranger.status).toBe(404);
  });

  it('R1 of two values the first counts, and an array is none', async () => {
    const client = app.client();
    const form = { csrf_token: await client.csrfToken(), email: 'user@example.com', password };
    const twice = await client.send('POST', '/login?next=//evil.com&next=/x', { form });
    expect(isOurs(twice.location)).toBe(true);
    const again = app.client();
    const array = { csrf_token: await again.csrfToken(), email: 'user@example.com', password };
    expect((await again.send('POST', '/login?next[]=//evil.com', { form: array })).location).toBe('/');
  });

  it('R3 Host, forwarding headers and absolute request lines move no address that we send', async () => {
    const heads = [
      ['Host: evil.com'],
      ['Host: localhost', 'X-Forwarded-Host: evil.com'],
      ['Host: localhost', 'Forwarded: host=evil.com;proto=https'],
      ['Host: localhost', 'X-Forwarded-Server: evil.com', 'X-Host: evil.com', 'X-Original-URL: //evil.com'],
      ['Host: evil.com:80@localhost'],
    ];
    for (const head of heads) {
      for (const target of ['/session', 'http://evil.com/session']) {
        const answer = await sendRaw(app.origin, requestText('GET', target, head));
        expect([answer.status, answer.headers.find(([name]) => name === 'location')?.[1]]).toEqual([
          302,
          '/login?next=%2Fsession',
        ]);
        expect(answer.text).not.toContain('evil.com');
      }
      const page = await sendRaw(app.origin, requestText('GET', 'http://evil.com/login', head));
      expect(page.status).toBe(200);
      expect(page.text).not.toContain('evil.com');
    }
  });

  it('R5 another spelling of a path is another page, never ours with fewer checks', async () => {
    const form = new URLSearchParams({ email: 'user@example.com', password }).toString();
    const type = ['Content-Type: application/x-www-form-urlencoded'];
    const spellings = [
      '//login',
      '/login/',
      '/LOGIN',
      '/%6cogin',
      '/./login',
      '/x/../login',
      '/login;x',
      '/login%20',
      '/login%00',
      '/login.json',
      '/\\login',
      '/login%2f',
      '/login//',
      '\\login',
    ];
    for (const target of spellings) {
      for (const method of ['GET', 'POST']) {
        const answer = await sendRaw(app.origin, requestText(method, target, type, method === 'POST' ? form : ''));
        expect([target, answer.status]).toEqual([target, target.startsWith('\\') ? expect.any(Number) : 404]);
        expect(answer.setCookies).toEqual([]);
      }
    }
  });
});

describe('virtual hosts', () => {
  it.each(profiles)('R4 two hosts alternating: none is learnt from the other (%s)', async (profile) => {
    const app = await openApp({ profile });
    const ask = async (host: string, next: string) =>
      await sendRaw(app.origin, requestText('GET', `/logout?next=${encodeURIComponent(next)}`, [`Host: ${host}`]));
    const page = async (host: string, next: string) =>
      (await sendRaw(app.origin, requestText('GET', `/login?next=${encodeURIComponent(next)}`, [`Host: ${host}`])))
        .text;
    for (let round = 0; round < 3; round += 1) {
      for (const [host, other] of [
        ['one.example', 'two.example'],
        ['two.example', 'one.example'],
      ] as const) {
        expect(await page(host, `http://${host}/mine`)).toContain('value="/mine"');
        expect(await page(host, `http://${other}/theirs`)).not.toContain('theirs');
        if (profile === 'flask') {
          const { headers } = await ask(host, `http://${other}/theirs`);
          expect(headers.find(([name]) => name === 'location')?.[1]).toBe('/');
        }
      }
    }
    await app.close();
  });
});
