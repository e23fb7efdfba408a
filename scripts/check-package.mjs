/** Checks the package as npm would publish it: its manifest, its types, and a small project that uses it. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, runInstalled } from './run.mjs';

const folder = join(root, '.tmp/consumer');
const installed = join(folder, 'node_modules/sallyport');

const project = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    types: ['node'],
    noEmit: true,
  },
  include: ['*.ts'],
};

const misuse = `import { createSecurity } from 'sallyport';
import { expressSecurity } from 'sallyport/express';

export const use = (security: ReturnType<typeof createSecurity>): void => {
  // @ts-expect-error: there is no such mechanism
  expressSecurity(security).authRequired('password');
};
`;

/** Answers `{ code, text }`; the first check that fails ends it. */
export async function checkPackage() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  for (const work of [pack, checkManifest, checkTypes, compileConsumer, importEverything]) {
    const result = await work();
    if (result.code !== 0) return result;
  }
  return { code: 0, text: '' };
}

async function pack() {
  const npm = process.env.npm_execpath;
  const args = ['pack', '--ignore-scripts', '--pack-destination', folder];
  const packed = await (npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args));
  if (packed.code !== 0) return packed;
  return await run('tar', ['-xzf', tarball(), '--strip-components=1', '-C', installed]);
}

function tarball() {
  return join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? 'none.tgz');
}

const checkManifest = () => runInstalled('publint/src/cli.js', ['run', installed, '--strict', '--pack', 'false']);

// Only for ES modules, and only where the exports field is understood.
const checkTypes = () =>
  runInstalled('@arethetypeswrong/cli/dist/index.js', [
    tarball(),
    '--profile',
    'esm-only',
    '--format',
    'ascii',
    '--no-emoji',
  ]);

/** The quick start as a project that knows nothing of our sources: only what was packed. */
async function compileConsumer() {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project));
  copyFileSync(join(root, 'examples/quick-start/app.ts'), join(folder, 'app.ts'));
  writeFileSync(join(folder, 'misuse.ts'), misuse);
  return await runInstalled('typescript/bin/tsc', ['-p', folder]);
}

/** Every door of the package opens. */
async function importEverything() {
  const { exports } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const names = Object.keys(exports)
    .filter((name) => !name.endsWith('.json'))
    .map((name) => name.replace(/^\./, 'sallyport'));
  const script = names.map((name) => `await import('${name}');`).join('\n');
  return await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder });
}
