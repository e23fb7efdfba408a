import type { Express } from 'express';
import { html } from '../html.js';
import { type Site, show } from '../site.js';

/** What is left over. */
export function mountNotFound(app: Express, site: Site): void {
  app.use(async (request, response) => {
    await show(site, request, response, {
      title: 'Page not found',
      status: 404,
      body: html`<h1 class="fs-title">Page not found</h1>
<p class="fs-lead">There is nothing at this address.</p>
<p><a href="/">Back to the first page</a></p>`,
    });
  });
}
