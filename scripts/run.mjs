/** Small helpers of the scripts in this folder: plain Node, no packages. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a program and answers its exit code and everything it printed. `onText` sees the text as it comes. */
export function run(command, args, { env = {}, cwd = root, onText = () => {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (part) => {
        text += part;
        onText(part);
      });
    }
    child.on('error', (error) => resolve({ code: 127, text: `${text}${error.message}\n` }));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 1, text: signal ? `${text}ended by ${signal}\n` : text }),
    );
  });
}

/** A program of an installed package, run with this very Node. */
export function runInstalled(script, args, options) {
  return run(process.execPath, [`${root}node_modules/${script}`, ...args], options);
}

/** Does the work under one line of progress: its name before, the seconds after. */
export async function step(name, work) {
  const begin = Date.now();
  process.stdout.write(`${name} …`);
  const seconds = () => `${((Date.now() - begin) / 1000).toFixed(1)} s`;
  try {
    const result = await work();
    console.log(` ${result?.code ? 'FAILED' : 'done'} in ${seconds()}`);
    return result;
  } catch (error) {
    console.log(` FAILED after ${seconds()}`);
    throw error;
  }
}

/** Ends the process with a message instead of a stack. */
export function giveUp(message) {
  console.error(`\n${message.trimEnd()}`);
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < 20)
  giveUp(`Node ${process.versions.node} is too old: version 20 or newer is needed.`);
