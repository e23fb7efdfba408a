import type { Express } from 'express';
import { html } from '../html.js';
import { type Site, show } from '../site.js';

/** A page that needs a fresh sign-in: who has been here for long confirms once more that it is them. */
export function mountVault(app: Express, site: Site): void {
  const { own } = site;
  app.get(
    '/vault',
    own.authRequired('session', { within: '1 minute', grace: '30 seconds' }),
    async (request, response) => {
      await show(site, request, response, {
        title: 'Vault',
        body: html`<h1 class="fs-title">The vault is open</h1>
<p class="fs-lead">You have shown who you are within the last minute, so you were not asked again.</p>
<section class="fs-card demo-card">
  <h2>See the question</h2>
  <p>Wait for a minute and come back, and Sallyport will ask for your password before it opens the vault. Or do not wait:</p>
  <p><a class="demo-button" href="${own.urlForSecurity(request, 'verify', { query: { next: '/vault' } })}">Ask me now</a></p>
</section>`,
      });
    },
  );
}
