import { expect, it } from 'vitest';
import type { Client } from '../support/client.js';
import { formType, stories } from './support.js';

const signedIn = async (client: Client): Promise<string> => {
  await client.login('user@example.com');
  return await client.csrfToken();
};

stories('CSRF tokens', { bodyParser: true }, (app) => {
  it.each(['x-csrf-token', 'x-csrftoken', 'x-xsrf-token'])('are taken from %s', async (name) => {
    const client = app().client();
    const token = await signedIn(client);
    expect((await client.send('POST', '/session')).status).toBe(400);
    expect((await client.send('POST', '/session', { headers: { [name]: token } })).status).toBe(200);
  });

  it('are taken from a form and from JSON', async () => {
    const client = app().client();
    const csrf_token = await signedIn(client);
    expect((await client.send('POST', '/session', { form: { csrf_token } })).status).toBe(200);
    expect((await client.send('POST', '/session', { json: { csrf_token } })).status).toBe(200);
    expect((await client.send('POST', '/session', { json: { csrf_token: [csrf_token] } })).status).toBe(400);
    expect((await client.send('POST', '/session', { form: { other: csrf_token } })).status).toBe(400);
  });

  it('protect every changing method and no other', async () => {
    const client = app().client();
    await signedIn(client);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect([method, (await client.send(method, '/session')).status]).toEqual([method, 400]);
    for (const method of ['GET', 'HEAD']) expect((await client.send(method, '/session')).status).toBe(200);
  });

  it('are of one session, and die with its sign-in', async () => {
    const [one, other] = [app().client(), app().client()];
    const before = await one.csrfToken();
    const token = await signedIn(one);
    await signedIn(other);
    expect((await other.send('POST', '/session', { headers: { 'x-csrf-token': token } })).status).toBe(400);
    expect((await one.send('POST', '/session', { headers: { 'x-csrf-token': before } })).status).toBe(400);
    expect((await one.send('POST', '/session', { headers: { 'x-csrf-token': token } })).status).toBe(200);
  });

  it('end with their time', async () => {
    const client = app().client();
    const token = await signedIn(client);
    app().clock.advance(61 * 60_000);
    const late = await client.send('POST', '/session', {
      headers: { 'x-csrf-token': token, accept: 'application/json' },
    });
    expect(late.status).toBe(400);
    expect(late.json.response.errors).toEqual(['This form was open for too long. Please send it again.']);
  });

  it('do not help another site', async () => {
    const client = app().client();
    const token = await signedIn(client);
    const send = (headers: Record<string, string>) =>
      client.send('POST', '/session', { headers: { 'x-csrf-token': token, ...headers } });
    for (const origin of ['https://evil.example', 'null', `${app().origin}.evil.example`])
      expect((await send({ origin })).status).toBe(400);
    for (const site of ['cross-site', 'same-site']) expect((await send({ 'sec-fetch-site': site })).status).toBe(400);
    expect((await send({ origin: app().origin, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('are asked of a stranger who signs in', async () => {
    const client = app().client();
    const json = { email: 'user@example.com', password: 'correct horse' };
    const refused = await client.send('POST', '/login', { json });
    expect(refused.status).toBe(400);
    expect(refused.json.response.field_errors).toHaveProperty('csrf_token');
    expect((await client.send('POST', '/login', { form: json })).status).toBe(400);
    expect((await client.getJson('/session')).status).toBe(401);
  });

  it('are not asked of tokens', async () => {
    const token = await app().security.getAuthToken(await app().user('user@example.com'));
    const sent = await app()
      .client()
      .send('POST', '/any', { headers: { 'authentication-token': token } });
    expect(sent.status).toBe(200);
  });

  it('are handed out and judged for forms of the application', async () => {
    const client = app().client();
    const { token } = JSON.parse((await client.get('/csrf')).text) as { token: string };
    expect((await client.send('POST', '/unauth')).status).toBe(400);
    expect((await client.send('POST', '/unauth', { form: { csrf_token: token } })).status).toBe(200);
    expect((await client.send('POST', '/unauth-form')).status).toBe(200);
    const problem = async (form: Record<string, string>) =>
      (JSON.parse((await client.send('POST', '/check-csrf', { form })).text) as { problem: string | null }).problem;
    expect(await problem({ csrf_token: token })).toBeNull();
    expect(await problem({ csrf_token: 'x' })).toMatch(/not valid any more/);
  });

  it('leave the body to the application', async () => {
    const client = app().client();
    const csrf_token = await signedIn(client);
    const byForm = await client.send('POST', '/echo', { form: { csrf_token, a: '1' } });
    expect(JSON.parse(byForm.text)).toEqual({ csrf_token, a: '1' });
    const byJson = await client.send('POST', '/echo', { json: { csrf_token, a: [1] } });
    expect(JSON.parse(byJson.text)).toEqual({ csrf_token, a: [1] });
  });
});

stories('CSRF tokens without a parser of the application', { on: ['express', 'hono', 'web'] }, (app) => {
  it('are read by us, and the body is still there', async () => {
    const client = app().client();
    const csrf_token = await signedIn(client);
    const byForm = await client.send('POST', '/echo', { form: { csrf_token, a: '1' } });
    expect(JSON.parse(byForm.text)).toEqual({ csrf_token, a: '1' });
    const broken = await client.send('POST', '/session', { body: 'csrf_token', headers: { 'content-type': formType } });
    expect(broken.status).toBe(400);
  });
});

stories('CSRF checks by default', { csrfCheckDefault: true, bodyParser: true }, (app) => {
  it('cover routes that nobody guards, and give the body back', async () => {
    const client = app().client();
    const csrf_token = await client.csrfToken();
    expect((await client.send('POST', '/open-echo', { json: { a: 1 } })).status).toBe(400);
    expect((await client.send('GET', '/open-echo')).status).toBe(200);
    const byJson = await client.send('POST', '/open-echo', { json: { csrf_token, a: 1 } });
    expect(JSON.parse(byJson.text)).toEqual({ csrf_token, a: 1 });
    const byForm = await client.send('POST', '/open-echo', { form: { csrf_token, b: 'ü' } });
    expect(JSON.parse(byForm.text)).toEqual({ csrf_token, b: 'ü' });
  });
});
