import type { HttpRequest } from '../http/types.js';
import type { CoreOptions } from './config/index.js';
import { UsageError } from './errors.js';
import type { Origins } from './origins.js';

export interface UrlOptions {
  /** Values of the path's parameters. */
  parameters?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string | undefined>>;
  /** Absolute, with the site's origin (specification: `_external`). */
  external?: boolean;
  anchor?: string;
}

/** URLs of endpoints and views (specification 3.1.5: `url_for_security`, `get_url`, `transform_url`). */
export interface Urls {
  /** @throws UsageError when there is no such endpoint. */
  urlFor(endpoint: string, request: HttpRequest, options?: UrlOptions): string;
  has(endpoint: string): boolean;
  /** The URL of a view: an endpoint by name, or the given URL (moved to `redirectHost` where one is set). */
  viewUrl(view: string, request: HttpRequest, query?: UrlOptions['query']): string;
}

export function createUrls(config: CoreOptions, paths: ReadonlyMap<string, string>, origins: Origins): Urls {
  const pathOf = (name: string): string | undefined => {
    const prefix = `${config.blueprintName}.`;
    if (name.startsWith('.')) return paths.get(name.slice(1));
    return paths.get(name.startsWith(prefix) ? name.slice(prefix.length) : name);
  };
  const urlFor: Urls['urlFor'] = (endpoint, request, options = {}) => {
    const path = pathOf(endpoint);
    if (path === undefined) throw new UsageError(`There is no endpoint "${endpoint}" here.`);
    const filled = path.replace(/:(\w+)/g, (_, name: string) => {
      const value = options.parameters?.[name];
      if (value === undefined) throw new UsageError(`The endpoint "${endpoint}" needs the parameter "${name}".`);
      return encodeURIComponent(value);
    });
    const origin = options.external || config.subdomain !== null ? origins.ours(request) : '';
    const anchor = options.anchor === undefined ? '' : `#${encodeURIComponent(options.anchor)}`;
    return withQuery(`${origin}${config.urlPrefix ?? ''}${filled}`, options.query) + anchor;
  };
  return {
    urlFor,
    has: (endpoint) => pathOf(endpoint) !== undefined,
    viewUrl(view, request, query) {
      // A path or an address can be no endpoint's name.
      if (!view.includes('/') && pathOf(view) !== undefined) return urlFor(view, request, query ? { query } : {});
      return withQuery(
        config.redirectHost === null ? view : moveToHost(view, config.redirectHost, request, origins),
        query,
      );
    },
  };
}

/** The same URL on another host; a path becomes absolute (specification: `SECURITY_REDIRECT_HOST`). */
function moveToHost(view: string, host: string, request: HttpRequest, origins: Origins): string {
  const url = new URL(view, origins.site(request));
  url.host = host;
  if (!host.includes(':')) url.port = '';
  return url.href;
}

/** Adds query parameters to a URL (or path), replacing those of the same name. */
export function withQuery(url: string, query: UrlOptions['query']): string {
  const entries = Object.entries(query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (entries.length === 0) return url;
  const [beforeAnchor = '', anchor] = url.split('#', 2);
  const [path = '', present] = beforeAnchor.split('?', 2);
  const parameters = new URLSearchParams(present);
  for (const [name, value] of entries) parameters.set(name, value);
  return `${path}?${parameters}${anchor === undefined ? '' : `#${anchor}`}`;
}
