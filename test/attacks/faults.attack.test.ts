import type { UserDatastore } from 'sallyport';
import { afterEach, describe, expect, it } from 'vitest';
import { adapterNames } from '../support/adapters.js';
import { openApp, password, type TestApp, type TestAppOptions } from '../support/app.js';
import { openWholeApp, profiles } from './tools/apps.js';
import { RawBrowser } from './tools/raw.js';

/** A store that fails at its k-th call, and counts. */
function faulty() {
  const state = { calls: 0, failAt: 0 };
  const wrap = (datastore: UserDatastore): UserDatastore =>
    new Proxy(datastore, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== 'function' || name === 'hasUserColumn' || name === 'userKey') return value;
        return async (...given: unknown[]) => {
          state.calls += 1;
          if (state.calls === state.failAt) throw new Error('the store is down');
          return await Reflect.apply(value, target, given);
        };
      },
    });
  return { state, wrap };
}

let app: TestApp;
afterEach(() => app.close());

type Flow = (browser: RawBrowser) => Promise<{ status: number; setCookies: string[]; text: string }>;
interface Story {
  prepare(browser: RawBrowser): Promise<unknown>;
  act: Flow;
}
const stories: Record<string, Story> = {
  login: {
    prepare: (browser) => browser.csrfToken(),
    act: (browser) =>
      post(browser, '/login?include_auth_token', { email: 'user@example.com', password, remember: true }),
  },
  logout: {
    prepare: (browser) => browser.login('user@example.com', { remember: true }),
    act: (browser) => post(browser, '/logout', {}),
  },
  verify: {
    prepare: (browser) => browser.login('user@example.com'),
    act: (browser) => post(browser, '/verify?include_auth_token', { password }),
  },
  'a guarded page': {
    prepare: (browser) => browser.login('user@example.com'),
    act: (browser) => browser.getJson('/session'),
  },
  'being remembered': {
    prepare: async (browser) => {
      await browser.login('user@example.com', { remember: true });
      browser.cookies.delete('session');
    },
    act: (browser) => browser.getJson('/session'),
  },
  basic: {
    prepare: async () => undefined,
    act: (browser) =>
      browser.getJson('/basic', {
        authorization: `Basic ${Buffer.from(`user@example.com:${password}`).toString('base64')}`,
      }),
  },
};

const csrf = new WeakMap<RawBrowser, string>();
async function post(browser: RawBrowser, path: string, json: unknown) {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'x-csrf-token': csrf.get(browser) ?? '',
  };
  return await browser.send('POST', path, headers, JSON.stringify(json));
}

describe.each(adapterNames)('A7 the store fails (modern, flask), on %s', (adapter) => {
  const table = profiles.flatMap((profile) => Object.keys(stories).map((name) => [name, profile] as const));
  it.each(table)(
    'A7 at each of its calls: %s (%s) answers 503, lets nobody in and works again afterwards',
    async (name, profile) => {
      const { state, wrap } = faulty();
      app = await openApp({ adapter, profile, wrap });
      const story = stories[name];
      if (story === undefined) throw new Error('no story');
      const ready = async () => {
        state.failAt = 0;
        const browser = new RawBrowser(app.origin);
        await story.prepare(browser);
        csrf.set(browser, await csrfOf(browser));
        state.calls = 0;
        return browser;
      };
      const smooth = await ready();
      expect((await story.act(smooth)).status).toBe(200);
      const steps = state.calls;
      expect(steps).toBeGreaterThan(0);
      for (let failAt = 1; failAt <= steps; failAt += 1) {
        const browser = await ready();
        state.failAt = failAt;
        const answer = await story.act(browser);
        expect([name, failAt, answer.status]).toEqual([name, failAt, 503]);
        expect(answer.text).not.toMatch(/down|authentication_token|at .*\.ts/);
        expect(answer.setCookies.filter((line) => /^(session|remember_token)=[^;]/.test(line))).toEqual([]);
        state.failAt = 0;
        // Whatever was begun, the same browser gets there now: nothing was used up without effect.
        expect([name, failAt, (await story.act(browser)).status]).toEqual([name, failAt, 200]);
      }
    },
  );
  async function csrfOf(browser: RawBrowser): Promise<string> {
    // A browser that is only remembered must not be brought back by asking for a token.
    return browser.cookies.has('session') || !browser.cookies.size ? await browser.csrfToken() : '';
  }
});

describe('A7 what the application gave fails', () => {
  let broken = false;
  const unless = <Result>(result: Result): Result => {
    if (broken) throw new Error('boom');
    return result;
  };
  const given: [string, TestAppOptions, guess?: string][] = [
    ['securityPayload', { user: { securityPayload: () => unless({}) } }],
    [
      'renderJson',
      { renderJson: (body, status, headers) => unless({ status, headers, body: JSON.stringify({ response: body }) }) },
    ],
    ['wantJson', { wantJson: ({ method }) => unless(method !== '') }],
    ['locale', { locale: () => unless('en') }, 'wrong'],
    ['translate', { translate: (_locale, _domain, text) => unless(text) }, 'wrong'],
    ['a mapper', { userIdentityAttributes: [{ email: { mapper: (text) => unless(text) } }] }],
    ['a rule of a form', { forms: { loginForm: { validate: () => unless(undefined) } } }],
    [
      'the search for the user',
      {
        wrap: (datastore) => ({
          ...datastore,
          findUser: async (...asked) => unless(await datastore.findUser(...asked)),
        }),
      },
    ],
  ];
  it.each(given)('A7 %s throws: 503, no session, no word of why (modern)', async (_name, options, guess = password) => {
    broken = false;
    app = await openApp(options);
    const browser = new RawBrowser(app.origin);
    const { text } = await browser.getJson('/login', { 'content-type': 'application/json' });
    csrf.set(browser, /"csrf_token":"([^"]*)"/.exec(text)?.[1] ?? '');
    broken = true;
    const answer = await post(browser, '/login', { email: 'user@example.com', password: guess, remember: true });
    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain('boom');
    expect(answer.setCookies).toEqual([]);
    broken = false;
    expect((await browser.getJson('/session')).status).toBe(401);
  });

  it('A7 a template that cannot be rendered takes the page away and nothing else (modern)', async () => {
    app = await openApp({ renderTemplate: () => Promise.reject(new Error('boom')) });
    const page = await app.client().get('/login');
    expect(page.status).toBe(503);
    expect(page.text).not.toContain('boom');
    expect(page.headers.get('retry-after')).toBe('5');
    expect((await app.client().login('user@example.com')).status).toBe(200);
  });

  it('A7 a listener that throws undoes nothing and is reported without secrets (modern)', async () => {
    const reports: string[] = [];
    app = await openWholeApp({
      logger: {
        warn: (...parts) => reports.push(JSON.stringify(parts)),
        error: (...parts) => reports.push(JSON.stringify(parts)),
      },
    });
    app.security.on('userLoggedIn', () => {
      throw new Error('listener');
    });
    expect((await app.client().login('user@example.com')).status).toBe(200);
    expect(reports.length).toBe(1);
    expect(reports.join()).not.toContain(password);
  });
});

describe('A4 logs and addresses', () => {
  it('A4 no token is in a Location, in a log or in an error (modern)', async () => {
    const { state, wrap } = faulty();
    const reports: string[] = [];
    const logger = {
      warn: (...parts: unknown[]) => reports.push(JSON.stringify(parts)),
      error: (...parts: unknown[]) => reports.push(JSON.stringify(parts)),
    };
    app = await openApp({ wrap, logger });
    const issued = await app.client().login('user@example.com', password, '?include_auth_token');
    const token = String(issued.json.response.user?.['authentication_token']);
    const led = await app.client().get(`/session?x=1&auth_token=${token}`);
    expect(led.location).toBe('/login?next=%2Fsession%3Fx%3D1');
    expect((await app.client().get(`/session?auth_token=${token}`)).location).toBe('/login?next=%2Fsession');
    state.calls = 0;
    state.failAt = 1;
    const failed = await app.client().getJson(`/token?auth_token=${token}`);
    expect(failed.status).toBe(503);
    expect(failed.text).not.toContain(token);
    expect(reports.length).toBe(1);
    expect(reports.join()).not.toContain(token);
  });
});
