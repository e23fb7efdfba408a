import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { originalAvailable } from './original.js';
import { openPair, type Pair } from './pair.js';
import { type Act, post, shapeOf, signIn } from './shape.js';

const switches = {
  SECURITY_REGISTERABLE: true,
  SECURITY_RECOVERABLE: true,
  SECURITY_CHANGEABLE: true,
  SECURITY_TRACKABLE: true,
};
const strong = 'a battery staple 17';
/** Both sides write to one database: each registers an address of its own. */
let count = 0;
function fresh(): string {
  count += 1;
  return `new${count}@example.com`;
}

const acts: Record<string, Act> = {
  'GET /register': (client) => client.getJson('/register'),
  'POST /register': (client) => post(client, '/register', { email: fresh(), password: strong }),
  'POST /register with a token asked for': (client) =>
    post(client, '/register?include_auth_token', { email: fresh(), password: strong }),
  'POST /register, taken': (client) => post(client, '/register', { email: 'user@example.com', password: strong }),
  'POST /register, short password': (client) => post(client, '/register', { email: fresh(), password: 'short' }),
  'POST /register, no address': (client) => post(client, '/register', { email: 'nothing', password: strong }),
  'POST /register, empty': (client) => post(client, '/register', {}),
  'POST /register, signed in': async (client) => {
    await signIn(client);
    return await post(client, '/register', { email: fresh(), password: strong });
  },
  'GET /reset': (client) => client.getJson('/reset'),
  'POST /reset': (client) => post(client, '/reset', { email: 'editor@example.com' }),
  'POST /reset, unknown': (client) => post(client, '/reset', { email: 'nobody@example.com' }),
  'POST /reset, empty': (client) => post(client, '/reset', {}),
  'POST /reset, inactive': (client) => post(client, '/reset', { email: 'inactive@example.com' }),
  'GET /reset/forged': (client) => client.getJson('/reset/forged'),
  'POST /reset/forged': (client) => post(client, '/reset/forged', { password: strong, password_confirm: strong }),
  'GET /change': async (client) => {
    await signIn(client);
    return await client.getJson('/change');
  },
  'GET /change, anonymous': (client) => client.getJson('/change'),
  'POST /change, wrong': async (client) => {
    await signIn(client);
    return await post(client, '/change', { password: 'nope', new_password: strong, new_password_confirm: strong });
  },
  'POST /change, unlike': async (client) => {
    await signIn(client);
    return await post(client, '/change', {
      password: 'correct horse',
      new_password: strong,
      new_password_confirm: 'another one 18',
    });
  },
  'POST /change, the same': async (client) => {
    await signIn(client);
    const again = { new_password: 'correct horse', new_password_confirm: 'correct horse' };
    return await post(client, '/change', { password: 'correct horse', ...again });
  },
  'POST /change, empty': async (client) => {
    await signIn(client);
    return await post(client, '/change', {});
  },
  'POST /change': async (client) => {
    const email = fresh();
    await post(client, '/register', { email, password: strong });
    return await post(client, '/change', {
      password: strong,
      new_password: 'another one 18',
      new_password_confirm: 'another one 18',
    });
  },
};

/** Where ours answers otherwise on purpose: each has its row in docs/differences.md. */
const different = {
  always: ['POST /change, empty'],
  generic: ['POST /register, no address', 'POST /register, empty', 'POST /reset, empty', 'POST /confirm, empty'],
  genericAndConfirmed: ['POST /register', 'POST /register with a token asked for', 'POST /login, not confirmed'],
};

for (const generic of [false, true]) {
  for (const confirmable of [false, true]) {
    const title = `generic responses ${generic ? 'on' : 'off'}, confirmation ${confirmable ? 'on' : 'off'}`;
    describe.skipIf(!originalAvailable())(`accounts, ${title}`, () => {
      let pair: Pair;
      beforeAll(async () => {
        pair = await openPair({
          ...switches,
          SECURITY_CONFIRMABLE: confirmable,
          SECURITY_RETURN_GENERIC_RESPONSES: generic,
        });
      });
      afterAll(() => pair?.close());

      const more: Record<string, Act> = confirmable
        ? {
            'GET /confirm': (client) => client.getJson('/confirm'),
            'POST /confirm, confirmed': (client) => post(client, '/confirm', { email: 'user@example.com' }),
            'POST /confirm, unknown': (client) => post(client, '/confirm', { email: 'nobody@example.com' }),
            'POST /confirm, empty': (client) => post(client, '/confirm', {}),
            'GET /confirm/forged': (client) => client.getJson('/confirm/forged'),
            'POST /login, not confirmed': async (client) => {
              const email = fresh();
              await post(client, '/register', { email, password: strong });
              return await signIn(client, email, strong);
            },
          }
        : {};
      const skipped = new Set([
        ...different.always,
        ...(generic ? different.generic : []),
        ...(generic && confirmable ? different.genericAndConfirmed : []),
      ]);
      it.each(Object.entries({ ...acts, ...more }).filter(([name]) => !skipped.has(name)))('%s', async (_name, act) => {
        const { original, ours } = pair.clients();
        expect(shapeOf(await act(ours))).toEqual(shapeOf(await act(original)));
      });
    });
  }
}
