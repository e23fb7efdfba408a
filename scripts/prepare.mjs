/** Installs what package-lock.json names, when it is missing or out of date. */
import { statSync } from 'node:fs';
import { giveUp, root, run, step } from './run.mjs';

const modified = (path) => statSync(`${root}${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** npm writes `.package-lock.json` last, so an interrupted installation counts as missing. */
const isInstalled = () =>
  modified('node_modules/.package-lock.json') > 0 &&
  modified('node_modules/.package-lock.json') >= modified('package-lock.json');

export async function prepare() {
  if (isInstalled()) return;
  const npm = process.env.npm_execpath;
  const options = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const npmRun = (args) => (npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args));
  const { code, text } = await step('Installing packages (once, about a minute)', async () => {
    const clean = await npmRun(['ci', ...options]);
    // A registry without some other platform's binaries makes `ci` refuse; `install` keeps to the same lockfile.
    return clean.code === 0 ? clean : await npmRun(['install', '--no-save', ...options]);
  });
  if (code !== 0) giveUp(`npm ci ${options.join(' ')} failed:\n${text}`);
}
