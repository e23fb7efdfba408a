import { describe, expect, test } from 'vitest';
import { builtinTemplatesDirectory, createTemplateRenderer } from './index.js';
import { fullMail, mails } from './testing/contexts.js';
import { hostileTexts } from './testing/hostile.js';
import { readTags } from './testing/html.js';

const renderer = createTemplateRenderer({ directories: [builtinTemplatesDirectory] });
const link = 'https://app.example/link';
const spam = 'Win a prize at http://spam.example';

describe.each(mails)('A3 %s', (mail) => {
  const render = (kind: string, context: Record<string, unknown>) =>
    renderer.render(`security/email/${mail}.${kind}`, context);

  // The mail to whoever looks after accounts says whose account it is: by the address, which is no free text.
  const typedBy = (text: string): Record<string, unknown> => ({
    ...fullMail(text, link),
    ...(mail === 'two_factor_rescue' ? { user: { email: 'joe@example.com', username: text, name: text } } : {}),
  });

  test('never carries what a user typed: somebody else may be the one who reads it', async () => {
    for (const kind of ['html', 'txt']) {
      const typed = await render(kind, typedBy(spam));
      expect(typed).not.toContain('spam');
      expect(typed).toBe(await render(kind, typedBy('Joe')));
    }
  });

  test.each(hostileTexts)('is the same message with the application called %j', async (name) => {
    const html = (app: string) => render('html', { ...fullMail('Joe', link), app_name: app });
    const shape = (source: string) => readTags(source).map((tag) => `${tag.name} ${Object.keys(tag.attributes)}`);
    expect(shape(await html(name))).toEqual(shape(await html('Acme')));
    const text = await render('txt', { ...fullMail('Joe', link), app_name: name });
    expect(text).not.toContain('\r');
    expect(text).not.toContain('&lt;');
    expect(text).not.toContain('[49]');
  });

  test('A5 a link that would run code is not linked', async () => {
    const html = await render('html', fullMail('Joe', 'javascript:alert(1)'));
    for (const { attributes } of readTags(html)) expect(attributes.href ?? '#').toBe('#');
  });

  test('A5 a hostile link stays inside its attribute', async () => {
    const html = await render('html', fullMail('Joe', 'https://app.example/"><script>alert(1)</script>'));
    expect(readTags(html).map((tag) => tag.name)).not.toContain('script');
  });
});
