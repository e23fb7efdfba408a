import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  forgottenOptions,
  hasDocumented,
  optionsChapters,
  optionsDocument,
  valueCell,
} from '../support/generate-options.js';

const file = (name: string): string => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));

describe('docs/options.md', () => {
  it('lists every option', () => {
    expect(forgottenOptions()).toEqual([]);
  });

  it('is what the declarations make of it', () => {
    const expected = optionsDocument();
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file('options.md'), expected);
    const hint = 'stale; make it anew: UPDATE_DOCS=1 npx vitest run test/parity/documents';
    expect(readFileSync(file('options.md'), 'utf8') === expected, `docs/options.md is ${hint}`).toBe(true);
  });
});

describe('docs/differences.md', () => {
  const declared = optionsChapters.flatMap(({ options }) =>
    Object.entries(options)
      .filter(([, declaration]) => hasDocumented(declaration))
      .map(([name, { specified, documented, default: ours }]) => ({
        name: specified === undefined ? `\`${name}\`` : `\`${name}\` (\`${specified}\`)`,
        documented: valueCell(documented),
        ours: valueCell(ours),
      })),
  );
  const [, table = ''] = readFileSync(file('differences.md'), 'utf8').split(/^## Defaults$/m);
  const rows = (table.split(/^## /m)[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(/ (?<!\\)\| /));

  it('has a row for each default that is another than the documented one, and no other row', () => {
    const written = rows.map(([name, documented, ours]) => ({ name, documented, ours }));
    const byName = (left: { name?: string }, right: { name?: string }): number =>
      (left.name ?? '') < (right.name ?? '') ? -1 : 1;
    expect(written.sort(byName)).toEqual(declared.sort(byName));
  });

  it('says why, in every row', () => {
    for (const [name, , , why] of rows) expect(why?.length ?? 0, name).toBeGreaterThan(20);
  });
});
