import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/client.js';
import { originalAvailable } from './original.js';
import { openPair, type Pair } from './pair.js';
import { type Act, post, shapeOf, signIn } from './shape.js';

const json = { accept: 'application/json', 'content-type': 'application/json' };

const acts: Record<string, Act> = {
  'GET /login': (client) => client.getJson('/login'),
  'POST /login right': (client) => signIn(client),
  'POST /login with a token asked for': (client) =>
    signIn(client, 'user@example.com', 'correct horse', '?include_auth_token'),
  'POST /login, wrong password': (client) => signIn(client, 'user@example.com', 'nope'),
  'POST /login, no such user': (client) => signIn(client, 'nobody@example.com', 'nope'),
  'POST /login, inactive': (client) => signIn(client, 'inactive@example.com'),
  'POST /login, inactive, wrong password': (client) => signIn(client, 'inactive@example.com', 'nope'),
  'POST /login, no password': (client) => post(client, '/login', { email: 'user@example.com' }),
  'POST /login, no email': (client) => post(client, '/login', { password: 'correct horse' }),
  'POST /login, empty': (client) => post(client, '/login', {}),
  'POST /login, no address': (client) => post(client, '/login', { email: 'not an address', password: 'x' }),
  'POST /login, no CSRF token': (client) =>
    client.send('POST', '/login', { json: { email: 'user@example.com', password: 'correct horse' } }),
  'POST /login, signed in already': async (client) => {
    await signIn(client);
    return await signIn(client);
  },
  'GET /login, signed in': async (client) => {
    await signIn(client);
    return await client.getJson('/login');
  },
  'GET /login, signed in, page': async (client) => {
    await signIn(client);
    return await client.get('/login?next=/session');
  },
  'POST /logout': async (client) => {
    await signIn(client);
    return await post(client, '/logout', {});
  },
  'POST /logout, anonymous': (client) => post(client, '/logout', {}),
  'GET /logout': async (client) => {
    await signIn(client);
    return await client.getJson('/logout');
  },
  'GET /logout?next': async (client) => {
    await signIn(client);
    return await client.get('/logout?next=/session');
  },
  'GET /verify': async (client) => {
    await signIn(client);
    return await client.getJson('/verify');
  },
  'GET /verify, anonymous': (client) => client.getJson('/verify'),
  'GET /verify, anonymous, page': (client) => client.get('/verify'),
  'POST /verify': async (client) => {
    await signIn(client);
    return await post(client, '/verify', { password: 'correct horse' });
  },
  'POST /verify with a token asked for': async (client) => {
    await signIn(client);
    return await post(client, '/verify?include_auth_token', { password: 'correct horse' });
  },
  'POST /verify, wrong': async (client) => {
    await signIn(client);
    return await post(client, '/verify', { password: 'nope' });
  },
  'POST /verify, empty': async (client) => {
    await signIn(client);
    return await post(client, '/verify', {});
  },
  'POST /verify, anonymous': (client) => post(client, '/verify', { password: 'correct horse' }),
  'POST /verify, no CSRF token': async (client) => {
    await signIn(client);
    return await client.send('POST', '/verify', { json: { password: 'correct horse' } });
  },
};
for (const path of ['/session', '/token', '/basic', '/any', '/admin', '/staff', '/write', '/always']) {
  acts[`GET ${path}, anonymous`] = (client) => client.getJson(path);
  acts[`GET ${path}, anonymous, page`] = (client) => client.get(path);
  acts[`GET ${path}, signed in`] = async (client) => {
    await signIn(client);
    return await client.getJson(path);
  };
  acts[`GET ${path}, signed in, page`] = async (client) => {
    await signIn(client);
    return await client.get(path);
  };
  acts[`POST ${path}, anonymous`] = (client) => client.send('POST', path, { headers: json, body: '{}' });
}
for (const [name, header] of Object.entries({
  right: basic('user@example.com:correct horse'),
  wrong: basic('user@example.com:nope'),
  unknown: basic('nobody@example.com:nope'),
  malformed: 'Basic !!!',
})) {
  acts[`GET /basic, ${name} password`] = (client) => client.getJson('/basic', { authorization: header });
  acts[`GET /any, ${name} password`] = (client) => client.getJson('/any', { authorization: header });
}
acts['GET /token, forged'] = (client) => client.getJson('/token', { 'authentication-token': 'forged' });
acts['GET /token, good'] = async (client) => {
  const token = await tokenOf(client);
  return await client.getJson('/token', { 'authentication-token': token });
};

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

async function tokenOf(client: Client): Promise<string> {
  const answer = await signIn(client, 'user@example.com', 'correct horse', '?include_auth_token');
  return String(answer.json.response.user?.['authentication_token']);
}

/** The reference application names some of its routes otherwise. */
const thereOf = (client: Client): Client => {
  const send = client.send.bind(client);
  client.send = (method, path, options) => send(method, path === '/always' ? '/fresh' : path, options);
  return client;
};

/** Generic answers cover accounts that are not active (2.5.4); the release at hand still tells who knows the password. */
const detailed = new Set(['POST /login, inactive']);

for (const generic of [false, true]) {
  describe.skipIf(!originalAvailable())(`answers, generic responses ${generic ? 'on' : 'off'}`, () => {
    let pair: Pair;
    beforeAll(async () => {
      pair = await openPair({ SECURITY_RETURN_GENERIC_RESPONSES: generic });
    });
    afterAll(() => pair?.close());

    const compared = Object.entries(acts).filter(([name]) => !(generic && detailed.has(name)));
    it.each(compared)('%s', async (_name, act) => {
      const { original, ours } = pair.clients();
      const there = await act(thereOf(original));
      const here = await act(ours);
      const renamed = (text: unknown): unknown => JSON.parse(JSON.stringify(text).replaceAll('fresh', 'always'));
      expect(shapeOf(here)).toEqual(renamed(shapeOf(there)));
    });
  });
}

describe.skipIf(!originalAvailable())('answers, the whole application protected against CSRF', () => {
  let pair: Pair;
  beforeAll(async () => {
    pair = await openPair({}, true);
  });
  afterAll(() => pair?.close());

  const signedIn = async (client: Client): Promise<void> => {
    expect((await signIn(client)).status).toBe(200);
  };
  it.each<[string, Act]>([
    ['POST /session without a token', (client) => client.send('POST', '/session', { json: {} })],
    ['POST /session with a token', (client) => post(client, '/session', {})],
    ['POST /session with a wrong token', (client) => client.send('POST', '/session', { json: { csrf_token: 'x' } })],
    ['POST /admin without a token', (client) => client.send('POST', '/admin', { json: {} })],
    ['POST /verify without a token', (client) => client.send('POST', '/verify', { json: {} })],
    ['POST /verify with a token in a header', (client) => client.postJson('/verify', { password: 'correct horse' })],
    ['POST /logout without a token', (client) => client.send('POST', '/logout', { json: {} })],
    ['POST /token without a token', (client) => client.send('POST', '/token', { json: {} })],
  ])('%s', async (_name, act) => {
    const { original, ours } = pair.clients();
    await signedIn(original);
    await signedIn(ours);
    // The original leaves the answer to the framework, which has a page only; ours speaks JSON to JSON.
    expect((await act(ours)).status).toBe((await act(original)).status);
  });
});
