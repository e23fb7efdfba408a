import { availableParallelism } from 'node:os';

/** Too much hashing is waiting already: answer 503 with `Retry-After`. */
export class HashQueueFullError extends Error {
  override readonly name = 'HashQueueFullError';
  /** Whole seconds, at least 1. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('The password hashing queue is full');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface HashQueue {
  /**
   * Runs the job as soon as a place is free, first come first served.
   * @throws HashQueueFullError (as a rejection, and without starting the job) when too many are waiting.
   */
  run<T>(job: () => Promise<T>): Promise<T>;
  /** Jobs running and waiting. */
  readonly size: number;
}

export interface HashQueueOptions {
  /** Jobs at once. Default: one per processor, beyond which hashing only gets slower and hungrier for memory. */
  readonly concurrency?: number;
  /** Jobs that may wait. Default 100. */
  readonly limit?: number;
}

/**
 * The one door through which all password hashing goes: it bounds processor, memory and waiting (attack line A6).
 * @throws RangeError when an option is not a whole number, `concurrency` is below 1 or `limit` below 0.
 */
export const createHashQueue = (options: HashQueueOptions = {}): HashQueue => {
  const { concurrency = availableParallelism(), limit = 100 } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new RangeError('concurrency must be a whole number above 0');
  if (!Number.isInteger(limit) || limit < 0) throw new RangeError('limit must be a whole number');

  const waiting: (() => void)[] = [];
  let running = 0;
  let averageSeconds = 0.1;

  const acquire = (): Promise<void> | undefined => {
    if (running < concurrency) {
      running += 1;
      return undefined;
    }
    if (waiting.length >= limit) {
      throw new HashQueueFullError(Math.max(1, Math.ceil((waiting.length / concurrency) * averageSeconds)));
    }
    return new Promise((resolve) => waiting.push(resolve));
  };

  const release = (): void => {
    const next = waiting.shift();
    // The place is handed on, not freed, so that nobody can slip in between.
    if (next === undefined) running -= 1;
    else next();
  };

  return {
    async run(job) {
      await acquire();
      const started = performance.now();
      try {
        return await job();
      } finally {
        averageSeconds = 0.9 * averageSeconds + 0.1 * ((performance.now() - started) / 1000);
        release();
      }
    },
    get size() {
      return running + waiting.length;
    },
  };
};
