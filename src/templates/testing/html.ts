const voidElements = new Set(['meta', 'link', 'input', 'br', 'hr', 'img', 'path', 'rect']);

export interface Tag {
  name: string;
  attributes: Record<string, string>;
}

/**
 * Reads the tags of a page and throws on what a strict reader refuses: tags not closed or closed in the wrong order,
 * the same attribute twice, an unquoted or stray character inside a tag, the same id twice.
 */
export function readTags(html: string): Tag[] {
  const tags: Tag[] = [];
  const open: string[] = [];
  const ids = new Set<string>();
  const rest = html.replace(/<style>[^<]*<\/style>/g, '').replace(/<[^>]*>/g, (source) => {
    if (/^<!DOCTYPE html>$/.test(source)) return '';
    const closing = /^<\/([a-z0-9]+)>$/.exec(source);
    if (closing) {
      const expected = open.pop();
      if (expected !== closing[1]) throw new Error(`${source} closes <${expected}>`);
      return '';
    }
    const opening = /^<([a-z][a-z0-9]*)((?:\s+[A-Za-z:-]+(?:="[^"<>]*")?)*)\s*(\/?)>$/.exec(source);
    if (!opening) throw new Error(`Not a tag: ${source}`);
    const [, name = '', list = '', selfClosed] = opening;
    const attributes: Record<string, string> = {};
    for (const [, key = '', value = ''] of list.matchAll(/([A-Za-z:-]+)(?:="([^"]*)")?/g)) {
      if (key in attributes) throw new Error(`${key} twice in ${source}`);
      attributes[key] = value;
    }
    if (attributes.id !== undefined) {
      if (ids.has(attributes.id)) throw new Error(`Id ${attributes.id} twice`);
      ids.add(attributes.id);
    }
    tags.push({ name, attributes });
    if (selfClosed !== '/' && !voidElements.has(name)) open.push(name);
    return '';
  });
  if (open.length > 0) throw new Error(`Never closed: ${open.join(', ')}`);
  if (/[<>]/.test(rest)) throw new Error('A bare < or > in the text');
  return tags;
}
