/** Finds the database servers for tests, and starts installed ones that do not run. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { promisify } from 'node:util';

export type ServerKind = 'postgresql' | 'mysql';

const run = promisify(execFile);

const defaults: Record<ServerKind, string> = {
  postgresql: 'postgresql://postgres@127.0.0.1:5432/postgres',
  mysql: 'mysql://root@127.0.0.1:3306/',
};

/** Where the server is: SALLYPORT_POSTGRESQL_URL, SALLYPORT_MYSQL_URL, or the usual port of this machine. */
export function serverUrl(kind: ServerKind): URL {
  const name = kind === 'postgresql' ? 'SALLYPORT_POSTGRESQL_URL' : 'SALLYPORT_MYSQL_URL';
  return new URL(process.env[name] || defaults[kind]);
}

function listens(url: URL): Promise<boolean> {
  const port = Number(url.port || (url.protocol.startsWith('mysql') ? 3306 : 5432));
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port, timeout: 2000 });
    const end = (reachable: boolean) => () => {
      socket.destroy();
      resolve(reachable);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}

/** Debian's own commands; anything else is for whoever runs the tests. */
async function start(kind: ServerKind): Promise<void> {
  if (kind === 'mysql') {
    if (!existsSync('/usr/sbin/mariadbd')) return;
    await run('start-stop-daemon', ['--start', '--oknodo', '--background', '--exec', '/usr/sbin/mariadbd']);
    return;
  }
  if (!existsSync('/etc/postgresql')) return;
  for (const version of readdirSync('/etc/postgresql')) {
    await run('pg_ctlcluster', ['--skip-systemctl-redirect', version, 'main', 'start']);
  }
}

async function reach(kind: ServerKind): Promise<boolean> {
  const url = serverUrl(kind);
  if (await listens(url)) return true;
  try {
    await start(kind);
  } catch {
    // Another process may have started it at the same moment; what counts is whether it answers.
  }
  for (let attempt = 0; attempt < 40; attempt++) {
    if (await listens(url)) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

const reached = new Map<ServerKind, Promise<boolean>>();

/** Does the server answer, or did it after having been started? Asked once in a process. */
export function serverAvailable(kind: ServerKind): Promise<boolean> {
  const known = reached.get(kind) ?? reach(kind);
  reached.set(kind, known);
  return known;
}
