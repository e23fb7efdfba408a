import type { Express, Request } from 'express';
import { type Html, html } from '../html.js';
import { type Site, show } from '../site.js';

/** Endpoints for programs, and the page that shows how to call them. */
export function mountApi(app: Express, site: Site): void {
  const { own, security } = site;

  app.get('/api/me', own.authRequired('token'), (request, response) => {
    const user = own.currentUser(request);
    response.json({ email: user.email, roles: user.roles.map((role) => role.name) });
  });

  app.get('/api/status', own.httpAuthRequired('Sallyport demo'), (request, response) => {
    response.json({ status: 'fine', askedBy: own.currentUser(request).email });
  });

  app.get('/api', async (request, response) => {
    const user = await own.optionalUser(request);
    await show(site, request, response, {
      title: 'API',
      body: apiPage(request, user?.email, user === null ? undefined : own.csrfToken(request), undefined),
    });
  });

  app.post('/api', own.authRequired('session'), async (request, response) => {
    const user = own.currentUser(request);
    const token = await security.getAuthToken(user);
    await show(site, request, response, {
      title: 'Your token',
      body: apiPage(request, user.email, own.csrfToken(request), token),
    });
  });
}

function apiPage(
  request: Request,
  email: string | undefined,
  csrfToken: string | undefined,
  token: string | undefined,
): Html {
  const origin = `${request.protocol}://${request.get('host') ?? 'localhost'}`;
  return html`<h1 class="fs-title">API</h1>
<p class="fs-lead">The same users and roles, for programs: by token or by basic authentication.</p>
<section class="fs-card demo-card">
  <h2>By token</h2>
  ${
    email === undefined || csrfToken === undefined
      ? html`<p><a href="/login?next=/api">Sign in</a> to make a token of your own.</p>`
      : html`<form action="/api" method="post">
    <input type="hidden" name="csrf_token" value="${csrfToken}">
    <p>A token lets a program act as you, without a session and without your password.</p>
    <p><button class="demo-button" type="submit">${token === undefined ? 'Make a token' : 'Make another one'}</button></p>
  </form>`
  }
  ${token === undefined ? undefined : html`<p class="fs-message fs-message-success" role="status">Here is your token. It is not shown again, and ends with your next change of password.</p>`}
  ${command('Command with a token', `curl -H "Authentication-Token: ${token ?? '<your token>'}" \\\n  ${origin}/api/me`)}
</section>
<section class="fs-card demo-card">
  <h2>By basic authentication</h2>
  <p>Curl asks for the password.</p>
  ${command('Command with basic authentication', `curl -u ${email ?? 'member@example.com'} ${origin}/api/status`)}
</section>
<section class="fs-card demo-card">
  <h2>Refused</h2>
  <p>Without credentials, programs get status 401 and JSON that says why.</p>
  ${command('Command without credentials', `curl -i -H "Accept: application/json" ${origin}/api/me`)}
</section>`;
}

function command(label: string, text: string): Html {
  return html`<pre class="demo-code" tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>`;
}
