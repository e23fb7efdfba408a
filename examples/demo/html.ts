const markup = Symbol('markup');

/** HTML made by the {@link html} tag: the only kind of text that is not escaped. */
export interface Html {
  readonly [markup]: string;
}

type Value = string | number | Html | readonly Html[] | undefined | false;

/**
 * Makes HTML; every value is escaped unless it is such HTML itself.
 *
 * @example html`<p>${user.email}</p>`
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { [markup]: parts.reduce((text, part, index) => text + toText(values[index - 1]) + part) };
}

/** The finished text. */
export function toText(value: Value): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeText(String(value));
  return isList(value) ? value.map((entry) => entry[markup]).join('') : value[markup];
}

const isList = (value: Html | readonly Html[]): value is readonly Html[] => Array.isArray(value);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
