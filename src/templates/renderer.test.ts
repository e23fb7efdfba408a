import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtinLogo, builtinStylesheet, builtinTemplatesDirectory, createTemplateRenderer } from './index.js';
import { fullPage } from './testing/contexts.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'templates-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function renderer(options: { cache?: boolean; globals?: Record<string, unknown> } = {}) {
  return createTemplateRenderer({ directories: [directory, builtinTemplatesDirectory], ...options });
}

describe('renderer', () => {
  test('escapes values in .html and leaves them alone in .txt', async () => {
    write('a.html', '{{ value }}');
    write('a.txt', '{{ value }}');
    const value = `<b>&"'`;
    expect(await renderer().render('a.html', { value })).toBe('&lt;b&gt;&amp;&quot;&#39;');
    expect(await renderer().render('a.txt', { value })).toBe(value);
  });

  test('prints nothing for values that are not there', async () => {
    write('a.html', '[{{ missing }}{{ missing.deeper }}]');
    expect(await renderer().render('a.html', {})).toBe('[]');
  });

  test('compiles a template once, or reads it each time when told so', async () => {
    write('a.html', 'first');
    const cached = renderer();
    const fresh = renderer({ cache: false });
    expect([await cached.render('a.html', {}), await fresh.render('a.html', {})]).toEqual(['first', 'first']);
    write('a.html', 'second');
    expect([await cached.render('a.html', {}), await fresh.render('a.html', {})]).toEqual(['first', 'second']);
  });

  test('globals are seen everywhere and give way to the context', async () => {
    write('a.html', '{{ colour }} {{ _fsdomain("Hello %(name)s", { name: colour }) }}');
    const painted = renderer({ globals: { colour: 'red' } });
    expect(await painted.render('a.html', {})).toBe('red Hello red');
    expect(await painted.render('a.html', { colour: 'blue', _fsdomain: () => 'Hallo' })).toBe('blue Hallo');
  });

  test('a faulty template is an error, not a page', async () => {
    write('a.html', '{% if %}');
    await expect(renderer().render('a.html', {})).rejects.toThrow(/a\.html/);
  });

  test('a template that nobody has is named in the error', async () => {
    await expect(renderer().render('security/nobody.html', {})).rejects.toThrow(/security\/nobody\.html/);
  });
});

describe('overriding', () => {
  test('a file of the same name replaces a page', async () => {
    write('security/login_user.html', 'mine');
    expect(await renderer().render('security/login_user.html', {})).toBe('mine');
  });

  test('an override can be short: it extends the base and fills one block', async () => {
    write(
      'security/login_user.html',
      `{% extends "security/base.html" %}{% from "security/_macros.html" import render_field_with_errors with context %}
       {% block content %}<h2>Mine</h2>{{ render_field_with_errors(login_user_form.fields.email_field) }}{% endblock %}`,
    );
    const html = await renderer().render('security/login_user.html', fullPage('login_user', 'Label'));
    expect(html).toContain('<h2>Mine</h2>');
    expect(html).toContain('<label class="fs-label" for="email_field">Label</label>');
    expect(html).toContain('<link rel="stylesheet" href="/static/sallyport.css">');
  });

  test('the base of all pages is changed by a base that extends the layout', async () => {
    write('security/base.html', '{% extends "security/_layout.html" %}{% block footer %}<p>Imprint</p>{% endblock %}');
    expect(await renderer().render('security/verify.html', fullPage('verify', 'x'))).toContain('<p>Imprint</p>');
  });

  test('the logo is a file like the others', async () => {
    write('static/sallyport.svg', '<svg id="mine"></svg>');
    expect(await renderer().render('security/verify.html', fullPage('verify', 'x'))).toContain('<svg id="mine">');
  });

  test('macros may be imported without context: then in English', async () => {
    write('a.html', '{% from "security/_macros.html" import render_form %}{{ render_form(form) }}');
    const form = { name: 'f', action: '/a', fields: {}, order: [], errors: ['Wrong'] };
    const html = await renderer().render('a.html', { form });
    expect(html).toContain('Please check the following');
    expect(html).toContain('Continue</button>');
  });
});

test('the files that are named to the outside are there', () => {
  expect([builtinStylesheet, builtinLogo, join(builtinTemplatesDirectory, 'security')].map(existsSync)).toEqual([
    true,
    true,
    true,
  ]);
});
