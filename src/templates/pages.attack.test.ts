import { describe, expect, test } from 'vitest';
import { builtinTemplatesDirectory, createTemplateRenderer } from './index.js';
import { fullPage, pages } from './testing/contexts.js';
import { hostileTexts } from './testing/hostile.js';
import { readTags } from './testing/html.js';

const renderer = createTemplateRenderer({ directories: [builtinTemplatesDirectory] });

describe.each(pages)('A5 %s', (page) => {
  test.each(hostileTexts)('shows %j as text', async (text) => {
    const harmless = await renderer.render(`security/${page}.html`, fullPage(page, 'Text'));
    const hostile = await renderer.render(`security/${page}.html`, fullPage(page, text));
    // Same tags with the same attributes: whatever the text was, it has stayed text.
    const shape = (html: string) => readTags(html).map((tag) => `${tag.name} ${Object.keys(tag.attributes)}`);
    expect(shape(hostile)).toEqual(shape(harmless));
    for (const { attributes } of readTags(hostile)) {
      for (const key of ['href', 'src', 'action']) {
        expect(attributes[key] ?? '').not.toMatch(/^[\s\p{Cc}]*(javascript|data|vbscript)/iu);
      }
    }
    expect(hostile).not.toContain('[49]');
  });

  test('a context made of a prototype key renders and leaves no trace', async () => {
    const context: Record<string, unknown> = JSON.parse('{"__proto__":{"app_name":"polluted"}}');
    const html = await renderer.render(`security/${page}.html`, { ...fullPage(page, 'Text'), ...context });
    expect(html).not.toContain('polluted');
  });
});

test('A5 a form may have fields named like parts of every object', async () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'length'];
  const fields = Object.fromEntries(
    names.map((name) => [name, { name, id: `id-${name}`, type: 'text', label: name, errors: [], attributes: {} }]),
  );
  const form = { name: 'f', action: '/', order: names, fields, errors: [] };
  const html = await renderer.render('security/register_user.html', { register_user_form: form });
  for (const name of names) expect(html).toContain(`id="id-${name}"`);
  const empty = { ...form, fields: {} };
  const bare = await renderer.render('security/register_user.html', { register_user_form: empty });
  expect(bare).not.toMatch(/native code|<label/);
});
