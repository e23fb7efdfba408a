import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Outbox, Security } from 'sallyport';
import type { ExpressSecurity } from 'sallyport/express';
import type { DemoDatabase, DemoUser } from './database.js';
import type { Html } from './html.js';
import { renderLayout } from './layout.js';

/** What every page of the demo works with. */
export interface Site {
  security: Security<DemoUser>;
  own: ExpressSecurity<DemoUser>;
  database: DemoDatabase;
  development: boolean;
  /** Development only: mails are kept here instead of being sent. */
  outbox: Outbox | undefined;
}

export interface Page {
  title: string;
  body: Html;
  status?: number;
}

/** Style sheets may be kept for ever: their address changes with each start. */
export const version = randomBytes(6).toString('hex');

/** Answers with a page in the demo's frame. */
export async function show(site: Site, request: Request, response: Response, page: Page): Promise<void> {
  const { own } = site;
  const user = await own.optionalUser(request);
  const text = renderLayout({
    ...page,
    path: request.path,
    email: user?.email,
    csrfToken: user === null ? undefined : own.csrfToken(request),
    messages: own.getFlashedMessages(request),
    stylesheets: [own.urlForSecurity(request, 'static', { query: { v: version } }), `/demo.css?v=${version}`],
    links: {
      login: own.urlForSecurity(request, 'login'),
      logout: own.urlForSecurity(request, 'logout'),
      register: linkTo(site, request, 'register'),
      outbox: site.outbox === undefined ? undefined : '/outbox',
    },
  });
  response
    .status(page.status ?? 200)
    .set('Cache-Control', 'no-store')
    .type('html')
    .send(text);
}

/** The address of one of Sallyport's pages, where its feature is on. */
export function linkTo(site: Site, request: Request, endpoint: string): string | undefined {
  return site.security.core.urls.has(endpoint) ? site.own.urlForSecurity(request, endpoint) : undefined;
}
