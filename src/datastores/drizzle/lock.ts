/**
 * Order among the statements that one process sends to one SQLite client. SQLite allows a single writer, its drivers
 * wait for another one by blocking the event loop, and in memory there is but one connection: so a transaction that
 * is open across awaits keeps the other writers of its process (and, on a single connection, the readers) waiting here.
 */
import { isBusy } from './errors.js';

export interface Lock {
  /** Settles when the transaction that is open now has ended. */
  held: Promise<void> | undefined;
}

const clients = new WeakMap<object, Lock>();
const files = new Map<string, Lock>();

/** The lock of a client whose database has no file here: in memory, or remote. */
export function lockOfClient(client: object): Lock {
  const lock = clients.get(client) ?? { held: undefined };
  clients.set(client, lock);
  return lock;
}

/** The lock of a file, shared by all clients of this process. */
export function lockOfFile(path: string): Lock {
  const lock = files.get(path) ?? { held: undefined };
  files.set(path, lock);
  return lock;
}

/** Runs `work` when no transaction is open, and keeps everything else that waits here out until it is done. */
export async function exclusively<Result>(lock: Lock, work: () => Promise<Result>): Promise<Result> {
  while (lock.held !== undefined) await lock.held;
  let release = (): void => {};
  lock.held = new Promise((resolve) => {
    release = () => {
      lock.held = undefined;
      resolve();
    };
  });
  try {
    return await work();
  } finally {
    release();
  }
}

/** How long another process may hold the file, in milliseconds. */
const patience = 5000;

/** Runs a single statement again while the file is in use elsewhere, without blocking the event loop. */
export async function whenFree<Result>(lock: Lock | undefined, work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + patience;
  for (let delay = 1; ; delay = Math.min(delay * 2, 50)) {
    while (lock?.held !== undefined) await lock.held;
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, delay * (0.5 + Math.random())));
  }
}
