import { expect, it } from 'vitest';
import { stories } from './support.js';

const right = { email: 'user@example.com', password: 'correct horse' };

stories(
  'subdomains that redirects may lead to',
  { on: ['express', 'hono'], baseUrl: 'http://app.example:8000', redirectAllowSubdomains: true },
  (app) => {
    it.each([
      ['http://sub.app.example:8000/x', 'http://sub.app.example:8000/x'],
      ['http://app.example:8000/x', '/x'],
      ['http://evilapp.example:8000/x', '/'],
      ['http://sub.app.example/x', '/'],
      ['https://sub.app.example:8000/x', '/'],
      ['http://user@sub.app.example:8000/x', '/'],
    ])('%s', async (next, expected) => {
      expect(
        (
          await app()
            .client()
            .submit('/login', { ...right, next })
        ).location,
      ).toBe(expected);
    });
  },
);

stories('no subdomains', { on: ['express'], baseUrl: 'http://app.example:8000' }, (app) => {
  it('unless they are allowed', async () => {
    const next = 'http://sub.app.example:8000/x';
    expect(
      (
        await app()
          .client()
          .submit('/login', { ...right, next })
      ).location,
    ).toBe('/');
  });
});

stories(
  'a front end on another host',
  { on: ['express', 'fastify'], redirectHost: 'localhost:8080', postLoginView: '/done?a=1' },
  (app) => {
    it('is where our views are, and where next may lead', async () => {
      expect((await app().client().submit('/login', right)).location).toBe('http://localhost:8080/done?a=1');
      const next = 'http://localhost:8080/page';
      expect(
        (
          await app()
            .client()
            .submit('/login', { ...right, next })
        ).location,
      ).toBe(next);
      const page = await app().client().get('/login');
      expect(page.headers.get('content-security-policy')).toContain('http://localhost:8080');
    });
  },
);

stories('the application’s root', { on: ['express'], applicationRoot: '/app' }, (app) => {
  it('is where everything leads that names no other place', async () => {
    const browser = app().client();
    expect((await browser.submit('/login', right)).location).toBe('/app');
    const token = await browser.csrfToken();
    expect((await browser.send('POST', '/logout', { form: { csrf_token: token } })).location).toBe('/app');
  });
});
