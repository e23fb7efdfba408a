/**
 * The one seam through which every text passes: label, message, page, mail subject. `domain` keeps our texts apart
 * from the application's (specification 2.1.3). Returns the text of `msgid` in `locale`, places still open.
 */
export type Translate = (locale: string, domain: string, msgid: string) => string;

/** Until a catalogue is given, every text stands for itself. */
export const untranslated: Translate = (_locale, _domain, msgid) => msgid;

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur', 'yi', 'dv', 'ps', 'sd', 'ug']);

/** Writing direction of a locale, for the `dir` attribute of pages. */
export function textDirection(locale: string): 'ltr' | 'rtl' {
  return rightToLeft.has(locale.toLowerCase().split(/[-_]/)[0] ?? '') ? 'rtl' : 'ltr';
}
