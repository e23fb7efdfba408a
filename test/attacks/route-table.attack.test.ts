import type { FormDefinition } from 'sallyport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readTags } from '../../src/templates/testing/html.js';
import { password, type TestApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import { cases, dump, entered, everyFeature, openWholeApp, pathOf, profiles, variants } from './tools/apps.js';
import { requestText, sendRaw } from './tools/raw.js';

describe.each(variants)('every route that the features declare (%s, %s)', (profile, which) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openWholeApp({ profile, features: everyFeature(which) });
  });
  afterAll(() => app.close());
  const table = (method?: 'GET' | 'POST') =>
    cases(app.security.core).filter((entry) => method === undefined || entry[2] === method);
  const callers = async (): Promise<[name: string, client: Client][]> => {
    const user = await entered(app);
    return [
      ['a stranger', app.client()],
      ['a user', user],
    ];
  };

  it('C5 no GET and no HEAD changes the store, first or second time', async () => {
    for (const [who, client] of await callers()) {
      for (const [name, route] of table('GET')) {
        // The specification signs out by GET: documented, and only here.
        if (profile === 'flask' && route.endpoint === 'logout') continue;
        const before = await dump(app);
        for (const method of ['GET', 'HEAD', 'GET', 'HEAD', 'OPTIONS']) {
          for (const accept of ['text/html', 'application/json']) {
            const answer = await client.send(method, `${pathOf(app.security.core, route)}?include_auth_token&next=/x`, {
              headers: { accept },
            });
            expect([who, name, answer.status < 500]).toEqual([who, name, true]);
            expect(answer.text).not.toContain('authentication_token');
          }
        }
        expect([who, name, await dump(app)]).toEqual([who, name, before]);
      }
    }
  });

  it('A9 every route that is not public refuses strangers, and a public one never shows a user', async () => {
    for (const [name, route, method] of table()) {
      const client = app.client();
      const token = await client.csrfToken();
      const path = pathOf(app.security.core, route);
      const json = await client.send(method, path, {
        headers: {
          accept: 'application/json',
          'x-csrf-token': token,
          ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        },
        ...(method === 'POST' ? { body: '{}' } : {}),
      });
      if (route.access === 'user' || route.access === 'fresh') {
        expect([name, json.status]).toEqual([name, 401]);
        const page = await client.send(method, path, { form: method === 'POST' ? { csrf_token: token } : undefined });
        expect([name, page.status, new URL(page.location ?? '', app.origin).pathname]).toEqual([name, 302, '/login']);
      }
      expect([name, (await client.getJson('/session')).status]).toEqual([name, 401]);
    }
  });

  it('A9 methods that a route does not have are refused, before anything else is looked at', async () => {
    const paths = new Map<string, Set<string>>();
    for (const [, route, method] of table()) {
      const path = pathOf(app.security.core, route);
      paths.set(path, (paths.get(path) ?? new Set()).add(method));
    }
    for (const [path, methods] of paths) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'OPTIONS']) {
        if (methods.has(method === 'HEAD' ? 'GET' : method)) continue;
        const answer = await sendRaw(app.origin, requestText(method, path));
        expect([path, method, answer.status]).toEqual([path, method, method === 'OPTIONS' ? 204 : 405]);
        expect(answer.headers.some(([name]) => name === 'allow')).toBe(true);
        expect(answer.setCookies.filter((line) => !/session=/.test(line))).toEqual([]);
      }
    }
  });

  it('A12 every page stands on its own: no script, no inline style, no handler, a policy that would forbid them', async () => {
    for (const [, client] of await callers()) {
      for (const [name, route] of table('GET')) {
        if (route.endpoint === 'logout') continue;
        const page = await client.get(pathOf(app.security.core, route));
        if (!page.headers.get('content-type')?.startsWith('text/html')) continue;
        const policy = page.headers.get('content-security-policy') ?? '';
        expect([name, policy]).toEqual([name, expect.stringContaining("default-src 'none'")]);
        expect(policy).not.toMatch(/unsafe|\*|script-src/);
        for (const needed of ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"])
          expect(policy).toContain(needed);
        expect(page.text).not.toMatch(/<script|<style|javascript:/i);
        const tags = readTags(page.text);
        for (const { name: tag, attributes } of tags)
          expect([name, tag, Object.keys(attributes).filter((key) => key === 'style' || key.startsWith('on'))]).toEqual(
            [name, tag, []],
          );
        const forms = tags.filter(({ name: tag }) => tag === 'form');
        for (const form of forms) {
          expect([name, form.attributes['method']]).toEqual([name, 'post']);
          expect(new URL(form.attributes['action'] ?? '', app.origin).origin).toBe(app.origin);
        }
        expect([name, forms.length === 0 || page.text.includes('name="csrf_token"')]).toEqual([name, true]);
        expect([name, forms.length === 0 || /type="submit"/.test(page.text)]).toEqual([name, true]);
      }
    }
  });

  it('A4 nothing of ours may be kept, framed or sniffed, and no address leaves with a referrer', async () => {
    for (const [, client] of await callers()) {
      for (const [name, route, method] of table()) {
        if (route.endpoint === 'static' || route.endpoint === 'logout') continue;
        for (const accept of ['text/html', 'application/json']) {
          const { headers } = await client.send(method, pathOf(app.security.core, route), { headers: { accept } });
          const isPage = headers.get('content-type')?.startsWith('text/html') ?? false;
          expect([name, accept, headers.get('cache-control')]).toEqual([name, accept, 'no-store']);
          expect([name, headers.get('referrer-policy')]).toEqual([name, isPage ? 'same-origin' : 'no-referrer']);
          if (!isPage) continue;
          expect([name, headers.get('x-frame-options')]).toEqual([name, 'DENY']);
          expect([name, headers.get('x-content-type-options')]).toEqual([name, 'nosniff']);
        }
      }
    }
  });
});

/** Attempts and mailed tokens are counted in the other one. */
const lasting = ['user', 'role', 'roles_users', 'auth_session'];

const values: [name: string, json: string][] = [
  ['null', 'null'],
  ['a number', '7'],
  ['2^53+1', '9007199254740993'],
  ['1e999', '1e999'],
  ['-0', '-0'],
  ['true', 'true'],
  ['an array', '["user@example.com"]'],
  ['an empty array', '[]'],
  ['nested arrays', '[[["correct horse"]]]'],
  ['an object', '{}'],
  ['a Mongo operator', '{"$gt":""}'],
  ['another', '{"$ne":null}'],
  ['a toString', '{"toString":"x","valueOf":1}'],
  ['a length', '{"length":12,"0":"c"}'],
  ['a prototype', '{"__proto__":{"valid":true}}'],
  ['1000 levels', `${'['.repeat(1000)}${']'.repeat(1000)}`],
  ['1000 objects', `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`],
  ['a NUL', '"a\\u0000b"'],
  ['half a pair', '"\\ud800"'],
  ['a long text', `"${'x'.repeat(20_000)}"`],
];

describe.each(variants)('P10 every field of every form (%s, %s)', (profile, which) => {
  let app: TestApp;
  beforeEach(async () => {
    app = await openWholeApp({ profile, features: everyFeature(which) });
  });
  afterEach(() => app.close());

  it('P10 takes no value of another kind: an error of the field, never 500, never a match, nothing stored', async () => {
    const { core } = app.security;
    const fields = [
      ...new Map(
        [...core.registry.forms.values()].flatMap((form) => form.fields.map((field) => [field.name, field] as const)),
      ).values(),
    ];
    expect(fields.length).toBeGreaterThan(3);
    const filled = Object.fromEntries(
      fields.map(({ name, type }) => [
        name,
        type === 'email' ? 'user@example.com' : type === 'password' ? password : type === 'checkbox' ? false : '',
      ]),
    );
    const posts = cases(core).filter(([, route, method]) => method === 'POST' && route.endpoint !== 'logout');
    const user = await entered(app);
    const stranger = app.client();
    for (const client of [user, stranger]) {
      // A stranger comes with a wrong password: whatever signs in was matched by a value that is none.
      if (client === stranger) filled['password'] = 'wrong horse';
      const token = await client.csrfToken();
      const before = await dump(app, lasting);
      for (const [name, route] of posts) {
        const own = formsOf(core.registry.forms.values(), route.endpoint);
        // Those of the route's own forms; of a route whose forms go by another name, all that there are.
        const sent =
          own.length === 0 ? fields : fields.filter(({ name: key }) => own.some((form) => hasField(form, key)));
        for (const field of sent) {
          for (const [kind, json] of values) {
            const rest = Object.entries(filled).filter(([key]) => key !== field.name);
            const body = `{${rest.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()},${JSON.stringify(field.name)}:${json}}`;
            const answer = await client.send('POST', pathOf(core, route), {
              body,
              headers: { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': token },
            });
            const label = [name, field.name, kind];
            expect([...label, answer.status < 500]).toEqual([...label, true]);
            const has = own.length > 0 && own.every((form) => hasField(form, field.name));
            const isBoolean = field.type === 'checkbox' && kind === 'true';
            if (which === 'with password' && has && !isBoolean && answer.status !== 401)
              expect([...label, answer.status]).toEqual([...label, 400]);
          }
        }
      }
      const asked = await client.getJson('/session');
      expect(asked.status).toBe(client === user ? 200 : 401);
      expect(await dump(app, lasting)).toBe(before);
    }
  }, 120_000);
});

describe.each(profiles)('P10 bodies (%s)', (profile) => {
  let app: TestApp;
  beforeEach(async () => {
    app = await openWholeApp({ profile });
  });
  afterEach(() => app.close());

  it('P10 of two keys with one name only one is believed, by the CSRF check and by the form alike', async () => {
    const client = app.client();
    const token = await client.csrfToken();
    const send = (body: string) =>
      client.send('POST', '/login', {
        body,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
      });
    const twice = `{"csrf_token":"${token}","email":"user@example.com","password":"${password}","csrf_token":"x"}`;
    expect((await send(twice)).status).toBe(400);
    const wrongLast = `{"csrf_token":"${token}","email":"user@example.com","password":"${password}","password":"wrong"}`;
    expect((await send(wrongLast)).status).toBe(400);
    expect((await client.getJson('/session')).status).toBe(401);
  });

  it('P10 bodies that are no JSON object, no UTF-8, or begin with a byte order mark: 400 or read rightly', async () => {
    const client = app.client();
    const token = await client.csrfToken();
    const headers = { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': token };
    for (const body of [
      '',
      '[]',
      '[1]',
      '"x"',
      'null',
      '1',
      'true',
      '{',
      '{"a":}',
      'NaN',
      "{'email':1}",
      `\u0000{}`,
      '{}{}',
    ])
      expect([body, (await client.send('POST', '/login', { body, headers })).status]).toEqual([body, 400]);
    const latin = await sendRaw(
      app.origin,
      requestText(
        'POST',
        '/login',
        ['Content-Type: application/json', 'Accept: application/json', 'Connection: close'],
        '{"email":"\xff"}',
      ).replace('Content-Length: 14', 'Content-Length: 13'),
    );
    expect(latin.status).toBe(400);
    const marked = await client.send('POST', '/login', {
      body: `\ufeff${JSON.stringify({ email: 'user@example.com', password })}`,
      headers,
    });
    expect(marked.status).toBe(200);
  });
});

function hasField(form: FormDefinition, name: string): boolean {
  return form.fields.some((field) => field.name === name);
}

/** The forms of an endpoint: the wire contract names them alike (`register_form`, `confirm_register_form`). */
function formsOf(forms: Iterable<FormDefinition>, endpoint: string): FormDefinition[] {
  return [...forms].filter(({ name }) => name.endsWith(`${endpoint}_form`));
}

describe.each(profiles)('P11 prototypes (%s)', (profile) => {
  it.each([true, false])(
    'P11 query, form, JSON, cookie and header names change no prototype (body parser: %s)',
    async (bodyParser) => {
      const app = await openWholeApp({ profile, bodyParser });
      const client = app.client();
      const token = await client.csrfToken();
      const keys = [
        '__proto__',
        '__proto__[polluted]',
        'constructor[prototype][polluted]',
        'constructor.prototype.polluted',
        'a[__proto__][polluted]',
        'prototype',
      ];
      for (const key of keys) {
        const query = new URLSearchParams({ [key]: 'yes', next: '/x' }).toString();
        expect((await client.get(`/login?${query}`)).status).toBe(200);
        const form = { csrf_token: token, email: 'nobody@example.com', password, [key]: 'yes' };
        expect((await client.send('POST', `/login?${query}`, { form })).status).toBeLessThan(500);
        const json = `{"${key}":{"polluted":"yes","active":true},"csrf_token":"${token}","email":"nobody@example.com","password":"x"}`;
        expect(
          (await client.send('POST', '/login', { body: json, headers: { 'content-type': 'application/json' } })).status,
        ).toBeLessThan(500);
        expect((await client.get('/session', { headers: { cookie: `${key}=x; session=${key}` } })).status).toBe(302);
      }
      expect(Object.prototype).not.toHaveProperty('polluted');
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect((await client.getJson('/session')).status).toBe(401);
      await app.close();
    },
  );

  it('P11 options named after the prototype are refused as any other unknown name', async () => {
    for (const text of ['{"__proto__":{"csrfEnabled":false}}', '{"constructor":{"prototype":{}}}']) {
      const options: unknown = JSON.parse(text);
      await expect(openWholeApp({ profile, ...(options as object) })).rejects.toThrow(/no such option/);
    }
    await expect(openWholeApp({ profile, messages: JSON.parse('{"__proto__":{"x":"y"}}') })).rejects.toThrow(
      /no such message/,
    );
    await expect(openWholeApp({ profile, forms: JSON.parse('{"__proto__":{}}') })).rejects.toThrow(/no such form/);
  });
});
