import type { PermissionsInput } from './contract.js';

/** Reads comma separated text as the specification stores lists; empty text is the empty list. */
export function splitList(text: string | null | undefined): string[] {
  return text === null || text === undefined || text === '' ? [] : text.split(',');
}

/** Writes a list as comma separated text. Throws a TypeError for an item that would read back as two. */
export function joinList(items: Iterable<unknown>): string {
  const list = [...items];
  for (const item of list) {
    if (typeof item !== 'string' || item.includes(','))
      throw new TypeError('A list column takes texts without commas.');
  }
  return list.join(',');
}

/** Permissions as given by the application: text or any iterable, trimmed, without empty ones and repetitions. */
export function permissionsList(input: PermissionsInput): string[] {
  const parts = typeof input === 'string' ? [input] : [...input];
  const names = parts.flatMap((part) => part.split(',')).map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}
