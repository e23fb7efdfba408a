import { type AddressMatcher, canonicalAddress, clientAddress } from '../http/address.js';
import type { HttpRequest } from '../http/types.js';
import type { CoreOptions } from './config/index.js';

/** Knows where the site is, and from where a request came. Nothing is learned from requests (attack line R4). */
export interface Origins {
  /** The site's origin: configured, or (development without `baseUrl`) that of the request. */
  site(request: HttpRequest): string;
  /** The origin on which our routes answer: the site's, or its subdomain. */
  ours(request: HttpRequest): string;
  /** Is this the site itself, or (where allowed) one of its subdomains? Also true of the configured redirect host. */
  mayRedirectTo(url: URL, request: HttpRequest): boolean;
  /** May this `Origin` send changing requests? */
  mayChange(origin: string, request: HttpRequest): boolean;
  /** Are cookies to be `Secure`? */
  readonly secure: boolean;
  clientAddress(request: HttpRequest): string | undefined;
}

export function createOrigins(config: CoreOptions, trusted: AddressMatcher): Origins {
  const configured = config.baseUrl === null ? undefined : new URL(config.baseUrl);
  const site = (request: HttpRequest): URL => configured ?? originOfRequest(request, trusted);
  const ours = (request: HttpRequest): URL => {
    const url = site(request);
    if (config.subdomain === null) return url;
    const onSubdomain = new URL(url);
    // Without baseUrl the request itself may have come by the subdomain already.
    if (!url.host.startsWith(`${config.subdomain}.`)) onSubdomain.host = `${config.subdomain}.${url.host}`;
    return onSubdomain;
  };
  return {
    site: (request) => site(request).origin,
    ours: (request) => ours(request).origin,
    mayRedirectTo(url, request) {
      const own = site(request);
      if (url.username !== '' || url.password !== '') return false;
      if (url.origin === own.origin || url.origin === ours(request).origin) return true;
      if (config.redirectHost !== null && url.host === config.redirectHost.toLowerCase())
        return /^https?:$/.test(url.protocol);
      return config.redirectAllowSubdomains && configured !== undefined && isSubdomain(url, own);
    },
    mayChange: (origin, request) =>
      origin === site(request).origin || origin === ours(request).origin || config.trustedOrigins.includes(origin),
    secure: configured?.protocol === 'https:',
    clientAddress: (request) => clientAddress(request.remoteAddress, request.header('x-forwarded-for'), trusted),
  };
}

function isSubdomain(url: URL, site: URL): boolean {
  return url.protocol === site.protocol && url.port === site.port && url.hostname.endsWith(`.${site.hostname}`);
}

function originOfRequest(request: HttpRequest, trusted: AddressMatcher): URL {
  const peer = canonicalAddress(request.remoteAddress);
  const forwarded = peer !== undefined && trusted(peer) ? request.header('x-forwarded-proto') : undefined;
  const encrypted = forwarded === undefined ? request.encrypted : forwarded.split(',')[0]?.trim() === 'https';
  const text = `${encrypted ? 'https' : 'http'}://${request.header('host') ?? 'localhost'}`;
  return URL.canParse(text) && /^https?:\/\/[\w.\-[\]:]+$/.test(text) ? new URL(text) : new URL('http://localhost');
}
