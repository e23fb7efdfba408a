import type { Outbox } from 'sallyport';

/** The last mail to an address; what was sent is in the outbox once `security.drain()` has settled. */
export function lastMail(outbox: Outbox, recipient: string): Outbox['mails'][number] {
  const mail = outbox.mails.filter(({ to }) => to === recipient).at(-1);
  if (mail === undefined) throw new Error(`no mail to ${recipient}`);
  return mail;
}

/** The first link of the last mail to an address whose path begins with `prefix`, as path with query. */
export function mailedLink(outbox: Outbox, recipient: string, prefix: string): string {
  const text = lastMail(outbox, recipient).text ?? '';
  const link = [...text.matchAll(/https?:\/\/\S+/g)]
    .map(([url]) => new URL(url))
    .find((url) => url.pathname.startsWith(prefix));
  if (link === undefined) throw new Error(`no link to ${prefix} in: ${text}`);
  return link.pathname + link.search;
}
