/** Compiles src/ to dist/ and the examples to examples/dist/, and puts the files that are no code beside them. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare } from './prepare.mjs';
import { giveUp, root, runInstalled, step } from './run.mjs';

const assets = new Set(['.html', '.txt', '.css', '.svg', '.po', '.mo', '.json', '.mjs']);
const notShipped = /(^|\/)(testing|conformance|vectors|dist)(\/|$)/;

export async function build() {
  await prepare();
  await step('Building the package', () => compile('src', 'dist', 'tsconfig.build.json'));
  await step('Building the examples', () => compile('examples', 'examples/dist', 'examples/tsconfig.json'));
}

async function compile(from, to, project) {
  removeOrphans(from, to);
  if (filesIn(to).length < 2) rmSync(join(root, to), { recursive: true, force: true });
  const { code, text } = await runInstalled('typescript/bin/tsc', ['-p', project]);
  if (code !== 0) giveUp(`tsc -p ${project}:\n${text}`);
  copyAssets(from, to);
}

/** Removes outputs whose source is gone: a module that was deleted must not live on. */
function removeOrphans(from, to) {
  for (const path of filesIn(to)) {
    if (path.endsWith('.tsbuildinfo')) continue;
    const stem = path.replace(/(\.d\.ts|\.js)(\.map)?$/, '');
    const source = stem === path ? join(root, from, path) : join(root, from, `${stem}.ts`);
    if (existsSync(source)) continue;
    rmSync(join(root, to, path));
    // Else tsc would take the outputs that are still wanted for present.
    for (const info of ['.tsbuildinfo', 'tsconfig.tsbuildinfo']) rmSync(join(root, to, info), { force: true });
  }
}

function copyAssets(from, to) {
  for (const path of filesIn(from)) {
    if (!assets.has(extname(path)) || notShipped.test(path) || path === 'tsconfig.json') continue;
    const [source, target] = [join(root, from, path), join(root, to, path)];
    if (existsSync(target) && statSync(target).mtimeMs >= statSync(source).mtimeMs) continue;
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, target);
  }
}

/** Paths of the files below a folder, relative to it, without those of its own outputs. */
function filesIn(folder) {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(start.length + 1))
    .filter((path) => !/^(dist|data)\//.test(path));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build();
