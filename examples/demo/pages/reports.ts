import type { Express } from 'express';
import { html } from '../html.js';
import { type Site, show } from '../site.js';

const reports = [
  { month: 'January', visitors: 1204, accounts: 31 },
  { month: 'February', visitors: 1377, accounts: 44 },
  { month: 'March', visitors: 1690, accounts: 52 },
] as const;

/** A page that needs a permission, whichever role grants it. */
export function mountReports(app: Express, site: Site): void {
  const { own } = site;
  app.get(
    '/reports',
    own.authRequired('session'),
    own.permissionsRequired('reports-read'),
    async (request, response) => {
      await show(site, request, response, {
        title: 'Reports',
        body: html`<h1 class="fs-title">Reports</h1>
<p class="fs-lead">You see this because one of your roles grants the permission <code>reports-read</code>.</p>
<section class="fs-card demo-card">
  <div class="demo-scroll" tabindex="0" role="region" aria-label="Visitors by month">
    <table class="demo-table">
      <thead><tr><th scope="col">Month</th><th scope="col" class="demo-number">Visitors</th><th scope="col" class="demo-number">New accounts</th></tr></thead>
      <tbody>${reports.map(
        ({ month, visitors, accounts }) =>
          html`<tr><th scope="row">${month}</th><td class="demo-number">${visitors}</td><td class="demo-number">${accounts}</td></tr>`,
      )}</tbody>
    </table>
  </div>
</section>`,
      });
    },
  );
}
