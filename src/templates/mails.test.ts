import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtinTemplatesDirectory, createTemplateRenderer } from './index.js';
import { fullMail, mails } from './testing/contexts.js';
import { readTags } from './testing/html.js';

const renderer = createTemplateRenderer({ directories: [builtinTemplatesDirectory] });
const link = `https://app.example/path/${'x'.repeat(120)}?a=1&b=2`;
const withLink = mails.filter((mail) => !/^two_factor|_username$/.test(mail));

test('every mail in the folder is tested, and each has both parts', () => {
  const files = readdirSync(join(builtinTemplatesDirectory, 'security/email')).filter((file) => !file.startsWith('_'));
  expect(files.sort()).toEqual(mails.flatMap((mail) => [`${mail}.html`, `${mail}.txt`]).sort());
});

describe.each(mails)('%s', (mail) => {
  const html = (context: Record<string, unknown>) => renderer.render(`security/email/${mail}.html`, context);
  const text = (context: Record<string, unknown>) => renderer.render(`security/email/${mail}.txt`, context);

  test('the HTML part is well formed, in tables, and loads nothing', async () => {
    for (const context of [{}, fullMail('joe@example.com', link)]) {
      const source = await html(context);
      for (const { name, attributes } of readTags(source)) {
        expect(['script', 'link', 'img', 'form', 'iframe']).not.toContain(name);
        if (name === 'table') expect(attributes.role).toBe('presentation');
      }
      expect(source).not.toMatch(/url\(|@import/);
      expect(source).toContain('You get this message because');
    }
  });

  test('the text part fits 72 columns, has no markup and no gaps', async () => {
    const complete = fullMail('joe@example.com', link);
    for (const context of [complete, { ...complete, app_name: '', within: undefined, recovery_link: undefined }]) {
      const source = await text(context);
      for (const line of source.split('\n')) expect(line.length <= 72 || line === link, line).toBe(true);
      expect(source).not.toMatch(/\n\n\n|^\n|<\w|&\w+;|\{\{|\{%/);
      expect(source).toMatch(/^\S.*\n\n\S/);
      expect(source).toContain('\n\n-- \n');
    }
  });

  test('a translation reaches every text', async () => {
    const codes = { token: '', login_token: '' };
    const translated = { ...fullMail('', ''), ...codes, app_name: '', _fsdomain: () => 'ÜBERSETZT' };
    for (const source of [await html(translated), await text(translated)]) {
      const rest = source.replace(/<style>[^<]*<\/style>|<[^>]*>/g, ' ').replace(/ÜBERSETZT|^-- $|\s/gm, '');
      expect(rest).toBe('');
    }
  });
});

describe.each(withLink)('%s', (mail) => {
  test('carries its link as a button, in full, and on a line of its own', async () => {
    const html = await renderer.render(`security/email/${mail}.html`, fullMail('joe@example.com', link));
    const escaped = link.replace('&', '&amp;');
    expect(html.split(`href="${escaped}"`)).toHaveLength(3);
    expect(html).toContain(`>${escaped}</a>`);
    const text = await renderer.render(`security/email/${mail}.txt`, fullMail('joe@example.com', link));
    expect(text.split('\n')).toContain(link);
  });
});

describe('what depends on the configuration', () => {
  const text = (mail: string, context: Record<string, unknown>) =>
    renderer.render(`security/email/${mail}.txt`, { app_name: 'Acme', ...context });

  test('welcome asks for confirmation only when there is a link', async () => {
    expect(await text('welcome', { confirmation_link: link })).toContain('Please confirm');
    const ready = await text('welcome', {});
    expect(ready).toContain('ready to use');
    expect(ready).not.toContain('confirm');
  });

  test.each(['reset_notice', 'change_notice', 'welcome_existing'])('%s works without recovery', async (mail) => {
    expect(await text(mail, {})).not.toMatch(/http|new (password|one)/);
  });

  test('the time a link lasts is told when known', async () => {
    expect(await text('reset_instructions', { reset_link: link, within: '5 days' })).toContain('after 5 days.');
    expect(await text('reset_instructions', { reset_link: link })).toContain('only for a limited time.');
  });
});
