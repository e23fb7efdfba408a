import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtinTemplatesDirectory, createTemplateRenderer } from './index.js';
import { formPages, fullPage, minimalPage, pages, sampleForm } from './testing/contexts.js';
import { readTags } from './testing/html.js';

const renderer = createTemplateRenderer({ directories: [builtinTemplatesDirectory] });
const render = (page: string, context: Record<string, unknown>) => renderer.render(`security/${page}.html`, context);

test('every page in the folder is tested', () => {
  const files = readdirSync(join(builtinTemplatesDirectory, 'security'))
    .filter((file) => file.endsWith('.html') && !file.startsWith('_') && file !== 'base.html')
    .map((file) => file.replace('.html', ''));
  expect(files.sort()).toEqual([...pages].sort());
});

describe.each(pages)('%s', (page) => {
  test('is well formed with the least and with everything', async () => {
    for (const context of [minimalPage(page), fullPage(page, 'Text')]) {
      const tags = readTags(await render(page, context));
      const named = (name: string) => tags.filter((tag) => tag.name === name);
      expect(named('html')[0]?.attributes.lang).toBe('en');
      expect(named('h1')).toHaveLength(1);
      expect(named('main')).toHaveLength(1);
    }
  });

  test('A4 A12 names no other origin and has nothing inline', async () => {
    const html = await render(page, fullPage(page, 'Text'));
    for (const { name, attributes } of readTags(html)) {
      expect(['script', 'style', 'iframe', 'object', 'embed', 'base']).not.toContain(name);
      for (const [key, value] of Object.entries(attributes)) {
        expect(key).not.toMatch(/^(on|style$)/);
        if (key !== 'xmlns') expect(value).not.toMatch(/\/\//);
      }
    }
    expect(html).toContain('<meta name="referrer" content="same-origin">');
  });

  test('every control has a label, every reference an end', async () => {
    const tags = readTags(await render(page, fullPage(page, 'Text')));
    const ids = new Set(tags.map((tag) => tag.attributes.id));
    const labelled = new Set(tags.filter((tag) => tag.name === 'label').map((tag) => tag.attributes.for));
    for (const { name, attributes } of tags) {
      if (['input', 'select', 'textarea'].includes(name) && attributes.type !== 'hidden') {
        expect(labelled).toContain(attributes.id);
      }
      const references = [attributes.for, ...(attributes['aria-describedby']?.split(' ') ?? [])];
      if (attributes.href?.startsWith('#')) references.push(attributes.href.slice(1));
      for (const id of references) if (id) expect(ids).toContain(id);
    }
  });

  test('each form posts with its CSRF token', async () => {
    const html = await render(page, fullPage(page, 'Text'));
    const forms = html.split('<form').slice(1);
    for (const form of forms) {
      expect(form).toContain('method="post"');
      expect(form.split('</form>')[0]).toContain('<input type="hidden" name="csrf_token" value="Text">');
    }
    if (page in formPages || page === 'confirm_action') expect(forms.length).toBeGreaterThan(0);
  });
});

describe('forms', () => {
  const page = 'register_user';
  const context = (form: Record<string, unknown>) => ({ register_user_form: form });

  test('show every field in its order, contributed ones too', async () => {
    const html = await render(page, context(sampleForm('register_user_form', 'Text')));
    const found = [...html.matchAll(/ name="(\w+_field)"/g)].map((match) => match[1]);
    expect([...new Set(found)]).toEqual([
      'hidden_field',
      'text_field',
      'email_field',
      'password_field',
      'textarea_field',
      'select_field',
      'radio_field',
      'checkbox_field',
      'submit_field',
    ]);
  });

  test('never send a password back', async () => {
    const html = await render(page, context(sampleForm('register_user_form', 'hunter2')));
    expect(/<input[^>]*type="password"[^>]*>/.exec(html)?.[0]).not.toContain('hunter2" required');
    expect(/<input[^>]*type="password"[^>]*>/.exec(html)?.[0]).not.toContain('value=');
  });

  test('announce errors: a summary that alerts, and each field described by its own', async () => {
    const html = await render(page, context(sampleForm('register_user_form', 'Text', ['Too short'])));
    expect(html).toContain('role="alert"');
    expect(html).toContain('<a href="#email_field">Too short</a>');
    expect(html).toMatch(/<input[^>]*id="email_field"[^>]*aria-describedby="email_field-hint email_field-errors"/);
    expect(html).toMatch(/<input[^>]*id="email_field"[^>]*aria-invalid="true"/);
    const clean = await render(page, context(sampleForm('register_user_form', 'Text')));
    expect(clean).not.toMatch(/role="alert"|aria-invalid/);
  });

  test('sign-in offers email or username with a word between', async () => {
    const field = (name: string) => ({ name, id: name, type: 'text', label: name, errors: [], attributes: {} });
    const form = (...names: string[]) => ({
      login_user_form: {
        action: '/login',
        errors: [],
        order: names,
        fields: Object.fromEntries(names.map((name) => [name, field(name)])),
      },
    });
    expect(await render('login_user', form('email', 'username', 'password'))).toContain('fs-or');
    expect(await render('login_user', form('email', 'password'))).not.toContain('fs-or');
    expect(await render('login_user', form('username', 'password'))).not.toContain('fs-or');
  });
});

describe('around the form', () => {
  test('features contribute ready HTML to slots', async () => {
    const slots = { before_form: ['<i>before</i>'], after_form: ['<i>after</i>'], links: ['<i>link</i>'] };
    for (const page of Object.keys(formPages)) {
      const html = await render(page, { ...fullPage(page, 'Text'), slots });
      // A page behind a mailed link has its one button and no menu.
      const shown = page === 'confirm_email' ? [slots.before_form, slots.after_form] : Object.values(slots);
      for (const [contribution] of shown) expect(html).toContain(contribution);
    }
  });

  test('links carry the wanted page along, encoded', async () => {
    const html = await render('login_user', { ...fullPage('login_user', 'Text'), next: '/a?b=1&c=2' });
    expect(html).toContain('href="/register?next=%2Fa%3Fb%3D1%26c%3D2"');
  });

  test('the menu signs out by POST and points at what is switched on', async () => {
    const html = await render('change_password', fullPage('change_password', 'Text'));
    expect(html).toMatch(/<form class="fs-inline-form" action="\/logout" method="post">/);
    const anonymous = await render('login_user', {
      ...fullPage('login_user', 'Text'),
      security: { recoverable: true },
    });
    expect(anonymous).toContain('href="/forgot_password"');
    expect(anonymous).not.toContain('href="/register');
    expect(anonymous).not.toContain('href="/login');
  });

  test('messages have a level that styles exist for', async () => {
    const html = await render('login_user', fullPage('login_user', 'Text'));
    const levels = [...html.matchAll(/fs-message-(\w+)" role="(\w+)"/g)].map((match) => `${match[1]} ${match[2]}`);
    expect(levels).toEqual(['success status', 'info status', 'warning status', 'error alert', 'info status']);
  });

  test.each([400, 401, 403, 404, 429, 503, 500])('an error page explains %d by itself', async (status) => {
    const html = await render('error', { status });
    expect(html).toContain(`Error ${status}`);
    expect(/<h1 class="fs-title">(.+)<\/h1>/.exec(html)?.[1]?.length).toBeGreaterThan(5);
  });

  test('a translation reaches every text of a page', async () => {
    for (const page of pages) {
      const minimal = { ...minimalPage(page), security: {}, url_for_security: () => '/', status: 404 };
      const html = await render(page, { ...minimal, _fsdomain: () => 'ÜBERSETZT' });
      const text = html.replace(/<[^>]*>/g, ' ').replace(/ÜBERSETZT|\s/g, '');
      expect(text, page).toBe('');
    }
  });
});
