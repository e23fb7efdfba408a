import { type Html, html, toText } from './html.js';

export interface Layout {
  title: string;
  body: Html;
  path: string;
  /** Of the signed-in user. */
  email: string | undefined;
  csrfToken: string | undefined;
  messages: readonly (readonly [category: string, text: string])[];
  stylesheets: readonly string[];
  links: { login: string; logout: string; register: string | undefined; outbox: string | undefined };
}

const logo = html`<svg class="fs-logo" viewBox="0 0 40 40" width="32" height="32" aria-hidden="true" focusable="false"><rect width="40" height="40" rx="10" fill="#0f766e"/><path d="M9 31V18a11 11 0 0 1 22 0v13" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/><path d="M15.5 31V19a4.5 4.5 0 0 1 9 0v12" fill="none" stroke="#99f6e4" stroke-width="3" stroke-linecap="round"/></svg>`;

/** The frame of the demo's own pages: the same style sheet as Sallyport's, and one more. */
export function renderLayout(page: Layout): string {
  const { links, path } = page;
  const item = (href: string, label: string): Html =>
    html`<li><a href="${href}"${isBelow(path, href) ? html` aria-current="page"` : undefined}>${label}</a></li>`;
  return toText(html`<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>${page.title} · Sallyport demo</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="robots" content="noindex">
  <link rel="icon" href="/icon.svg" type="image/svg+xml">
  ${page.stylesheets.map((href) => html`<link rel="stylesheet" href="${href}">`)}
</head>
<body class="fs-page demo-page">
  <a class="demo-skip" href="#main">Skip to content</a>
  <header class="demo-header">
    <a class="fs-brand" href="/">${logo}<span class="fs-brand-name">Sallyport demo</span></a>
    <nav class="demo-nav" aria-label="Pages">
      <ul>
        ${item('/members', 'Members')}
        ${item('/reports', 'Reports')}
        ${item('/admin', 'Admin')}
        ${item('/vault', 'Vault')}
        ${item('/api', 'API')}
        ${links.outbox === undefined ? undefined : item(links.outbox, 'Outbox')}
      </ul>
    </nav>
    <div class="demo-account">${account(page)}</div>
  </header>
  <main class="demo-main" id="main">
    ${messages(page.messages)}
    ${page.body}
  </main>
</body>
</html>
`);
}

function account({ email, csrfToken, links }: Layout): Html {
  if (email === undefined) {
    return html`${links.register === undefined ? undefined : html`<a class="demo-quiet" href="${links.register}">Create an account</a>`}
      <a class="demo-button" href="${links.login}">Sign in</a>`;
  }
  return html`<span class="demo-who"><span class="fs-visually-hidden">Signed in as </span>${email}</span>
      <form action="${links.logout}" method="post">
        <input type="hidden" name="csrf_token" value="${csrfToken ?? ''}">
        <button class="demo-button demo-button-quiet" type="submit">Sign out</button>
      </form>`;
}

function messages(flashed: Layout['messages']): Html | undefined {
  if (flashed.length === 0) return undefined;
  const known = ['success', 'info', 'warning', 'error'];
  return html`<div class="fs-messages">${flashed.map(
    ([category, text]) =>
      html`<p class="fs-message fs-message-${known.includes(category) ? category : 'info'}" role="${category === 'error' ? 'alert' : 'status'}">${text}</p>`,
  )}</div>`;
}

const isBelow = (path: string, href: string): boolean => path === href || path.startsWith(`${href}/`);
