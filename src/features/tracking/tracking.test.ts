import { tracking } from 'sallyport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterNames } from '../../../test/support/adapters.js';
import { openApp, type TestApp } from '../../../test/support/app.js';

describe.each(adapterNames)('tracking sign-ins on %s', (adapter) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openApp({ adapter, features: [tracking()], trustedProxies: ['127.0.0.0/8'] });
  });
  afterAll(() => app.close());

  it('notes time, address and number of sign-ins, and those of the one before', async () => {
    const first = app.clock();
    const home = app.client();
    home.headers = { 'x-forwarded-for': '192.0.2.10' };
    await home.login('user@example.com');
    expect(await app.user('user@example.com')).toMatchObject({
      // A first sign-in is its own last one; an address of an earlier one there is not.
      last_login_at: new Date(first),
      current_login_at: new Date(first),
      last_login_ip: null,
      current_login_ip: '192.0.2.10',
      login_count: 1,
    });

    app.clock.advance(90_000);
    const office = app.client();
    office.headers = { 'x-forwarded-for': '2001:db8::5' };
    await office.login('user@example.com');
    expect(await app.user('user@example.com')).toMatchObject({
      last_login_at: new Date(first),
      current_login_at: new Date(first + 90_000),
      last_login_ip: '192.0.2.10',
      current_login_ip: '2001:db8::5',
      login_count: 2,
    });
  });

  it('counts sign-ins only: no wrong password, no page, no sign-out', async () => {
    const client = app.client();
    await client.login('editor@example.com', 'wrong horse');
    await client.login('editor@example.com');
    await client.getJson('/session');
    await client.postJson('/logout', {});
    expect((await app.user('editor@example.com'))['login_count']).toBe(1);
  });
});

describe('tracking', () => {
  it('says at the start which columns are missing', async () => {
    const opening = openApp({
      features: [tracking()],
      wrap: (datastore) => ({
        ...datastore,
        hasUserColumn: (column) => column !== 'login_count' && datastore.hasUserColumn(column),
      }),
    });
    await expect(opening).rejects.toThrow('tracking: the user table needs a column "login_count"');
  });
});
