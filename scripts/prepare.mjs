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
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const install = () => (npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args));
  const { code, text } = await step('Installing packages (once, about a minute)', install);
  if (code !== 0) giveUp(`npm ${args.join(' ')} failed:\n${text}`);
}
