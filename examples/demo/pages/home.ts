import type { Express, Request } from 'express';
import { demoUsers } from '../demo-users.js';
import { type Html, html } from '../html.js';
import { linkTo, type Site, show } from '../site.js';

/** Pages to try, with who may open them. */
const places = [
  {
    href: '/members',
    title: 'Members',
    who: 'everybody who is signed in',
    text: 'Roles and permissions as the page sees them.',
  },
  {
    href: '/reports',
    title: 'Reports',
    who: 'permission reports-read',
    text: 'Editors and administrators come in, members do not.',
  },
  { href: '/admin', title: 'Admin', who: 'role admin', text: 'Lists the users and locks them out.' },
  {
    href: '/vault',
    title: 'Vault',
    who: 'a sign-in not older than a minute',
    text: 'Asks for the password again when it is.',
  },
  {
    href: '/api',
    title: 'API',
    who: 'token or basic authentication',
    text: 'Make a token and call an endpoint with curl.',
  },
] as const;

/** Sallyport's own pages that the home page points at, where their features are on. */
const accountPages = [
  ['register', 'Create an account'],
  ['forgot_password', 'Forgot your password?'],
  ['send_confirmation', 'Resend the confirmation mail'],
  ['us_signin', 'Sign in with a code'],
] as const;

/** The first page: who you are, whom you can sign in as, and what to try. */
export function mountHome(app: Express, site: Site): void {
  app.get('/', async (request, response) => {
    const user = await site.own.optionalUser(request);
    await show(site, request, response, {
      title: 'Home',
      body: html`<h1 class="fs-title demo-hero">Two gates before every page</h1>
<p class="fs-lead demo-hero-lead">Who are you, and may you? Sign in, open the pages below, and see which of them let you in.</p>
${user === null ? strangers(site, request) : html`<p class="demo-state">You are signed in as <strong>${user.email}</strong>. Sign out at the top to come back as somebody else.</p>`}
<h2 class="demo-heading">Try these pages</h2>
<ul class="demo-places">${places.map(
        (place) => html`<li class="fs-card demo-place">
  <h3><a href="${place.href}">${place.title}</a></h3>
  <p>${place.text}</p>
  <p class="demo-need">For: ${place.who}</p>
</li>`,
      )}${
        site.outbox === undefined
          ? undefined
          : html`<li class="fs-card demo-place">
  <h3><a href="/outbox">Outbox</a></h3>
  <p>Mails that would have been sent, with links that work.</p>
  <p class="demo-need">For: everybody, in development only</p>
</li>`
      }</ul>`,
    });
  });
}

function strangers(site: Site, request: Request): Html {
  const more = accountPages.flatMap(([endpoint, label]) => {
    const href = linkTo(site, request, endpoint);
    return href === undefined ? [] : [html`<li><a href="${href}">${label}</a></li>`];
  });
  return html`<section class="fs-card demo-card">
  <h2>${site.development ? 'Sign in as one of these' : 'Come in'}</h2>
  ${
    site.development
      ? html`<div class="demo-scroll" tabindex="0" role="region" aria-label="Demo users">
    <table class="demo-table">
      <thead><tr><th scope="col">Email</th><th scope="col">Password</th><th scope="col">Who</th></tr></thead>
      <tbody>${demoUsers.map(
        ({ email, password, description }) =>
          html`<tr><th scope="row"><code>${email}</code></th><td><code>${password}</code></td><td>${description}</td></tr>`,
      )}</tbody>
    </table>
  </div>`
      : undefined
  }
  <div class="demo-row"><a class="demo-button" href="${site.own.urlForSecurity(request, 'login')}">Sign in</a>
  ${more.length === 0 ? undefined : html`<ul class="demo-links">${more}</ul>`}</div>
</section>`;
}
