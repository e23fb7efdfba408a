import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { BreachServiceError, pwned } from './breached.js';
import { createPasswordUtil } from './password-util.js';

const password = 'a breached passphrase';
const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
const other = `${'0'.repeat(35)}:7`;

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A breach service on this machine. */
async function service(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/range/`;
}

const says = (body: string, status = 200) => service((_request, response) => response.writeHead(status).end(body));

describe('pwned', () => {
  it('tells only five digits of the hash, asks for padding, and counts', async () => {
    const requests: IncomingMessage[] = [];
    const breachedUrl = await service((request, response) => {
      requests.push(request);
      response.end(`${other}\r\n${hash.slice(5)}:42\r\n`);
    });
    expect(await pwned(password, { breachedUrl })).toBe(42);
    expect(requests.map(({ url }) => url)).toEqual([`/range/${hash.slice(0, 5)}`]);
    expect(requests[0]?.headers).toMatchObject({ 'add-padding': 'true', 'user-agent': 'Sallyport' });
    expect(JSON.stringify(requests[0]?.rawHeaders)).not.toContain(hash.slice(5));
  });

  it('reads lower case, bare line feeds and a byte order mark', async () => {
    expect(await pwned(password, { breachedUrl: await says(`\ufeff${hash.slice(5).toLowerCase()}:3\n${other}`) })).toBe(
      3,
    );
  });

  it('takes padding for what it is', async () => {
    expect(await pwned(password, { breachedUrl: await says(`${hash.slice(5)}:0\r\n${other}`) })).toBe(0);
    expect(await pwned(password, { breachedUrl: await says(other) })).toBe(0);
  });

  it('refuses from the configured count on', async () => {
    const breachedUrl = await says(`${hash.slice(5)}:5`);
    const judge = (passwordBreachedCount: number) =>
      createPasswordUtil({ passwordCheckBreached: 'strict', breachedUrl, passwordBreachedCount }).validate(
        password,
        true,
        {},
      );
    expect((await judge(5)).errors).toEqual([{ message: 'PASSWORD_BREACHED', parameters: {} }]);
    expect((await judge(6)).errors).toEqual([]);
  });
});

describe('P12 the breach service is not to be trusted (modern, flask)', () => {
  const troubles: [string, () => Promise<string>][] = [
    ['down', async () => 'http://127.0.0.1:1/range/'],
    ['silent', () => service(() => undefined)],
    ['stuck in the middle', () => service((_request, response) => response.write(`${other}\r\n`))],
    ['hanging up', () => service((request) => request.socket.destroy())],
    ['answering 500', () => says('oops', 500)],
    ['answering 404', () => says('', 404)],
    ['answering with a page', () => says('<html>Log in to this network</html>')],
    ['answering with nothing', () => says('')],
    ['answering with garbage after a range', () => says(`${other}\r\nnonsense`)],
    ['answering with a count that is none', () => says(`${hash.slice(5)}:-1`)],
    [
      'sending elsewhere',
      async () => {
        const elsewhere = await says(other);
        return service((_request, response) => response.writeHead(302, { location: elsewhere }).end());
      },
    ],
    [
      'answering without end',
      () =>
        service((_request, response) => {
          const more = (): void => {
            while (response.write(`${other}\r\n`.repeat(1000)));
          };
          response.on('drain', more);
          more();
        }),
    ],
    ['misspelled', async () => 'not a url/'],
  ];
  it.each(troubles)('P12 %s: strict refuses, best effort goes on, nothing throws', async (_name, start) => {
    const options = { breachedUrl: await start(), timeout: 300 };
    const judge = (passwordCheckBreached: 'strict' | 'best-effort' | null) =>
      createPasswordUtil({ ...options, passwordCheckBreached }).validate(password, true, {});
    expect((await judge('strict')).errors).toEqual([{ message: 'PASSWORD_BREACHED_SITE_ERROR', parameters: {} }]);
    expect((await judge('best-effort')).errors).toEqual([]);
    expect((await judge(null)).errors).toEqual([]);
    await expect(pwned(password, options)).rejects.toBeInstanceOf(BreachServiceError);
  });

  it('P12 best effort still goes on to the complexity check', async () => {
    const util = createPasswordUtil({
      passwordCheckBreached: 'best-effort',
      breachedUrl: 'http://127.0.0.1:1/',
      passwordComplexityChecker: 'zxcvbn',
    });
    expect((await util.validate('password1', true, {})).errors[0]?.message).toBe('PASSWORD_TOO_SIMPLE');
  });
});
