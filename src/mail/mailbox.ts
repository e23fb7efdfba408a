/** A name and the address it goes with, as in `Name <user@example.com>` (RFC 5322 3.4). */
export interface Mailbox {
  /** `''` if there is none. */
  name: string;
  address: string;
}

const controls = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * Takes `Name <address>`, `"Name, quoted" <address>` or a bare address apart; `undefined` for lists, comments, control
 * characters and anything else. The address is not judged here.
 */
export function splitMailbox(text: string): Mailbox | undefined {
  if (text.length > 1024 || controls.test(text)) return undefined;
  if (!text.endsWith('>')) return { name: '', address: text };
  const open = text.lastIndexOf('<');
  if (open === -1) return undefined;
  const address = text.slice(open + 1, -1);
  const name = displayName(text.slice(0, open).trim());
  return name === undefined ? undefined : { name, address };
}

function displayName(text: string): string | undefined {
  if (/^"(?:[^"\\]|\\.)*"$/u.test(text)) return text.slice(1, -1).replace(/\\(.)/gu, '$1');
  return /["(),:;<>@[\\\]]/.test(text) ? undefined : text;
}
