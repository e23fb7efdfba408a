import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { textDirection } from '../i18n/translate.js';
import { builtinStylesheet } from '../templates/index.js';
import type { CoreOptions } from './config/index.js';
import type { RequestContext } from './context.js';
import { takeFlashedMessages } from './flash.js';
import { fillPlaces, type MessageParameters } from './messages.js';

/** The bytes of the style sheet, and a name that changes with them, so that browsers may keep it for ever. */
export const stylesheet = readFileSync(builtinStylesheet, 'utf8');
const stylesheetVersion = createHash('sha256').update(stylesheet).digest('hex').slice(0, 12);

const secretOptions = new Set(['secretKey', 'csrfSecretKey', 'passwordSalt', 'mailTransport']);

/** Configuration as templates see it, `security.post_login_view`: plain values only, and no secret among them. */
export function securityForTemplates(
  config: CoreOptions,
  features: readonly { options: Readonly<Record<string, unknown>> }[],
  flags: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const plain = [config as object, ...features.map((feature) => feature.options)]
    .flatMap((options) => Object.entries(options))
    .filter(([name, value]) => !secretOptions.has(name) && ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]);
  return { ...Object.fromEntries(plain), ...flags };
}

/** What every page is given (specification 2.1.1). Functions do their work only when a template calls them. */
export async function pageContext(
  context: RequestContext,
  view: string,
  title: string,
): Promise<Record<string, unknown>> {
  const { core, locale } = context;
  const user = await context.currentUser();
  const slots: Record<string, string[]> = {};
  for (const { slot, html } of core.registry.slots(view)) slots[slot] = [...(slots[slot] ?? []), await html(context)];
  const { urlPrefix, staticFolderUrl, appName, applicationRoot } = core.config;
  return {
    security: core.renderer.securityForTemplates,
    // What would sign in as the user is no template's business.
    current_user:
      user === null ? null : { ...user, password: undefined, fs_uniquifier: undefined, is_authenticated: true },
    slots,
    lang: locale,
    dir: textDirection(locale),
    page_title: core.translate(title, locale),
    app_name: appName,
    home_url: applicationRoot,
    next: core.redirects.next(context),
    stylesheet_url: `${urlPrefix ?? ''}${staticFolderUrl}/sallyport.css?v=${stylesheetVersion}`,
    csrf_field_name: core.csrf.fieldName,
    csrf_token: () => core.csrf.token(context),
    get_flashed_messages: () => takeFlashedMessages(context),
    url_for_security: (endpoint: string, query?: Record<string, string>) =>
      core.urls.has(endpoint) ? core.urls.urlFor(endpoint, context.request, query ? { query } : {}) : '',
    _fsdomain: (text: string, parameters?: MessageParameters) => fillPlaces(core.translate(text, locale), parameters),
  };
}
