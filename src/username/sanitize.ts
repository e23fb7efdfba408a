/**
 * Plain text out of what may be markup: space around it and whole tags go, `<`, `>` and `&` that remain are escaped.
 * One pass over the text; what comes out holds no tag, whatever was nested into what. A name that this changes is
 * refused, so the escapes are never stored.
 */
export function sanitize(text: string): string {
  let plain = '';
  let position = 0;
  const trimmed = text.trim();
  while (position < trimmed.length) {
    const end = tagEnd(trimmed, position);
    if (end === undefined) {
      plain += escaped.get(trimmed.charAt(position)) ?? trimmed.charAt(position);
      position++;
    } else {
      position = end;
    }
  }
  return plain.trim();
}

const escaped = new Map([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
]);

/** Where the tag that opens at `start` ends; `undefined` if none does. */
function tagEnd(text: string, start: number): number | undefined {
  if (text.charAt(start) !== '<' || !/[a-z/!?]/i.test(text.charAt(start + 1))) return undefined;
  for (let position = start + 1; position < text.length; position++) {
    if (text.charAt(position) === '>') return position + 1;
    if (text.charAt(position) === '<') return undefined;
  }
  return undefined;
}
