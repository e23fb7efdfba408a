import { confirmation, outbox, registration, type SignalPayloads, uniqueIdentityAttribute } from 'sallyport';
import { afterEach, describe, expect, it } from 'vitest';
import { adapterNames } from '../../../test/support/adapters.js';
import { openApp, type TestApp, type TestAppOptions } from '../../../test/support/app.js';
import { lastMail, mailedLink } from '../../../test/support/mails.js';

const address = 'new@example.com';
const password = 'a battery staple';
const mails = outbox();
let app: TestApp | undefined;

async function open(options: TestAppOptions = {}): Promise<TestApp> {
  app = await openApp({ mailTransport: mails, ...options });
  return app;
}

afterEach(async () => {
  await app?.close();
  mails.clear();
});

describe.each(adapterNames)('registering on %s', (adapter) => {
  it('a page: retyped password, account, signed in, welcomed', async () => {
    const { client, security } = await open({ adapter, features: [registration({ postRegisterView: '/welcome' })] });
    const browser = client();
    const page = await browser.get('/register?next=/session');
    expect(page.status).toBe(200);
    expect(page.text).toContain('name="password_confirm"');
    const fields = { email: 'New@Example.com ', password, password_confirm: password };
    const done = await browser.submit('/register', fields);
    expect([done.status, done.location]).toEqual([302, '/welcome']);
    expect((await browser.getJson('/session')).json).toMatchObject({ user: address });
    await security.drain();
    expect(lastMail(mails, address)).toMatchObject({ subject: 'Welcome', to: address });
    const again = await client().submit('/register?next=/session', { ...fields, email: 'second@example.com' });
    expect(again.location).toBe('/session');
  });

  it('JSON: no retyping, a token on request', async () => {
    const { client } = await open({ adapter, features: [registration()] });
    const answer = await client().postJson('/register?include_auth_token', { email: address, password });
    expect(answer.status).toBe(200);
    const token = String(answer.json.response.user?.['authentication_token']);
    expect((await client().getJson('/token', { 'authentication-token': token })).status).toBe(200);
  });

  it('with confirmation: not signed in, a link in the mail, the same answer for an address that is taken', async () => {
    const { client, security } = await open({ adapter, features: [registration(), confirmation()] });
    const browser = client();
    const done = await browser.submit('/register', { email: address, password });
    expect([done.status, done.location]).toEqual([302, '/']);
    expect((await browser.get('/login')).text).toContain(`sent to ${address}`);
    expect((await browser.getJson('/session')).status).toBe(401);
    await security.drain();
    expect(mailedLink(mails, address, '/confirm/')).toMatch(/^\/confirm\/.+/);
    expect((await client().login(address, password)).status).toBe(400);

    const other = client();
    const taken = await other.submit('/register', { email: 'user@example.com', password });
    expect([taken.status, taken.location]).toEqual([302, '/']);
    expect((await other.get('/login')).text).toContain('sent to user@example.com');
    await security.drain();
    expect(lastMail(mails, 'user@example.com').text).toContain('You already have an account');
    expect((await client().postJson('/register', { email: 'user@example.com', password })).status).toBe(200);
  });
});

describe('the rules of registration', () => {
  it('tells what is wrong with each field', async () => {
    const { client } = await open({ features: [registration()], usernameEnable: true, usernameRequired: true });
    const errors = async (json: unknown) => (await client().postJson('/register', json)).json.response.field_errors;
    expect(await errors({})).toEqual({
      email: ['Please enter your email address.'],
      username: ['Please enter your username.'],
      password: ['Please enter a password.'],
    });
    expect(await errors({ email: 'nobody', username: 'a!b!c', password: 'short' })).toEqual({
      email: ['This is not a valid email address.'],
      username: ['The username may consist of letters and digits only.'],
      password: ['The password must have at least 8 characters.'],
    });
    expect((await errors({ email: address, username: 'abc', password }))?.['username']).toEqual([
      'The username must have at least 4 and at most 32 characters.',
    ]);
    const page = await client().submit('/register', {
      email: address,
      username: 'abcd',
      password,
      password_confirm: 'x',
    });
    expect(page.status).toBe(200);
    expect(page.text).toContain('The two passwords are not the same.');
    expect(page.text).not.toContain(password);
    const missing = await client().submit('/register', { email: address, username: 'abcd', password });
    expect(missing.text).toContain('Please enter a password.');
  });

  it('without generic responses it tells what is taken', async () => {
    const features = [registration()];
    const { client } = await open({ features, usernameEnable: true, returnGenericResponses: false });
    const wanted = { email: 'USER@example.com', username: 'User1', password };
    const { status, json } = await client().postJson('/register', wanted);
    expect(status).toBe(400);
    expect(json.response.field_errors).toEqual({
      email: ['user@example.com belongs to an account already.'],
      username: ['The username User1 is taken.'],
    });
  });

  it('a username is stored in its canonical form and signs in', async () => {
    const { client, user } = await open({ features: [registration()], usernameEnable: true });
    const made = await client().postJson('/register', { email: address, username: 'ａｄａ1', password });
    expect(made.status).toBe(200);
    expect((await user(address))['username']).toBe('ada1');
    expect((await client().postJson('/login', { username: 'ada1', password })).status).toBe(200);
    expect((await client().postJson('/register', { email: 'b@example.com', password })).status).toBe(200);
    expect((await user('b@example.com'))['username']).toBeNull();
  });

  it('a taken username is mailed about, not told', async () => {
    const features = [registration(), confirmation()];
    const { client, security, datastore } = await open({ features, usernameEnable: true });
    const seen: SignalPayloads['userNotRegistered'][] = [];
    security.on('userNotRegistered', (payload) => void seen.push(payload));
    const answer = await client().postJson('/register', { email: address, username: 'user1', password });
    expect(answer.status).toBe(200);
    await security.drain();
    expect(lastMail(mails, address).text).toContain('belongs to somebody else');
    expect(await datastore.findUser({ email: address })).toBeNull();
    expect(seen).toEqual([
      { user: null, existingEmail: false, existingUsername: true, formData: { email: address, username: 'user1' } },
    ]);
  });

  it('signals carry the form without passwords, and the token', async () => {
    const { client, security } = await open({
      features: [registration(), confirmation()],
      forms: { confirmRegisterForm: { fields: [{ name: 'favourite', type: 'text', label: 'Favourite' }] } },
    });
    const seen: SignalPayloads['userRegistered'][] = [];
    security.on('userRegistered', (payload) => void seen.push(payload));
    await client().postJson('/register', { email: address, password, favourite: 'green' });
    await security.drain();
    expect(seen[0]).toMatchObject({ user: { email: address }, formData: { email: address, favourite: 'green' } });
    expect(seen[0]?.formData).not.toHaveProperty('password');
    expect(mailedLink(mails, address, '/confirm/')).toContain(seen[0]?.confirmationToken);
  });

  it('an application adds fields and rules', async () => {
    const { client, user } = await open({
      features: [registration()],
      returnGenericResponses: false,
      forms: {
        confirmRegisterForm: {
          fields: [{ name: 'nick', type: 'text', label: 'Nick', rule: uniqueIdentityAttribute }],
          validate: (form) => {
            if (form.text('nick') === 'no') form.addError('nick', 'Not that one.');
          },
        },
      },
    });
    const send = (nick: string) => client().postJson('/register', { email: address, password, nick });
    expect((await send('no')).json.response.field_errors).toEqual({ nick: ['Not that one.'] });
    expect((await send('User@example.com')).json.response.errors?.[0]).toContain('belongs to an account already');
    expect((await send('yes')).status).toBe(200);
    expect(await user(address)).not.toHaveProperty('nick');
  });

  it('is for strangers only', async () => {
    const { client } = await open({ features: [registration()] });
    const browser = client();
    await browser.login('user@example.com');
    expect((await browser.get('/register')).status).toBe(302);
    const answer = await browser.send('POST', '/register', { json: { email: address, password } });
    expect(answer.status).toBe(400);
    expect(answer.json.response.errors?.[0]).toContain('signed in already');
  });

  it('has its own path, prefix, template name and mail switch', async () => {
    const features = [registration({ registerUrl: '/join', sendRegisterEmail: false })];
    const { client, security } = await open({ features, urlPrefix: '/auth' });
    expect((await client().get('/auth/join')).status).toBe(200);
    expect((await client().get('/register')).status).toBe(404);
    await client().send('POST', '/auth/join', { json: { email: address, password } });
    await security.drain();
    expect(mails.mails).toHaveLength(0);
  });

  it('no password is only for those who can sign in otherwise', async () => {
    await expect(open({ features: [registration()], passwordRequired: false })).rejects.toThrow(/unified sign-in/);
    await expect(open({ features: [registration({ registerUrl: 'join' })] })).rejects.toThrow(/registerUrl/);
  });

  it('login with confirmation still to come', async () => {
    const features = [registration(), confirmation({ loginWithoutConfirmation: true })];
    const { client, security } = await open({ features });
    const order: string[] = [];
    for (const name of ['userRegistered', 'userAuthenticated'] as const) security.on(name, () => void order.push(name));
    const browser = client();
    await browser.submit('/register', { email: address, password });
    expect((await browser.getJson('/session')).json).toMatchObject({ user: address });
    expect(order).toEqual(['userRegistered', 'userAuthenticated']);
    await security.drain();
    expect(mailedLink(mails, address, '/confirm/')).toBeTruthy();
  });
});
