import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { stories } from './support.js';

const templates = mkdtempSync(join(tmpdir(), 'sallyport-templates-'));
mkdirSync(join(templates, 'security'));
writeFileSync(
  join(templates, 'security', 'login_user.html'),
  '<p>{{ motto }} {{ everywhere }}</p>{{ security.post_login_view }}' +
    '<input name="csrf_token" value="{{ csrf_token() }}">{{ login_user_form.fields.password.label }}' +
    '{{ security.secret_key }}{{ url_for_security("logout") }}',
);
afterAll(() => rmSync(templates, { recursive: true }));

stories('pages of the application’s own', { templates, postLoginView: '/welcome' }, (app) => {
  beforeAll(() => {
    app().security.contextProcessor(() => ({ everywhere: 'and on' }));
    app().security.loginContextProcessor(async () => ({ motto: '<Enter>' }));
  });

  it('take the place of ours by file name, with what processors add', async () => {
    const browser = app().client();
    const { text } = await browser.get('/login');
    expect(text).toContain('<p>&lt;Enter&gt; and on</p>/welcome');
    expect(text).toContain('Password/logout');
    expect(text).not.toContain('a-test-key');
    const done = await browser.submit('/login', { email: 'user@example.com', password: 'correct horse' });
    expect(done.location).toBe('/welcome');
  });

  it('leave the others as they are', async () => {
    const browser = app().client();
    await browser.login('user@example.com');
    expect((await browser.get('/verify')).text).toContain('Please confirm that it is you');
  });
});

stories(
  'texts of the application’s own',
  {
    messages: {
      GENERIC_AUTHN_FAILED: 'No.',
      UNAUTHENTICATED: { text: 'Who goes there?', level: 'warning' },
    },
    translate: (locale, _domain, text) => (locale === 'de' && text === 'No.' ? 'Nein.' : text),
    locale: (request) => (request.header('accept-language')?.startsWith('de') ? 'de' : 'en'),
  },
  (app) => {
    it('take the place of ours, and are translated', async () => {
      expect((await app().client().login('user@example.com', 'x')).json.response.errors).toEqual(['No.']);
      const german = app().client();
      german.headers = { 'accept-language': 'de' };
      expect((await german.login('user@example.com', 'x')).json.response.errors).toEqual(['Nein.']);
      expect((await german.get('/login')).text).toContain('<html lang="de"');
      expect((await german.getJson('/session')).json.response.errors).toEqual(['Who goes there?']);
    });
  },
);

stories(
  'fields of the application’s own',
  {
    forms: {
      loginForm: {
        fields: [
          {
            name: 'tenant',
            type: 'text',
            label: 'Your tenant',
            required: 'FIELD_REQUIRED',
            schema: z.string().regex(/^[a-z]+$/, 'small letters only'),
          },
        ],
        validate: (form) => {
          if (form.text('tenant') === 'closed') form.addError('tenant', 'This tenant is closed.');
        },
      },
    },
  },
  (app) => {
    const right = { email: 'user@example.com', password: 'correct horse' };

    it('are shown and judged by a schema of any library', async () => {
      const browser = app().client();
      expect((await browser.get('/login')).text).toContain('Your tenant');
      const errors = async (tenant?: unknown) =>
        (
          await app()
            .client()
            .postJson('/login', { ...right, tenant })
        ).json.response.field_errors;
      expect(await errors()).toEqual({ tenant: ['Please fill in this field.'] });
      expect(await errors('ACME')).toEqual({ tenant: ['small letters only'] });
      expect(await errors('closed')).toEqual({ tenant: ['This tenant is closed.'] });
      expect(await errors({ a: 1 })).toHaveProperty('tenant');
      expect((await browser.postJson('/login', { ...right, tenant: 'acme' })).status).toBe(200);
    });

    it('A5 are shown again with everything escaped (profile modern)', async () => {
      const evil = '"><script>alert(1)</script>';
      const page = await app()
        .client()
        .submit('/login', { ...right, tenant: evil, email: `${evil}@example.com` });
      expect(page.status).toBe(200);
      expect(page.text).not.toContain('<script>');
      expect(page.text).toContain('&lt;script&gt;');
    });
  },
);
