import { webSecurity } from 'sallyport/web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApp, type TestApp } from '../../../test/support/app.js';
import { readWebBody, targetOf } from './request.js';
import { withCookies } from './response.js';

const post = (body: string, type = 'application/json', headers: Record<string, string> = {}) =>
  new Request('http://localhost/x', { method: 'POST', body, headers: { 'content-type': type, ...headers } });

describe('the Web adapter', () => {
  let opened: TestApp;
  beforeAll(async () => {
    opened = await openApp();
  });
  afterAll(() => opened.close());

  it('answers our requests and leaves the others', async () => {
    const own = webSecurity(opened.security);
    expect((await own.handle(new Request('http://localhost/login')))?.status).toBe(200);
    expect(await own.handle(new Request('http://localhost/other'))).toBeUndefined();
    const guard = own.authRequired();
    expect((await guard(new Request('http://localhost/other')))?.headers.get('location')).toBe('/login?next=%2Fother');
  });

  it('answers 204 with the platform’s own Response, which may have no body then', async () => {
    const own = webSecurity(opened.security);
    expect((await own.handle(new Request('http://localhost/login', { method: 'OPTIONS' })))?.status).toBe(204);
  });

  it('puts the cookies that changed on the application’s response', async () => {
    const own = webSecurity(opened.security);
    const request = new Request('http://localhost/other');
    own.flash(request, 'hello');
    const answer = own.finish(request, Response.redirect('http://localhost/elsewhere', 302));
    expect(answer.status).toBe(302);
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^session=/)]);
  });
});

describe('bodies of Web requests', () => {
  const tooLarge = { kind: 'invalid', status: 413, reason: 'The body is too large.' };

  it('are read off a copy', async () => {
    const request = post('{"a":1}');
    expect(await readWebBody(request, 100)).toEqual({ kind: 'json', value: { a: 1 } });
    expect(await request.json()).toEqual({ a: 1 });
  });

  it('have a limit, declared or not', async () => {
    expect(await readWebBody(post('x'.repeat(101)), 100)).toEqual(tooLarge);
    const parts = Array.from({ length: 20 }, () => new Uint8Array(10));
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        const part = parts.pop();
        if (part === undefined) controller.close();
        else controller.enqueue(part);
      },
    });
    const init = { method: 'POST', body: stream, duplex: 'half', headers: { 'content-type': 'application/json' } };
    const streamed = new Request('http://localhost/x', init as RequestInit); // `duplex` is not in every version's types
    expect(await readWebBody(streamed, 100)).toEqual(tooLarge);
    expect(await readWebBody(post('{}', 'application/json', { 'content-length': '101' }), 100)).toEqual(tooLarge);
  });

  it('of other types are left alone, and so are bodies that were read', async () => {
    const upload = post('data', 'application/octet-stream');
    expect(await readWebBody(upload, 1)).toEqual({ kind: 'none' });
    expect(upload.bodyUsed).toBe(false);
    const used = post('{}');
    await used.text();
    expect(await readWebBody(used, 100)).toEqual({ kind: 'none' });
  });
});

it.each([
  ['http://localhost', '/'],
  ['http://localhost/a?b=//c', '/a?b=//c'],
  ['http://localhost//a#f', '//a'],
  ['https://[::1]:1/%2e', '/%2e'],
])('the target of %s is %s', (url, target) => {
  expect(targetOf(url)).toBe(target);
});

it('a cookie of ours takes the place of one with its name, and leaves the others', () => {
  const headers = new Headers([
    ['set-cookie', 'session=old'],
    ['set-cookie', 'session2=kept'],
  ]);
  const answer = withCookies(new Response('x', { headers }), new Map([['session', 'session=new']]));
  expect(answer.headers.getSetCookie()).toEqual(['session2=kept', 'session=new']);
});
