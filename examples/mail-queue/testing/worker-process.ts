import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface WorkerProcess {
  /** What it printed, line by line, parsed. */
  readonly events: Record<string, unknown>[];
  /** Resolves once an event is there that the test wants. */
  saw(wanted: (event: Record<string, unknown>) => boolean): Promise<void>;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL: nothing is tidied up. */
  kill(): Promise<void>;
}

/** For tests: the worker as the process that it is in real life. */
export async function startWorker(environment: Record<string, string>): Promise<WorkerProcess> {
  const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', path('./typescript-hooks.mjs'), path('../worker.ts')],
    { env: { PATH: process.env['PATH'] ?? '', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const events: Record<string, unknown>[] = [];
  let waiting: (() => void)[] = [];
  let errors = '';
  let rest = '';
  let exited = false;
  const changed = (): void => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) events.push(JSON.parse(line));
    changed();
  });
  child.once('exit', () => {
    exited = true;
    changed();
  });

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (exited) return child.exitCode;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    return child.exitCode;
  }

  const worker: WorkerProcess = {
    events,
    async saw(wanted) {
      while (!events.some(wanted)) {
        if (exited) throw new Error(`The worker ended: ${errors}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL');
    },
  };
  await worker.saw((event) => event['ready'] === true);
  return worker;
}
