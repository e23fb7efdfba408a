import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';

/** RFC 1035 2.3.4, without the root's empty label. */
const maximumDomainLength = 253;
/**
 * Domains that no mail comes to: the registry of special-use names (RFC 6761, 6762, 7686), without the `example`
 * names, which applications should not treat as special.
 */
const specialUseDomains = ['arpa', 'invalid', 'local', 'localhost', 'onion', 'test'];

/** Letters, marks, digits, hyphens, the dots of RFC 3490 3.1, and the four other signs that IDNA 2008 knows. */
const spelling = /^[\p{L}\p{M}\p{N}.\-\u3002\uff0e\uff61\u00b7\u05f3\u05f4\u30fb]+$/u;
const invisible = /\p{Default_Ignorable_Code_Point}/u;
/** RFC 952 and RFC 1123 2.1. */
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** The blocks of the scripts that are written from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

export interface DomainOptions {
  allowDomainLiteral?: boolean;
  testEnvironment?: boolean;
  globallyDeliverable?: boolean;
  allowSpecialUseDomains?: boolean;
}

export interface NormalizedDomain {
  domain: string;
  asciiDomain: string;
}

/** The canonical form of what stands after the `@`, or `undefined`. */
export function normalizeDomain(text: string, options: DomainOptions): NormalizedDomain | undefined {
  if (text.startsWith('[')) return options.allowDomainLiteral === true ? normalizeLiteral(text) : undefined;
  // The platform's converter reads a host as a browser would: it cuts at `/`, `?` and `#` and undoes `%41`.
  if (!spelling.test(text) || invisible.test(text)) return undefined;
  const asciiDomain = domainToASCII(text);
  if (asciiDomain.length > maximumDomainLength) return undefined;
  const labels = asciiDomain.split('.');
  if (!labels.every((text) => label.test(text))) return undefined;
  const last = labels.at(-1) ?? '';
  // A last label of digits (or 0x…) is an address, not a name.
  if (!/[a-z]$/.test(last) && (options.globallyDeliverable !== false || /^[0-9]+$/.test(last))) return undefined;

  const isTest = options.testEnvironment === true && last === 'test';
  if (options.globallyDeliverable !== false && labels.length === 1 && !isTest) return undefined;
  if (options.allowSpecialUseDomains !== true && specialUseDomains.includes(last) && !isTest) return undefined;

  const domain = domainToUnicode(asciiDomain);
  const holds = domainToASCII(domain) === asciiDomain && domain.split('.').every(isUnicodeLabel);
  return holds ? { domain, asciiDomain } : undefined;
}

/** IDNA 2008 where the platform's converter, made for browsers, is more lenient: RFC 5891 4.2.3, RFC 5892 A, RFC 5893. */
function isUnicodeLabel(text: string): boolean {
  if (!spelling.test(text) || /^-|-$/.test(text) || text.slice(2, 4) === '--') return false;
  const signs = text.replace(/l\u00b7(?=l)/g, '').replace(/(?<=\p{Script=Hebrew})[\u05f3\u05f4]/gu, '');
  if (/[\u00b7\u05f3\u05f4]/.test(signs)) return false;
  if (text.includes('\u30fb') && !/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(text)) return false;
  if (!rightToLeft.test(text)) return true;
  const letters = text.match(/\p{L}/gu) ?? [];
  return !/^[-\p{N}]/u.test(text) && letters.every((letter) => rightToLeft.test(letter));
}

/** RFC 5321 4.1.3: `[192.0.2.1]` or `[IPv6:2001:db8::1]`. */
function normalizeLiteral(text: string): NormalizedDomain | undefined {
  if (!text.endsWith(']')) return undefined;
  const address = text.slice(1, -1);
  if (isIPv4(address)) return { domain: text, asciiDomain: text };
  const [, six = ''] = /^IPv6:([0-9a-f:.]+)$/i.exec(address) ?? [];
  if (!isIPv6(six)) return undefined;
  const literal = `[IPv6:${new URL(`http://[${six}]`).hostname.slice(1, -1)}]`;
  return { domain: literal, asciiDomain: literal };
}
