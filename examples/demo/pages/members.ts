import type { Express } from 'express';
import { html } from '../html.js';
import { linkTo, type Site, show } from '../site.js';

/** A page for everybody who is signed in. */
export function mountMembers(app: Express, site: Site): void {
  const { own } = site;
  app.get('/members', own.authRequired('session'), async (request, response) => {
    const user = own.currentUser(request);
    const roles = user.roles.map((role) => role.name);
    const permissions = [...new Set(user.roles.flatMap((role) => role.permissions))];
    const changePassword = linkTo(site, request, 'change_password');
    const none = html`<span class="demo-muted">none</span>`;
    await show(site, request, response, {
      title: 'Members',
      body: html`<h1 class="fs-title">Welcome, ${user.email}</h1>
<p class="fs-lead">Everybody who is signed in may read this page.</p>
<section class="fs-card demo-card">
  <h2>What Sallyport knows about you</h2>
  <dl class="demo-facts">
    <div><dt>Email</dt><dd>${user.email}</dd></div>
    <div><dt>Roles</dt><dd>${roles.length === 0 ? none : roles.join(', ')}</dd></div>
    <div><dt>Permissions</dt><dd>${permissions.length === 0 ? none : permissions.join(', ')}</dd></div>
    <div><dt>Came in by</dt><dd>${String(own.getRequestAttr(request, 'fs_authn_via'))}</dd></div>
  </dl>
  ${changePassword === undefined ? undefined : html`<p><a href="${changePassword}">Change your password</a></p>`}
</section>`,
    });
  });
}
