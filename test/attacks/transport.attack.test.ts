import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterNames } from '../support/adapters.js';
import { openApp, password, type TestApp } from '../support/app.js';
import { requestText, sendRaw } from './tools/raw.js';

const form = 'Content-Type: application/x-www-form-urlencoded';
const json = ['Content-Type: application/json', 'Accept: application/json'];

describe.each(adapterNames)('requests as they come over the wire (modern), on %s', (adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openApp({ adapter, trustedProxies: ['127.0.0.1', '::1', '10.0.0.0/8'] });
  });
  afterAll(() => app.close());
  const raw = (text: string) => sendRaw(app.origin, text);

  it('A6 ten thousand fields, deep JSON and large bodies are refused without work', async () => {
    const fields = Array.from({ length: 10_000 }, (_, index) => `a${index}=`).join('&');
    const small = Array.from({ length: 1_000 }, () => 'a=').join('&');
    for (const body of [fields, small, 'x='.padEnd(200_000, 'x'), '&'.repeat(60_000)]) {
      const answer = await raw(requestText('POST', '/login', [form, 'Accept: application/json'], body));
      expect([body.length, answer.status]).toEqual([
        body.length,
        expect.toSatisfy((status) => status === 400 || status === 413),
      ]);
    }
    for (const body of [
      '['.repeat(60_000),
      '{"a":'.repeat(10_000),
      `"${'\\'.repeat(60_000)}`,
      `{"email":"${'a'.repeat(60_000)}"}`,
      `[${'{},'.repeat(20_000)}{}]`,
    ]) {
      const answer = await raw(requestText('POST', '/login', json, body));
      expect([body.slice(0, 10), answer.status]).toEqual([body.slice(0, 10), 400]);
    }
    expect((await app.client().get('/login')).status).toBe(200);
  });

  it('A6 a length that lies, two lengths, a length beside chunks: nobody is let in and the server lives', async () => {
    const body = `email=user@example.com&password=${encodeURIComponent(password)}`;
    const heads = [
      ['Transfer-Encoding: chunked', 'Content-Length: 5'],
      ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
      ['Transfer-Encoding: xchunked'],
      ['Content-Length: 5', 'Content-Length: 6'],
      ['Content-Length: -1'],
      ['Content-Length: 5, 5'],
    ];
    for (const head of heads) {
      const text = ['POST /login HTTP/1.1', 'Host: localhost', 'Connection: close', form, ...head, '', body].join(
        '\r\n',
      );
      const answer = await raw(text).catch(() => undefined);
      expect([head, answer === undefined || answer.status === 0 || answer.status >= 400]).toEqual([head, true]);
    }
    const chunked = [
      'POST /login HTTP/1.1',
      'Host: localhost',
      'Connection: close',
      ...json,
      'Transfer-Encoding: chunked',
      '',
      '2',
      '{}',
      '0',
      '',
      '',
    ].join('\r\n');
    expect((await raw(chunked)).status).toBe(400);
    expect((await app.client().get('/login')).status).toBe(200);
  });

  it('R3 no request makes a header of its own in an answer', async () => {
    for (const evil of [
      '%0d%0aSet-Cookie:%20session=evil',
      '%0aX-Evil:1',
      '%E5%98%8A%E5%98%8DX-Evil:1',
      '%00',
      '%u000aX-Evil:1',
    ]) {
      for (const target of [`/session?x=${evil}`, `/login?next=/${evil}`, `/session/${evil}`, `/login?next=${evil}`]) {
        const answer = await raw(requestText('GET', target, [`Referer: http://localhost/${evil}`]));
        expect(
          answer.headers.filter(
            ([name, value]) => name === 'x-evil' || /=evil/.test(name === 'set-cookie' ? value : ''),
          ),
        ).toEqual([]);
        expect(answer.status).toBeLessThan(500);
      }
    }
  });

  it('R3 targets that are no path are no way around anything', async () => {
    for (const target of [
      '*',
      'http://localhost/session',
      'http://localhost',
      'session',
      '?x',
      '/session#x',
      '/session?#',
      'http:///session',
      '//localhost/session',
      '/session/../session',
    ]) {
      const answer = await raw(requestText('GET', target, ['Accept: application/json']));
      expect([target, answer.status, answer.body.includes('"path":"/session"')]).toEqual([
        target,
        expect.any(Number),
        false,
      ]);
      expect([target, answer.status === 500 || answer.status === 503]).toEqual([target, false]);
    }
  });

  it('A2 the address that is kept is the one that the trusted proxies saw', async () => {
    const address = async (...lines: string[]) => {
      const token = await raw(requestText('GET', '/login', ['Accept: application/json']));
      const csrf = /"csrf_token":"([^"]*)"/.exec(token.body)?.[1];
      const cookie = token.setCookies.map((line) => line.split(';')[0]).join('; ');
      await raw(
        requestText(
          'POST',
          '/login',
          [...json, `Cookie: ${cookie}`, `X-CSRF-Token: ${csrf}`, ...lines],
          JSON.stringify({ email: 'user@example.com', password }),
        ),
      );
      app.clock.advance(1);
      return (await app.datastore.listSessions(await app.user('user@example.com'), app.clock()))[0]?.address;
    };
    const seen: [string[], string][] = [
      [['X-Forwarded-For: 192.0.2.1'], '192.0.2.1'],
      [['X-Forwarded-For: 1.1.1.1, 192.0.2.1'], '192.0.2.1'],
      [['X-Forwarded-For: 1.1.1.1', 'X-Forwarded-For: 192.0.2.1'], '192.0.2.1'],
      [['X-Forwarded-For: 192.0.2.1, 10.1.2.3'], '192.0.2.1'],
      [['X-Forwarded-For: 192.0.2.1:4711'], '192.0.2.1'],
      [['X-Forwarded-For: [2001:DB8::1]:80'], '2001:db8::1'],
      [['X-Forwarded-For: fe80::1%eth0'], 'fe80::1'],
      [['X-Forwarded-For: ::ffff:192.0.2.1'], '192.0.2.1'],
      [['X-Forwarded-For: 192.0.2.1, unknown'], '127.0.0.1'],
      [['X-Forwarded-For: 192.0.2.1,'], '127.0.0.1'],
      [['X-Forwarded-For: "><script>'], '127.0.0.1'],
      [['Forwarded: for=192.0.2.1', 'X-Real-IP: 192.0.2.1', 'True-Client-IP: 192.0.2.1'], '127.0.0.1'],
      [[], '127.0.0.1'],
    ];
    for (const [lines, expected] of seen) expect([lines, await address(...lines)]).toEqual([lines, expected]);
  });
});

describe('A2 without trusted proxies (modern)', () => {
  it('A2 nothing that is forwarded is believed', async () => {
    const app = await openApp();
    const client = app.client();
    client.headers = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https', forwarded: 'for=192.0.2.1' };
    await client.login('user@example.com');
    const [row] = await app.datastore.listSessions(await app.user('user@example.com'), app.clock());
    expect(row?.address).toBe('127.0.0.1');
    await app.close();
  });
});

describe('A6 hashing', () => {
  it('A6 when too many passwords wait the answer is 503 with Retry-After, and pages still open (modern, flask)', async () => {
    for (const profile of ['modern', 'flask'] as const) {
      const app = await openApp({
        profile,
        hashConcurrency: 1,
        hashQueueLimit: 2,
        passwordHashPasslibOptions: { pbkdf2_sha256__rounds: 200_000 },
      });
      const client = app.client();
      const token = await client.csrfToken();
      const guess = () =>
        client.send('POST', '/login', {
          json: { email: 'nobody@example.com', password: 'x' },
          headers: { 'x-csrf-token': token },
        });
      const answers = await Promise.all(Array.from({ length: 12 }, guess));
      const busy = answers.filter(({ status }) => status === 503);
      expect(busy.length).toBeGreaterThan(0);
      for (const answer of busy) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(answers.filter(({ status }) => status !== 503).every(({ status }) => status === 400)).toBe(true);
      expect((await client.get('/login')).status).toBe(200);
      expect((await client.login('user@example.com')).status).toBe(200);
      await app.close();
    }
  });
});
