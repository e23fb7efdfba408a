/** For tests: lets Node run this repository's TypeScript as it is, `sallyport` meaning its sources. */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import ts from 'typescript';

if (isMainThread) register(import.meta.url);

const root = new URL('../../../', import.meta.url);

export async function resolve(specifier, context, next) {
  if (specifier === 'sallyport') return next(new URL('src/index.ts', root).href, context);
  const isOwn = specifier.startsWith('.') && context.parentURL?.startsWith(root.href) === true;
  return next(isOwn && context.parentURL.endsWith('.ts') ? specifier.replace(/\.js$/, '.ts') : specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith(root.href) || !url.endsWith('.ts')) return next(url, context);
  const { outputText } = ts.transpileModule(await readFile(new URL(url), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}
