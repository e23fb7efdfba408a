/**
 * Reads one cookie out of a `Cookie` header without splitting the whole header. Of two cookies with one name the first
 * counts (RFC 6265 5.4: user agents send the one with the longer path first); that a tossed duplicate cannot win is the
 * business of the `__Host-` prefix.
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  let from = 0;
  while (from < header.length) {
    const at = header.indexOf(name, from);
    if (at < 0) return undefined;
    const end = at + name.length;
    if (header.charCodeAt(end) === 61 /* = */ && startsPair(header, at)) {
      const stop = header.indexOf(';', end);
      return unquote(header.slice(end + 1, stop < 0 ? header.length : stop).trim());
    }
    from = end;
  }
  return undefined;
}

function startsPair(header: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && header.charCodeAt(before) === 32) before -= 1;
  return before < 0 || header.charCodeAt(before) === 59; /* ; */
}

function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  // Werkzeug quotes values with characters outside RFC 6265's set: `\"`, `\\` and three-digit octal escapes.
  return value.slice(1, -1).replace(/\\([0-3][0-7]{2}|.)/g, (_, escaped: string) => {
    return escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped;
  });
}

export interface CookieAttributes {
  httpOnly: boolean;
  secure: boolean;
  sameSite: 'Strict' | 'Lax' | 'None' | undefined;
  path: string;
  domain?: string | undefined;
  /** Seconds; absent: until the browser is closed. */
  maxAge?: number | undefined;
}

/** One `Set-Cookie` value (RFC 6265 4.1). Values are ours (base64url, dots, digits) or are percent-encoded. */
export function writeCookie(name: string, value: string, attributes: CookieAttributes): string {
  const safe = /^[\w!#$&'()*+\-./:<=>?@[\]^`{|}~%]*$/.test(value) ? value : encodeURIComponent(value);
  let line = `${name}=${safe}; Path=${attributes.path}`;
  if (attributes.domain) line += `; Domain=${attributes.domain}`;
  if (attributes.maxAge !== undefined) {
    line += `; Max-Age=${attributes.maxAge}`;
    if (attributes.maxAge <= 0) line += '; Expires=Thu, 01 Jan 1970 00:00:00 GMT';
  }
  if (attributes.httpOnly) line += '; HttpOnly';
  if (attributes.secure) line += '; Secure';
  if (attributes.sameSite) line += `; SameSite=${attributes.sameSite}`;
  return line;
}
