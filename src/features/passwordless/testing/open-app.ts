import { type Outbox, outbox, passwordless } from 'sallyport';
import { openApp, type TestApp, type TestAppOptions } from '../../../../test/support/app.js';

export interface PasswordlessApp extends TestApp {
  mails: Outbox;
  /** The path of the link in the newest mail, once all mails are out. */
  newestLink(): Promise<string>;
}

/** For tests: an application that signs in by mail. */
export async function openPasswordlessApp(
  options: TestAppOptions & { feature?: Parameters<typeof passwordless>[0] } = {},
): Promise<PasswordlessApp> {
  const { feature, features = [], ...given } = options;
  const mails = outbox();
  const app = await openApp({ mailTransport: mails, ...given, features: [passwordless(feature), ...features] });
  return {
    ...app,
    mails,
    async newestLink() {
      await app.security.drain();
      return linkIn(mails.mails.at(-1)?.text ?? '');
    },
  };
}

/** Path and query of the one link to our site in a mail. */
export function linkIn(text: string): string {
  const [link = ''] = /https?:\/\/\S+\/login\/\S+/.exec(text) ?? [];
  const url = new URL(link);
  return url.pathname + url.search;
}
