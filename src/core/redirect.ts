import type { CoreOptions } from './config/index.js';
import type { RequestContext } from './context.js';
import type { FormState } from './form.js';
import type { Origins } from './origins.js';
import type { Urls } from './urls.js';

/** Where a browser goes next (specification 2.1.6, 2.5.2). */
export interface Redirects {
  /** A target that a client named, made safe: a path of this site (or an allowed address), or nothing. */
  safe(target: string | null | undefined, context: RequestContext): string | undefined;
  /** The safe `next` of the request: of its query, else of the form. */
  next(context: RequestContext, form?: FormState): string | undefined;
  /** Where to go after an action: `next`, else the configured view, else the application's root. */
  after(context: RequestContext, view: string | null | undefined, form?: FormState): string;
  /** The configured view only, `next` ignored. */
  to(context: RequestContext, view: string | null | undefined): string;
}

const maximumTarget = 2000;

export function createRedirects(config: CoreOptions, origins: Origins, urls: Urls): Redirects {
  // Python's match() looks at the beginning of the text only.
  const pattern = config.redirectValidateMode.includes('regex')
    ? new RegExp(`^(?:${config.redirectValidateRe})`)
    : undefined;

  const safe: Redirects['safe'] = (target, context) => {
    if (!target || target.trim() === '' || target.length > maximumTarget) return undefined;
    // Only what looks like a path or a web address to every reader is worth parsing.
    if (!/^(?:\/(?![/\\])|https?:\/\/[^/\\])/i.test(target) || hasControlCharacters(target)) return undefined;
    if (pattern?.test(target)) return undefined;
    const base = origins.site(context.request);
    if (!URL.canParse(target, base)) return undefined;
    const url = new URL(target, base);
    if (!origins.mayRedirectTo(url, context.request)) return undefined;
    if (url.origin !== base) return url.href;
    const path = url.pathname + url.search + url.hash;
    // What is sent is parsed once more: `https://own//evil` would become `//evil`.
    return new URL(path, base).href === url.href ? path : undefined;
  };

  const next: Redirects['next'] = (context, form) =>
    safe(context.query.get('next'), context) ?? safe(form?.text('next'), context);

  const to: Redirects['to'] = (context, view) => (view ? urls.viewUrl(view, context.request) : config.applicationRoot);

  return { safe, next, to, after: (context, view, form) => next(context, form) ?? to(context, view) };
}

function hasControlCharacters(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
