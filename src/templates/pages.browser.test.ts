import { existsSync, readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtinStylesheet, builtinTemplatesDirectory, createTemplateRenderer } from './index.js';
import { fullPage, pages } from './testing/contexts.js';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'";
const renderer = createTemplateRenderer({ directories: [builtinTemplatesDirectory] });
let browser: Browser;

describe.skipIf(!existsSync(executablePath))('in a browser', () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser.close();
  });

  test.each(['light', 'dark'] as const)(
    'A12 pages in %s pass axe and the policy, and fit 320 px',
    async (scheme) => {
      const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 320, height: 640 } });
      const tab = await context.newPage();
      const complaints: string[] = [];
      tab.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      await tab.route('**/*', async (route) => {
        const path = new URL(route.request().url()).pathname;
        const name = path.slice(1);
        if (path === '/static/sallyport.css') {
          await route.fulfill({ contentType: 'text/css', body: readFileSync(builtinStylesheet, 'utf8') });
        } else if (pages.includes(name)) {
          const text = `Some text in ${name} withaverylongwordthatdoesnotfitthescreenofasmalltelephone`;
          const given = { ...fullPage(name, text), theme_url: undefined, logo_url: undefined };
          const body = await renderer.render(`security/${name}.html`, given);
          await route.fulfill({ contentType: 'text/html', headers: { 'Content-Security-Policy': policy }, body });
        } else {
          await route.fulfill({ status: 404, body: '' });
        }
      });
      for (const name of pages) {
        await tab.goto(`http://localhost/${name}`);
        expect(await tab.evaluate('getComputedStyle(document.querySelector("main")).maxWidth'), name).toBe('416px');
        expect(await tab.evaluate('document.documentElement.scrollWidth'), name).toBe(320);
        const { violations } = await new AxeBuilder({ page: tab }).analyze();
        expect(violations.map((violation) => `${name}: ${violation.id} ${violation.nodes[0]?.html}`)).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await context.close();
    },
    180_000,
  );
});
