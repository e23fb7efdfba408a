/**
 * Reads `Authorization: Basic` (RFC 7617): the user's name and the password, which may hold colons. Anything malformed
 * is no credential at all. `undefined` also for other schemes.
 */
export function readBasicCredentials(header: string | undefined): { identity: string; password: string } | undefined {
  if (header === undefined || header.length > 8192) return undefined;
  const match = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header);
  if (!match?.[1]) return undefined;
  const bytes = Buffer.from(match[1], 'base64');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  const colon = text.indexOf(':');
  if (colon <= 0 || text.includes('\u0000')) return undefined;
  return { identity: text.slice(0, colon), password: text.slice(colon + 1) };
}
