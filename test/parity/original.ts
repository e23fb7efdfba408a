import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const python = '/usr/bin/python3';
/** The reference application lies beside the repository. */
const script = fileURLToPath(new URL('../../../shared/reference/serve.py', import.meta.url));
const modules = 'flask_security, flask_sqlalchemy, flask_mail, flask_wtf, bcrypt, argon2';

/** Whether the original can be run here; says so loudly when it cannot. */
export function originalAvailable(): boolean {
  if (!existsSync(script)) {
    console.warn('SKIPPED: reference server not found');
    return false;
  }
  if (spawnSync(python, ['-c', `import ${modules}`]).status !== 0) {
    console.warn('SKIPPED: original not installed');
    return false;
  }
  return true;
}

export interface Original {
  origin: string;
  /** The SQLite file, to be opened by ours too. */
  database: string;
  close(): Promise<void>;
}

/** Everything that the reference application switches on by itself. */
const features = [
  'REGISTERABLE',
  'CONFIRMABLE',
  'RECOVERABLE',
  'CHANGEABLE',
  'TRACKABLE',
  'USERNAME_ENABLE',
  'TWO_FACTOR',
  'UNIFIED_SIGNIN',
  'MULTI_FACTOR_RECOVERY_CODES',
];
const off = Object.fromEntries(features.map((name) => [`SECURITY_${name}`, false]));

/** Starts the original on a free port with a database of its own. Features are off unless `settings` turns them on. */
export async function startOriginal(
  settings: Readonly<Record<string, unknown>>,
  csrfProtect = false,
): Promise<Original> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-original-'));
  const config = join(directory, 'settings.json');
  const database = join(directory, 'original.db');
  writeFileSync(config, JSON.stringify({ ...off, ...settings }));
  const port = await freePort();
  const given = [
    '-B',
    script,
    '--port',
    String(port),
    '--db',
    `sqlite:///${database}`,
    '--config',
    config,
    ...(csrfProtect ? ['--csrf-protect'] : []),
  ];
  const child = spawn(python, given, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const origin = `http://127.0.0.1:${port}`;
  try {
    await untilItAnswers(child, `${origin}/`, said);
  } catch (error) {
    child.kill();
    throw error;
  }
  return {
    origin,
    database,
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function untilItAnswers(child: ChildProcess, url: string, said: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) break;
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the original did not start: ${said.join('').slice(-2000)}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
