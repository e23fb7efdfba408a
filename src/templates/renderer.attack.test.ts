import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtinTemplatesDirectory, createTemplateRenderer, TemplateNameError } from './index.js';
import { checkTemplateName } from './loader.js';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'templates-'));
  mkdirSync(join(root, 'views'));
  mkdirSync(join(root, 'views-secret'));
  writeFileSync(join(root, 'secret.txt'), 'SECRET');
  writeFileSync(join(root, 'views-secret', 'a.html'), 'SECRET');
  writeFileSync(join(root, 'views', '.hidden.html'), 'SECRET');
  writeFileSync(join(root, 'views', 'settings.json'), 'SECRET');
  writeFileSync(join(root, 'views', 'include.html'), '{% include name %}');
  writeFileSync(join(root, 'views', 'extend.html'), '{% extends name %}');
  writeFileSync(join(root, 'views', 'show.html'), '{{ value }}|{{ polluted }}');
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const names = [
  '../secret.txt',
  '../views-secret/a.html',
  './include.html',
  'security/../../secret.txt',
  'security//base.html',
  '/etc/hostname.txt',
  'C:/secret.txt',
  '..\\secret.txt',
  '%2e%2e/secret.txt',
  '.hidden.html',
  'settings.json',
  'index.ts',
  'include.html\0.txt',
  'include.html\n',
  '',
  '__proto__',
  'constructor',
  `${'a/'.repeat(200)}a.html`,
];

describe('template names', () => {
  const renderer = () => createTemplateRenderer({ directories: [join(root, 'views'), builtinTemplatesDirectory] });

  test.each(names)('A5 leading outside the directories are refused: %j', async (name) => {
    await expect(renderer().render(name, {})).rejects.toThrow(TemplateNameError);
    await expect(renderer().render('include.html', { name })).rejects.toThrow();
    await expect(renderer().render('extend.html', { name })).rejects.toThrow();
  });

  test('A5 that pass the check stay inside, whatever they are', () => {
    const part = fc.constantFrom('.', '..', '/', '\\', 'a', '.html', '.txt', '%2f', '\0', '~', ' ', ':', '-', 'é');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const name = parts.join('');
        try {
          checkTemplateName(name);
        } catch (error) {
          return error instanceof TemplateNameError;
        }
        return join('/base', name) === `/base/${name}`;
      }),
      { numRuns: 2000 },
    );
  });

  test('A6 are checked in linear time', () => {
    expect(() => checkTemplateName('a'.repeat(1_000_000))).toThrow(TemplateNameError);
    expect(() => checkTemplateName(`${'a.'.repeat(140)}!`)).toThrow(TemplateNameError);
  });
});

describe('contexts', () => {
  test('P11 a __proto__ key neither pollutes nor adds values', async () => {
    const renderer = createTemplateRenderer({ directories: [join(root, 'views')] });
    const context: Record<string, unknown> = JSON.parse('{"value":"seen","__proto__":{"polluted":"yes"}}');
    expect(await renderer.render('show.html', context)).toBe('seen|');
    expect('polluted' in {}).toBe(false);
  });

  test('A5 values are never read as templates', async () => {
    const renderer = createTemplateRenderer({ directories: [join(root, 'views')] });
    for (const value of ['{{ 7*7 }}', '{% include "a.html" %}', '{# x #}', '%(x)s']) {
      const text = await renderer.render('show.html', { value });
      expect(text.replaceAll('&quot;', '"')).toBe(`${value}|`);
    }
  });
});
