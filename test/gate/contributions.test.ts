import { ConfigurationError, type Contribution, defineFeature, type Feature } from 'sallyport';
import { afterEach, describe, expect, it } from 'vitest';
import { openApp, password, type TestApp } from '../support/app.js';
import { needs, secondFactor } from './second-factor.js';

let app: TestApp | undefined;
afterEach(async () => {
  needs.only();
  await app?.close();
  app = undefined;
});
const feature = (entry: Contribution): Feature =>
  defineFeature<object>({ name: 'adding', options: {}, contributes: () => [entry] })();
const toNothing: [name: string, entry: Contribution][] = [
  ['a form', { to: 'form', form: 'no_form', fields: [] }],
  ['an answer', { to: 'response', endpoint: 'no_route', payload: () => ({}) }],
  ['a page', { to: 'page', view: 'no_page', slot: 'links', html: () => '' }],
  ['a slot', { to: 'page', view: 'login', slot: 'no_slot', html: () => '' }],
  ['a route', { to: 'route', endpoint: 'no_route', replace: (original) => original }],
];

describe('what one feature adds to another', () => {
  it('shows in the form, the answer and the page, and takes a route over', async () => {
    app = await openApp({ features: [secondFactor()] });
    const client = app.client();
    const page = (await client.get('/login')).text;
    expect(page).toContain('<p class="code-hint">A code may be asked for.</p>');
    expect(page.indexOf('name="device"')).toBeGreaterThan(page.indexOf('name="password"'));
    expect(page.indexOf('name="device"')).toBeLessThan(page.indexOf('name="remember"'));
    expect((await client.getJson('/login')).json.response['code_available']).toBe(true);
    const tooLong = { email: 'user@example.com', password, device: 'x'.repeat(21) };
    expect(Object.keys((await client.postJson('/login', tooLong)).json.response.field_errors ?? {})).toEqual([
      'device',
    ]);
    const done = await client.login('user@example.com');
    expect(done.json.response['code_available']).toBe(true);
    const out = await client.send('POST', '/logout', { form: { csrf_token: await client.csrfToken() } });
    expect(out.location).toBe('/bye');
    expect((await client.getJson('/session')).status).toBe(401);
  });

  it.each(toNothing.filter(([name]) => name !== 'a slot'))(
    'is refused at start when it is for %s that does not exist',
    async (_name, entry) => {
      await expect(openApp({ features: [feature(entry)] })).rejects.toThrow(ConfigurationError);
    },
  );

  it.each(toNothing)('is left out when it is for %s that need not exist', async (_name, entry) => {
    app = await openApp({ features: [feature({ ...entry, optional: true })] });
    expect((await app.client().get('/login')).status).toBe(200);
  });

  it('two routes that answer one path, and one feature twice, are refused', async () => {
    await expect(openApp({ features: [secondFactor(), secondFactor()] })).rejects.toThrow(/twice/);
    await expect(openApp({ features: [secondFactor({ codeView: '/login' })] })).rejects.toThrow(/both answer/);
  });
});
