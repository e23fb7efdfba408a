import { expect, it } from 'vitest';
import { rawRequest } from './raw-request.js';
import { stories } from './support.js';

stories('our addresses', {}, (app) => {
  it('answer other methods with what there is', async () => {
    const client = app().client();
    const put = await client.send('PUT', '/login');
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS']);
    const options = await client.send('OPTIONS', '/login');
    expect([options.status, options.headers.get('allow'), options.text]).toEqual([204, 'GET, POST, HEAD, OPTIONS', '']);
    expect((await client.send('DELETE', '/logout', { headers: { accept: 'application/json' } })).json.meta.code).toBe(
      405,
    );
  });

  it('answer HEAD as GET, without a body', async () => {
    const head = await app().client().send('HEAD', '/login');
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  it('leave everything else to the application', async () => {
    expect((await app().client().get('/nowhere')).status).toBe(404);
    expect((await app().client().get('/')).status).toBe(200);
  });

  it('R5 are spelt in one way only (profile modern)', async () => {
    for (const path of ['//login', '/login/', '/LOGIN', '/%6cogin', '/login;x', '/login%00', '/./login/.'])
      expect([path, (await rawRequest(app().origin, path)).status]).toEqual([path, 404]);
    const absolute = await rawRequest(app().origin, 'http://evil.example/login');
    expect(absolute.status).toBe(200);
    expect(absolute.text).not.toContain('evil.example');
  });

  it('serve the style sheet to keep', async () => {
    const sheet = await app().client().get('/fs-static/sallyport.css');
    expect(sheet.status).toBe(200);
    expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(sheet.headers.get('cache-control')).toContain('immutable');
    expect(sheet.text.length).toBeGreaterThan(100);
  });

  it('carry the headers that pages need', async () => {
    const { headers } = await app().client().get('/login');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('preflight requests pass the guards', async () => {
    expect((await app().client().send('OPTIONS', '/session')).status).toBe(200);
    expect((await app().client().send('OPTIONS', '/admin')).status).toBe(200);
  });
});

stories('a prefix', { urlPrefix: '/accounts' }, (app) => {
  it('is before all of them', async () => {
    const browser = app().client();
    expect((await browser.get('/login')).status).toBe(404);
    expect((await browser.get('/session')).location).toBe('/accounts/login?next=%2Fsession');
    const page = await browser.get('/accounts/login');
    expect(page.text).toContain('href="/accounts/fs-static/sallyport.css');
    expect((await browser.get('/accounts/fs-static/sallyport.css')).status).toBe(200);
    const fields = { email: 'user@example.com', password: 'correct horse' };
    expect((await browser.submit('/accounts/login', fields)).status).toBe(302);
    expect((await browser.getJson('/session')).status).toBe(200);
  });
});

stories('routes that are not mounted', { registerBlueprint: false }, (app) => {
  it('are not there; everything else works', async () => {
    const browser = app().client();
    expect((await browser.get('/login')).status).toBe(404);
    expect((await browser.get('/session')).status).toBe(401);
    await browser.send('POST', '/enter');
    expect((await browser.get('/session')).status).toBe(200);
    app().clock.advance(60 * 60_000);
    expect((await browser.get('/fresh')).status).toBe(401);
  });
});

stories('sign-in switched off', { loginDisabled: true }, (app) => {
  it('lets everybody through the guards', async () => {
    for (const path of ['/session', '/admin', '/basic', '/token', '/fresh'])
      expect((await app().client().getJson(path)).status).toBe(200);
    expect((await app().client().get('/me')).status).toBe(500);
  });
});

stories('a subdomain', { baseUrl: 'http://app.test', subdomain: 'auth' }, (app) => {
  it('is the only place where our pages answer', async () => {
    const at = (host: string, path: string) => rawRequest(app().origin, path, { host });
    expect((await at('auth.app.test', '/login')).status).toBe(200);
    expect((await at('AUTH.app.test', '/login')).status).toBe(200);
    expect((await at('app.test', '/login')).status).toBe(404);
    const refused = await at('app.test', '/session');
    expect(refused.location).toBe('http://auth.app.test/login?next=http%3A%2F%2Fapp.test%2Fsession');
  });
});
