import nunjucks from 'nunjucks';

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const attributeName = /^[a-z][a-z0-9-]*$/;

// The field macros write these themselves; a second one would be ignored by browsers or change the field's meaning.
const reservedAttributes = new Set(['id', 'name', 'type', 'value', 'checked', 'required', 'class', 'style']);

/**
 * Filter `attributes`: a record as HTML attributes, each with a leading space. An empty value gives a bare attribute
 * (`autofocus`). Names that are not attribute names, event handlers, `style` and what the macros write are left out.
 */
export function renderAttributes(attributes: unknown): nunjucks.runtime.SafeString {
  let html = '';
  if (typeof attributes === 'object' && attributes !== null) {
    for (const [name, value] of Object.entries(attributes)) {
      if (!attributeName.test(name) || name.startsWith('on') || reservedAttributes.has(name)) continue;
      if (value === undefined || value === null || value === false) continue;
      html += value === '' || value === true ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`;
    }
  }
  return new nunjucks.runtime.SafeString(html);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => entities[character] ?? '');
}

/**
 * Filter `link`: the address if a link may carry it (a path, a query, a fragment, http, https, mailto), else `#`.
 * So a scheme that runs code never reaches an `href`, whatever built the address.
 */
export function safeLink(address: unknown): string {
  const text = typeof address === 'string' ? address : '';
  // The base only serves to tell relative addresses from absolute ones; it is never printed.
  const parsed = URL.canParse(text, 'https://base.invalid') ? new URL(text, 'https://base.invalid') : undefined;
  const allowed = parsed && ['http:', 'https:', 'mailto:'].includes(parsed.protocol);
  return allowed && text !== '' ? text : '#';
}

/** Filter `wrap`: one paragraph of a text mail, folded at `width` columns between words; a long word stays whole. */
export function wrapText(text: unknown, width = 72): string {
  const lines: string[] = [];
  let line = '';
  for (const word of String(text ?? '')
    .split(/\s+/)
    .filter(Boolean)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines.join('\n');
}

/** Fills `%(name)s` places once, from own properties only: what a value contains is never looked at again. */
export function interpolate(text: string, parameters: Record<string, unknown> = {}): string {
  return text.replace(/%\(([A-Za-z_][A-Za-z0-9_]*)\)s/g, (place, name: string) =>
    Object.hasOwn(parameters, name) ? String(parameters[name]) : place,
  );
}
