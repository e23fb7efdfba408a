import type { Logger } from './security-core.js';

/**
 * Work that an answer does not wait for: what it takes must not tell whether an account exists (law 8). Failures are
 * logged, never lost silently.
 */
export interface Background {
  /** Starts the work. The promise settles at once, or with the work where mails are awaited (`mailMode: 'await'`). */
  run(name: string, work: () => Promise<void>): Promise<void>;
  /** Settles when nothing is under way: for tests, and before the process ends. */
  drain(): Promise<void>;
}

export function createBackground(mode: 'background' | 'await', log: Logger): Background {
  const underWay = new Set<Promise<void>>();
  return {
    async run(name, work) {
      if (mode === 'await') return await work();
      const task = Promise.resolve()
        .then(work)
        .catch((error: unknown) => log.error(`${name} failed`, { error: String(error) }))
        .finally(() => underWay.delete(task));
      underWay.add(task);
    },
    async drain() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
