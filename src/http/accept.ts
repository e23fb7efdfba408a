/** The media type of a `Content-Type` header, lower case, without parameters. */
export function mediaType(header: string | undefined): string {
  if (header === undefined) return '';
  const semicolon = header.indexOf(';');
  return (semicolon < 0 ? header : header.slice(0, semicolon)).trim().toLowerCase();
}

/** `application/json` or `application/…+json`. */
export function isJsonType(type: string): boolean {
  return type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'));
}

/**
 * The best value of an `Accept` header: the highest quality, of equals the most specific, of those the first
 * (RFC 9110 12.5.1). Only the first 50 ranges are read.
 */
export function bestAccepted(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  let best: { type: string; quality: number; specificity: number } | undefined;
  for (const range of header.split(',', 50)) {
    const [type = '', ...parameters] = range.trim().toLowerCase().split(';');
    const quality = qualityOf(parameters);
    if (type === '' || quality === 0) continue;
    const specificity = type === '*/*' ? 0 : type.endsWith('/*') ? 1 : 2;
    if (best === undefined || quality > best.quality || (quality === best.quality && specificity > best.specificity)) {
      best = { type: type.trim(), quality, specificity };
    }
  }
  return best?.type;
}

function qualityOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const [name, value] = parameter.trim().split('=');
    if (name !== 'q') continue;
    const quality = Number(value);
    return quality >= 0 && quality <= 1 ? quality : 0;
  }
  return 1;
}
