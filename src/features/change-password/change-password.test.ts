import { adminChangePassword, changePassword, type Outbox, outbox, recovery, type SignalName } from 'sallyport';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { adapterNames } from '../../../test/support/adapters.js';
import { openApp, password, type TestApp, type TestAppOptions } from '../../../test/support/app.js';

const newPassword = 'quite another horse';
const opened: TestApp[] = [];
afterAll(() => Promise.all(opened.map((app) => app.close())));

async function open(options: TestAppOptions = {}): Promise<{ app: TestApp; mails: Outbox }> {
  const mails = outbox();
  const app = await openApp({ mailTransport: mails, features: [changePassword(), recovery()], ...options });
  opened.push(app);
  return { app, mails };
}

const fields = (current: string, next = newPassword, again = next) => ({
  password: current,
  new_password: next,
  new_password_confirm: again,
});

describe.each(adapterNames)('changing the password on %s', (adapter) => {
  let app: TestApp;
  let mails: Outbox;
  beforeEach(async () => {
    ({ app, mails } = await open({ adapter }));
  });

  it('asks for the old one, keeps this session alone and tells by mail', async () => {
    const signals: SignalName[] = [];
    for (const name of ['passwordChanged', 'userAuthenticated'] as const)
      app.security.on(name, () => void signals.push(name));
    const stranger = app.client();
    expect((await stranger.get('/change')).location).toBe('/login?next=%2Fchange');
    const [browser, other] = [app.client(), app.client()];
    const login = await browser.login('user@example.com', password, '?include_auth_token');
    const token = String(login.json.response.user?.['authentication_token']);
    await other.login('user@example.com');
    const before = await browser.cookie('session');
    signals.length = 0;
    const page = await browser.get('/change');
    expect(page.text).toContain('name="password"');
    const done = await browser.submit('/change', fields(password));
    expect([done.status, done.location]).toEqual([302, '/']);
    expect(signals).toEqual(['userAuthenticated', 'passwordChanged']);
    expect(await browser.cookie('session')).not.toBe(before);
    expect((await browser.getJson('/session')).status).toBe(200);
    expect((await browser.get('/change')).text).toContain('Your password is changed.');
    expect((await other.getJson('/session')).status).toBe(401);
    // Without a column fs_token_uniquifier tokens end too.
    expect((await app.client().getJson('/token', { 'authentication-token': token })).status).toBe(401);
    expect((await app.client().login('user@example.com')).status).toBe(400);
    expect((await app.client().login('user@example.com', newPassword)).status).toBe(200);
    await app.security.drain();
    expect(mails.mails.map(({ to, subject }) => [to, subject])).toEqual([
      ['user@example.com', 'Your password has been changed'],
    ]);
    expect(mails.mails[0]?.text).toContain(`${app.origin}/reset`);
  });

  it('by JSON: active_password, user, csrf_token, and a token on request', async () => {
    const client = app.client();
    await client.login('user@example.com');
    const form = await client.getJson('/change');
    expect(form.json.response['active_password']).toBe(true);
    expect(Object.keys(form.json.response).sort()).toEqual(['active_password', 'csrf_token', 'user']);
    const done = await client.send('POST', '/change?include_auth_token', {
      json: fields(password),
      headers: { 'x-csrf-token': String(form.json.response.csrf_token) },
    });
    expect(done.status).toBe(200);
    const token = String(done.json.response.user?.['authentication_token']);
    expect((await app.client().getJson('/token', { 'authentication-token': token })).status).toBe(200);
    // The session's CSRF seed is another one now; the answer brought a token for it.
    const late = await client.send('POST', '/change', {
      json: fields(newPassword, 'a third long horse'),
      headers: { 'x-csrf-token': String(form.json.response.csrf_token) },
    });
    expect(late.status).toBe(400);
    const good = await client.send('POST', '/change', {
      json: fields(newPassword, 'a third long horse'),
      headers: { 'x-csrf-token': String(done.json.response.csrf_token) },
    });
    expect(good.status).toBe(200);
  });

  it('says what is wrong, field by field', async () => {
    const client = app.client();
    await client.login('user@example.com');
    const errors = async (json: object) => {
      const answer = await client.postJson('/change', json);
      expect(answer.status).toBe(400);
      return answer.json.response.field_errors;
    };
    const [user] = [await app.user('user@example.com')];
    expect(await errors(fields('wrong horse'))).toEqual({ password: ['The password is not right.'] });
    expect(await errors(fields(''))).toEqual({ password: ['Please enter a password.'] });
    expect(await errors(fields(password, password))).toEqual({
      password: ['The new password must not be the old one.'],
    });
    expect(await errors(fields(password, newPassword, 'x'))).toEqual({
      new_password_confirm: ['The two passwords are not the same.'],
    });
    expect(await errors(fields(password, 'short'))).toEqual({
      new_password: ['The password must have at least 8 characters.'],
    });
    expect(Object.keys((await errors({})) ?? {})).toEqual(['password', 'new_password', 'new_password_confirm']);
    const page = await client.submit('/change', fields('wrong horse'));
    expect([page.status, page.text.includes('The password is not right.')]).toEqual([200, true]);
    expect((await app.user('user@example.com')).password).toBe(user?.password);
  });
});

describe('changing the password', () => {
  it('keeps a remembered browser remembered, and no other', async () => {
    const { app } = await open();
    const [browser, other, forgetful] = [app.client(), app.client(), app.client()];
    for (const client of [browser, other])
      await client.postJson('/login', { email: 'user@example.com', password, remember: true });
    await forgetful.login('user@example.com');
    const stolen = await browser.cookie('remember');
    expect(stolen).toBeDefined();
    expect((await browser.postJson('/change', fields(password))).status).toBe(200);
    expect(await browser.cookie('remember')).not.toBe(stolen);
    expect((await forgetful.postJson('/login', { email: 'user@example.com', password: newPassword })).status).toBe(200);
    expect((await forgetful.postJson('/change', fields(newPassword, password))).status).toBe(200);
    expect(await forgetful.cookie('remember')).toBeUndefined();
    expect((await other.getJson('/session')).status).toBe(401);
  });

  it('sets a first password without an old one, while the sign-in is fresh', async () => {
    const { app } = await open();
    const client = app.client();
    await client.login('user@example.com');
    await app.datastore.updateUser(await app.user('user@example.com'), { password: null });
    const form = await client.getJson('/change');
    expect(form.json.response['active_password']).toBe(false);
    const page = await client.get('/change');
    expect(page.text).not.toContain('name="password"');
    expect(page.text).toContain('Your account has no password yet.');
    const { password: _none, ...rest } = fields('');
    expect((await client.postJson('/change', rest)).status).toBe(200);
    expect((await app.client().login('user@example.com', newPassword)).status).toBe(200);
  });

  it('leads to the configured view; mails can be switched off', async () => {
    const { app, mails } = await open({
      features: [changePassword({ postChangeView: '/default', sendPasswordChangeEmail: false, changeUrl: '/pw' })],
    });
    const browser = app.client();
    await browser.login('user@example.com');
    expect((await browser.submit('/pw', fields(password))).location).toBe('/default');
    await app.security.drain();
    expect(mails.mails).toEqual([]);
  });

  it('gives a caller with a token no session, and the flask profile gives one', async () => {
    for (const profile of ['modern', 'flask'] as const) {
      const { app } = await open({ profile, passwordSchemes: ['pbkdf2_sha256'] });
      const user = await app.user('user@example.com');
      const token = await app.security.getAuthToken(user);
      const client = app.client();
      const csrf = await client.csrfToken();
      const headers = { 'authentication-token': token, 'x-csrf-token': csrf };
      const answer = await client.send('POST', '/change', { json: fields(password), headers });
      expect(answer.status).toBe(200);
      expect((await client.getJson('/session')).status).toBe(profile === 'flask' ? 200 : 401);
    }
  });
});

describe('adminChangePassword', () => {
  it('changes it, ends every session and mails a notice with the way back', async () => {
    const { app, mails } = await open({ baseUrl: 'https://app.example' });
    const user = await app.user('user@example.com');
    const signals: string[] = [];
    app.security.on('passwordChanged', ({ user: changed }) => void signals.push(changed.email));
    const fresh = await adminChangePassword(app.security, user, newPassword);
    expect(fresh.fs_uniquifier).not.toBe(user.fs_uniquifier);
    expect(await app.security.verifyPassword(newPassword, (await app.user('user@example.com')).password)).toBe(true);
    await app.security.drain();
    expect(mails.mails.map(({ to, text }) => [to, text?.includes('https://app.example/reset')])).toEqual([
      ['user@example.com', true],
    ]);
    expect(signals).toEqual(['user@example.com']);
    await expect(adminChangePassword(app.security, user, newPassword)).rejects.toThrow(/look it up again/);
    await expect(adminChangePassword(app.security, fresh, '')).rejects.toThrow(/empty/);
  });

  it('works without the feature, and silently when asked to', async () => {
    const { app, mails } = await open({ features: [] });
    const user = await app.user('user@example.com');
    const fresh = await adminChangePassword(app.security, user, newPassword, { notify: false });
    await app.security.drain();
    expect(mails.mails).toEqual([]);
    await adminChangePassword(app.security, fresh, 'yet another horse');
    await app.security.drain();
    expect(mails.mails.map(({ subject }) => subject)).toEqual(['Your password has been changed']);
  });
});
