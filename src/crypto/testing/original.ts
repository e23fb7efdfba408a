import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const python = process.env.SALLYPORT_ORIGINAL_PYTHON ?? '/usr/bin/python3';
const script = fileURLToPath(new URL('../vectors/original.py', import.meta.url));

/** Whether the original can be run here; says so loudly when it cannot. */
export const originalInstalled: boolean = spawnSync(python, ['-c', 'import flask_security']).status === 0;
if (!originalInstalled) console.warn('SKIPPED: original not installed');

export type Operation = Readonly<Record<string, unknown>> & { readonly op: string };

/** Runs operations of `vectors/original.py` in one process. */
export const runOriginal = (operations: readonly Operation[]): unknown[] => {
  const result = spawnSync(python, ['-B', script], { input: JSON.stringify(operations), maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0) throw new Error(`the original failed: ${result.stderr}`);
  // Its output is a JSON list with one result per operation.
  return JSON.parse(result.stdout.toString()) as unknown[];
};
