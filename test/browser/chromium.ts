import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export const chromiumInstalled: boolean = existsSync(executablePath);
if (!chromiumInstalled) console.warn('SKIPPED: Chromium is not installed');

/** A real browser, without a window. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

export interface Tab {
  page: Page;
  context: BrowserContext;
  /** What the console, the policy and the network had to complain about. */
  complaints: string[];
}

type ContextOptions = NonNullable<Parameters<Browser['newContext']>[0]>;

/** A tab with cookies of its own. Refused pages (4xx) are answers, not complaints; missing resources are. */
export async function openTab(browser: Browser, options: ContextOptions): Promise<Tab> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  // Below the limit of a test, so that a failure says which element was missing.
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    const isAnswer = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
    if (!isAnswer && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'failed';
    // Aborted: the page was left before its icon had come.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${reason}`);
  });
  page.on('response', (response) => {
    const isPage = response.request().resourceType() === 'document';
    if (response.status() >= 500 || (response.status() >= 400 && !isPage))
      complaints.push(`${response.url()}: ${response.status()}`);
  });
  return { page, context, complaints };
}
