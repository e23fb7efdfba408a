import type { Express } from 'express';
import type { ListedUser } from '../database.js';
import { type Html, html } from '../html.js';
import { type Site, show } from '../site.js';

/** Pages for one role, with a form of the application's own under Sallyport's CSRF protection. */
export function mountAdmin(app: Express, site: Site): void {
  const { own, database, security } = site;
  const signedIn = own.authRequired('session');
  const administrators = own.rolesRequired('admin');

  app.get('/admin', signedIn, administrators, async (request, response) => {
    const me = own.currentUser(request).email;
    const token = own.csrfToken(request);
    const users = await database.listUsers();
    await show(site, request, response, {
      title: 'Admin',
      body: html`<h1 class="fs-title">Users</h1>
<p class="fs-lead">Only the role <code>admin</code> opens this page. Who is deactivated is signed out at once and cannot come back in.</p>
<section class="fs-card demo-card">
  <div class="demo-scroll" tabindex="0" role="region" aria-label="Users">
    <table class="demo-table">
      <thead><tr><th scope="col">Email</th><th scope="col">Roles</th><th scope="col">State</th><th scope="col"><span class="fs-visually-hidden">Action</span></th></tr></thead>
      <tbody>${users.map((user) => row(user, user.email === me, token))}</tbody>
    </table>
  </div>
</section>`,
    });
  });

  app.post('/admin/users/:id/:action', signedIn, administrators, async (request, response, next) => {
    const { id, action } = request.params;
    const listed = (await database.listUsers()).find((user) => String(user.id) === id);
    const user = listed === undefined ? null : await security.datastore.findUser({ email: listed.email });
    if (user === null || (action !== 'activate' && action !== 'deactivate')) return next();
    if (user.email === own.currentUser(request).email) {
      own.flash(request, 'You cannot lock yourself out.', 'error');
    } else if (action === 'activate') {
      await security.datastore.activateUser(user);
      own.flash(request, `${user.email} may sign in again.`, 'success');
    } else {
      await security.datastore.deactivateUser(user);
      // Else the old sessions would be good again after an activation.
      await security.datastore.deleteUserSessions(user);
      own.flash(request, `${user.email} is locked out.`, 'success');
    }
    response.redirect(303, '/admin');
  });
}

function row(user: ListedUser, isMe: boolean, token: string): Html {
  const action = user.active ? 'deactivate' : 'activate';
  const label = user.active ? 'Deactivate' : 'Activate';
  return html`<tr>
  <th scope="row">${user.email}</th>
  <td>${user.roles.length === 0 ? html`<span class="demo-muted">none</span>` : user.roles.join(', ')}</td>
  <td><span class="demo-badge demo-badge-${user.active ? 'on' : 'off'}">${user.active ? 'active' : 'deactivated'}</span></td>
  <td class="demo-end">${
    isMe
      ? html`<span class="demo-muted">you</span>`
      : html`<form action="/admin/users/${user.id}/${action}" method="post">
    <input type="hidden" name="csrf_token" value="${token}">
    <button class="demo-button demo-button-quiet" type="submit">${label}<span class="fs-visually-hidden"> ${user.email}</span></button>
  </form>`
  }</td>
</tr>`;
}
