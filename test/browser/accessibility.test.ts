import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumInstalled, launchChromium, openTab } from './chromium.js';
import { demoUser, openDemo, type RunningDemo } from './demo.js';

const open = ['/', '/login', '/register', '/reset', '/confirm', '/api', '/outbox', '/no-such-page'];
const guarded = ['/', '/members', '/reports', '/admin', '/vault', '/verify?next=/vault', '/change', '/api'];

describe.skipIf(!chromiumInstalled)('accessibility of the demo', () => {
  let browser: Browser;
  let demo: RunningDemo;
  beforeAll(async () => {
    [browser, demo] = await Promise.all([launchChromium(), openDemo()]);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  it('every page passes axe and fits, light and dark, on a telephone and a desk', { timeout: 600_000 }, async () => {
    const { page, context, complaints } = await openTab(browser, { baseURL: demo.origin });
    const problems: string[] = [];
    const check = async (name: string): Promise<void> => {
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const needed = Number(await page.evaluate('document.documentElement.scrollWidth'));
        if (needed > width) problems.push(`${name}: ${needed} of ${width} pixels wide`);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          // A colour that is still on its way is neither the one nor the other.
          await page.evaluate('Promise.allSettled(document.getAnimations().map((one) => one.finished))');
          const { violations } = await new AxeBuilder({ page }).analyze();
          const where = `${name}, ${colorScheme}, ${width} pixels`;
          problems.push(...violations.map((one) => `${where}: ${one.id} at ${one.nodes[0]?.html}`));
        }
      }
    };
    const signIn = async (password: string): Promise<void> => {
      await page.goto('/login');
      await page.getByLabel('Email address').fill(demoUser('admin').email);
      await page.getByLabel('Password').fill(password);
      await page.locator('.fs-form button').click();
    };
    for (const path of open) {
      await page.goto(path);
      await check(path);
    }
    await signIn('guessed');
    await check('/login refused');
    await signIn(demoUser('admin').password);
    for (const path of guarded) {
      await page.goto(path);
      await check(`${path} signed in`);
    }
    await context.close();
    expect(problems).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
