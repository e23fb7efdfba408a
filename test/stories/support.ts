import { afterAll, beforeAll, describe } from 'vitest';
import { type AdapterName, adapterNames } from '../support/adapters.js';
import { openApp, type TestApp, type TestAppOptions } from '../support/app.js';

export interface StoryOptions extends TestAppOptions {
  /** The frameworks on which it is told; all of them unless it is about something that no adapter touches. */
  on?: readonly AdapterName[];
}

/** Tells stories on one application for each framework: `app()` answers it inside a test. */
export function stories(subject: string, options: StoryOptions, tell: (app: () => TestApp) => void): void {
  const { on = adapterNames, ...given } = options;
  describe.each(on)(`${subject}, on %s`, (adapter) => {
    let opened: TestApp | undefined;
    beforeAll(async () => {
      opened = await openApp({ ...given, adapter });
    });
    afterAll(() => opened?.close());
    tell(() => {
      if (opened === undefined) throw new Error('The application is not open yet.');
      return opened;
    });
  });
}

/** The address in `next` of a redirect to the sign-in or verify page. */
export function nextOf(location: string | null): string | null {
  return new URL(location ?? '', 'http://localhost').searchParams.get('next');
}

/** The names in the `Set-Cookie` lines of an answer, as often as they come. */
export function cookieNames(headers: Headers): string[] {
  return headers.getSetCookie().map((line) => line.slice(0, line.indexOf('=')));
}

export const formType = 'application/x-www-form-urlencoded';
