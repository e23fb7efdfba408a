import type { Express } from 'express';
import type { Outbox } from 'sallyport';
import { type Html, html } from '../html.js';
import { policyFor } from '../policy.js';
import { type Site, show } from '../site.js';

type Mail = Outbox['mails'][number];

/** Development only: every mail that would have been sent, with links to click. */
export function mountOutbox(app: Express, site: Site, outbox: Outbox): void {
  const find = (id: string): Mail | undefined => outbox.mails.find((mail) => mail.id === id);

  app.get('/outbox', async (request, response) => {
    const mails = [...outbox.mails].reverse();
    await show(site, request, response, {
      title: 'Outbox',
      body: html`<h1 class="fs-title">Outbox</h1>
<p class="fs-lead">In development no mail leaves this machine. What would have been sent waits here, newest first.</p>
${
  mails.length === 0
    ? html`<section class="fs-card demo-card"><p class="demo-muted">Nothing yet. Do something that sends a mail, then come back.</p></section>`
    : html`<ul class="demo-mails">${mails.map(listed)}</ul>`
}`,
    });
  });

  app.get('/outbox/:id', async (request, response, next) => {
    const mail = find(request.params.id);
    if (mail === undefined) return next();
    await show(site, request, response, { title: mail.subject, body: opened(mail) });
  });

  app.get('/outbox/:id/html', (request, response, next) => {
    const mail = find(request.params.id);
    if (mail?.html === undefined || mail.html === null) return next();
    // Links in the mail are to open the window, not the frame.
    const text = mail.html.replace(/<head[^>]*>/i, (head) => `${head}<base target="_top">`);
    response.set(policyFor('mail')).set('Cache-Control', 'no-store').type('html').send(text);
  });
}

function listed(mail: Mail): Html {
  return html`<li><a class="fs-card demo-mail" href="/outbox/${encodeURIComponent(mail.id)}">
  <strong>${mail.subject}</strong>
  <span class="demo-muted">to ${mail.to}, ${time(mail)}</span>
</a></li>`;
}

function opened(mail: Mail): Html {
  return html`<p><a href="/outbox">All mails</a></p>
<h1 class="fs-title">${mail.subject}</h1>
<dl class="demo-facts">
  <div><dt>From</dt><dd>${mail.from.name === '' ? mail.from.address : `${mail.from.name} <${mail.from.address}>`}</dd></div>
  <div><dt>To</dt><dd>${mail.to}</dd></div>
  <div><dt>Sent</dt><dd>${time(mail)}</dd></div>
</dl>
${
  mail.html === null
    ? undefined
    : html`<section class="fs-card demo-card"><h2>As HTML</h2>
<iframe class="demo-frame" title="The mail as HTML" sandbox="allow-top-navigation-by-user-activation" src="/outbox/${encodeURIComponent(mail.id)}/html"></iframe></section>`
}
${
  mail.text === null
    ? undefined
    : html`<section class="fs-card demo-card"><h2>As text</h2>
<pre class="demo-code demo-wrap">${withLinks(mail.text)}</pre></section>`
}`;
}

/** Addresses in the text become links; everything else stays text. */
function withLinks(text: string): Html[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`));
}

function time(mail: Mail): Html {
  const stamp = mail.time.toISOString();
  return html`<time datetime="${stamp}">${stamp.slice(0, 19).replace('T', ' ')} UTC</time>`;
}
