import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../src', import.meta.url));

interface Found {
  file: string;
  source: string;
  flags: string;
}

/** Every regular expression that the source writes down. */
function collect(): Found[] {
  const found: Found[] = [];
  for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts') || entry.endsWith('.test.ts') || /(?:testing|conformance)\//.test(entry)) continue;
    const file = ts.createSourceFile(entry, readFileSync(join(root, entry), 'utf8'), ts.ScriptTarget.ES2022);
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        found.push({ file: entry, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

/** Runs one expression over hostile texts; the longest is what a header, a form or a token may carry. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const length = 16384;
const pieces = [...new Set([...workerData.pieces, 'a', ' ', '0', '/', '.', '-', '@', '"', '\\\\\\\\', '%', '=', '<', '\\\\n', 'a.', 'a@', '/a', 'é', 'A1', '::', '0.', '$a', 'xn--'])];
const tails = ['', '!', '\\\\u0000', '\\\\n', '@', '=', '"', 'é'];
for (const { source, flags } of workerData.expressions) {
  parentPort.postMessage({ source });
  for (const piece of pieces) {
    for (const tail of tails) {
      const text = piece.repeat(Math.ceil(length / piece.length)) + tail;
      for (const subject of [text, workerData.head + text]) new RegExp(source, flags.replace('y', '')).test(subject);
    }
  }
}
parentPort.postMessage({ done: true });
`.replaceAll('\\\\', '\\');

/** The expression that did not come to an end, if any. The watchdog is for liveness, not for speed. */
async function runs(expressions: readonly Found[], head: string, watchdog: number): Promise<string | undefined> {
  const pieces = [
    ...new Set(expressions.flatMap(({ source }) => source.match(/[A-Za-z0-9$@:;%=|_-]{1,12}/g) ?? [])),
  ].slice(0, 12);
  const worker = new Worker(program, { eval: true, workerData: { expressions, pieces, head } });
  let current = '';
  let timer: NodeJS.Timeout | undefined;
  const stuck = await new Promise<string | undefined>((resolve, reject) => {
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => resolve(current), watchdog);
    };
    watch();
    worker.on('error', reject);
    worker.on('message', (message: { source?: string; done?: boolean }) => {
      watch();
      if (message.done) resolve(undefined);
      else current = message.source ?? '';
    });
  });
  clearTimeout(timer);
  await worker.terminate();
  return stuck;
}

describe('A6 regular expressions (modern, flask)', () => {
  const found = collect();

  it('A6 none of them in the source takes for ever on 16 KB of anything', async () => {
    expect(found.length).toBeGreaterThan(50);
    // Each with pieces of its own text, so that what it looks for is what it gets.
    for (let at = 0; at < found.length; at += 12) {
      const group = found.slice(at, at + 12);
      expect(await runs(group, '', 10_000)).toBeUndefined();
    }
  }, 600_000);

  it('A6 the watch over them notices one that does', async () => {
    expect(await runs([{ file: '', source: '^(a+)+$', flags: '' }], '', 500)).toBe('^(a+)+$');
  });
});
