import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** How many lines there are of each kind. */
const lines = { R: 5, S: 10, C: 5, P: 14, T: 12, F: 9, W: 6, O: 8, A: 12 };
const all = Object.entries(lines).flatMap(([kind, count]) =>
  Array.from({ length: count }, (_, index) => `${kind}${index + 1}`),
);

const [table = '', later = ''] = readFileSync(join(root, 'docs/threats.md'), 'utf8').split('## Not yet');
const rows = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => /^\| [A-Z]\d+ \|/.test(line))
    .map((line) => line.slice(2, -2).split(' | '));

const named = rows(table).flatMap(([line = '', , tests = '']) =>
  tests.split('<br>').map((entry) => {
    const [, file = '', name = ''] = /^`([^`]+)` › (.+)$/.exec(entry) ?? [];
    return { line, file, name: name.replaceAll('\\|', '|') };
  }),
);

/** Lines that tests bear in their names. */
function tested(): Set<string> {
  const found = new Set<string>();
  for (const folder of ['src', 'test']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!entry.endsWith('.attack.test.ts')) continue;
      for (const match of readFileSync(join(root, folder, entry), 'utf8').matchAll(/\(\s*['`]([RSCPTFWOA]\d{1,2}) /g))
        found.add(match[1] ?? '');
    }
  }
  return found;
}

describe('docs/threats.md', () => {
  it('has every line exactly once, with tests or with the reason why there are none yet', () => {
    const listed = [...rows(table), ...rows(later)].map(([line]) => line);
    expect([...listed].sort()).toEqual([...all].sort());
    for (const [line, what, rest] of [...rows(table), ...rows(later)])
      expect([line, what !== '', rest !== '']).toEqual([line, true, true]);
  });

  it('names tests that exist and bear the line', () => {
    expect(named.length).toBeGreaterThan(60);
    for (const { line, file, name } of named) {
      expect([name, name.startsWith(`${line} `)]).toEqual([name, true]);
      expect([file, name, readFileSync(join(root, file), 'utf8').includes(name)]).toEqual([file, name, true]);
    }
  });

  it('calls nothing untested that has a test', () => {
    const bearing = tested();
    expect([...bearing].filter((line) => !all.includes(line))).toEqual([]);
    expect(rows(later).filter(([line = '']) => bearing.has(line))).toEqual([]);
  });
});
