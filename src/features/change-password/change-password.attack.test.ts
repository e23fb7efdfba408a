import { changePassword, outbox, type Profile, recovery } from 'sallyport';
import { afterAll, describe, expect, it } from 'vitest';
import { openApp, password, type TestApp, type TestAppOptions } from '../../../test/support/app.js';

const newPassword = 'quite another horse';
const change = { password, new_password: newPassword, new_password_confirm: newPassword };
const opened: TestApp[] = [];
afterAll(() => Promise.all(opened.map((app) => app.close())));

async function open(given: TestAppOptions = {}): Promise<TestApp> {
  const features = [changePassword(), recovery()];
  const flask = { passwordSchemes: ['pbkdf2_sha256'], hashingSchemes: ['hex_sha256'] };
  const app = await openApp({ mailTransport: outbox(), features, ...flask, ...given });
  opened.push(app);
  return app;
}

describe.each<Profile>(['modern', 'flask'])('%s', (profile) => {
  it('P14 a fresh session alone changes no password: the old one is asked for, and nobody else’s will do', async () => {
    const app = await open({ profile });
    const other = await app.user('admin@example.com');
    await app.datastore.updateUser(other, { password: await app.security.hashPassword('the admin horse') });
    const client = app.client();
    await client.login('user@example.com');
    for (const guess of [undefined, '', 'the admin horse', `${password} `]) {
      const answer = await client.postJson('/change', { ...change, password: guess });
      expect([answer.status, Object.keys(answer.json.response.field_errors ?? {})]).toEqual([400, ['password']]);
    }
    expect((await app.client().login('user@example.com')).status).toBe(200);
  });

  it('P14 who has no password sets one only while the sign-in is fresh', async () => {
    const app = await open({ profile, freshness: '10 minutes', freshnessGracePeriod: '0 minutes' });
    const client = app.client();
    await client.login('user@example.com');
    await app.datastore.updateUser(await app.user('user@example.com'), { password: null });
    app.clock.advance(601_000);
    for (const answer of [await client.getJson('/change'), await client.postJson('/change', change)]) {
      expect(answer.status).toBe(401);
      expect(answer.json.response).toMatchObject({ reauth_required: true });
    }
    expect((await client.get('/change')).location).toContain('/verify');
    expect((await app.user('user@example.com')).password).toBeNull();
  });

  it('P14 neither a remembered browser nor a token is fresh', async () => {
    const app = await open({ profile });
    const client = app.client();
    await client.postJson('/login', { email: 'user@example.com', password, remember: true });
    const user = await app.user('user@example.com');
    const token = await app.security.getAuthToken(user);
    await app.datastore.updateUser(user, { password: null });
    await client.jar.setCookie('session=; Max-Age=0; Path=/', app.origin);
    expect((await client.getJson('/session')).status).toBe(200);
    expect((await client.getJson('/change')).status).toBe(401);
    expect((await app.client().getJson('/change', { 'authentication-token': token })).status).toBe(401);
  });

  it('S3 all other sessions, remembered browsers, links and tokens end; the stolen cookie too', async () => {
    const app = await open({ profile });
    const [client, other, remembered, thief] = [app.client(), app.client(), app.client(), app.client()];
    await client.login('user@example.com');
    await other.login('user@example.com');
    await remembered.postJson('/login', { email: 'user@example.com', password, remember: true });
    thief.headers = { cookie: `session=${await client.cookie('session')}` };
    expect((await thief.getJson('/session')).status).toBe(200);
    const token = await app.security.getAuthToken(await app.user('user@example.com'));
    expect((await client.postJson('/change', change)).status).toBe(200);
    for (const dead of [other, remembered, thief]) expect((await dead.getJson('/session')).status).toBe(401);
    expect((await app.client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
    expect((await client.getJson('/session')).status).toBe(200);
  });

  it('P5 P10 no size and no type of value breaks it', async () => {
    const app = await open({ profile });
    const client = app.client();
    await client.login('user@example.com');
    const values = [
      null,
      1,
      true,
      [],
      {},
      { $gt: '' },
      'x'.repeat(9000),
      'x'.repeat(300),
      `${newPassword}\0`,
      '\ud800',
    ];
    for (const value of values) {
      for (const name of ['password', 'new_password', 'new_password_confirm'])
        expect((await client.postJson('/change', { ...change, [name]: value })).status).toBe(400);
      const both = { ...change, new_password: value, new_password_confirm: value };
      expect((await client.postJson('/change', both)).status).toBe(400);
    }
    expect((await app.client().login('user@example.com')).status).toBe(200);
  });

  it('P6 another spelling of the same password is the same password', async () => {
    const app = await open({ profile });
    const client = app.client();
    await client.login('user@example.com');
    const first = { ...change, new_password: 'ﬁrst café horse', new_password_confirm: 'ﬁrst café horse' };
    expect((await client.postJson('/change', first)).status).toBe(200);
    const same = { password: 'first cafe\u0301 horse', new_password: 'ﬁrst café horse' };
    const answer = await client.postJson('/change', { ...same, new_password_confirm: same.new_password });
    expect(answer.json.response.field_errors).toEqual({ password: ['The new password must not be the old one.'] });
  });

  it('C1 C5 neither GET nor a request without the token changes anything', async () => {
    const app = await open({ profile });
    const client = app.client();
    await client.login('user@example.com');
    const before = await app.user('user@example.com');
    await client.getJson(`/change?${new URLSearchParams(change)}`);
    expect((await client.send('POST', '/change', { json: change })).status).toBe(400);
    await client.send('POST', '/change', { form: change });
    expect(await app.user('user@example.com')).toEqual(before);
  });

  it('A7 a store that fails in the middle changes nothing and signs nobody out', async () => {
    let broken = false;
    const app = await open({
      profile,
      wrap: (datastore) => ({
        ...datastore,
        transaction: (work) =>
          datastore.transaction((store) =>
            work({
              ...store,
              deleteUserSessions: (...given) =>
                broken ? Promise.reject(new Error('down')) : store.deleteUserSessions(...given),
            }),
          ),
      }),
    });
    const client = app.client();
    await client.login('user@example.com');
    broken = true;
    expect((await client.postJson('/change', change)).status).toBe(503);
    broken = false;
    expect((await client.getJson('/session')).status).toBe(200);
    expect((await client.postJson('/change', change)).status).toBe(200);
  });
});

describe('modern', () => {
  it('T6 guesses at the password from a stolen session are counted', async () => {
    const app = await open();
    const client = app.client();
    await client.login('user@example.com');
    const answers = [];
    for (let count = 0; count < 11; count += 1)
      answers.push(await client.postJson('/change', { ...change, password: `guess ${count}` }));
    expect(answers.at(-1)?.json.response.errors).toEqual(['Too many attempts. Please wait a moment and try again.']);
    expect((await client.postJson('/change', change)).status).toBe(400);
    app.clock.advance(3_601_000);
    expect((await client.postJson('/change', change)).status).toBe(200);
  });
});
