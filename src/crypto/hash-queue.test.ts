import { describe, expect, test } from 'vitest';
import { createHashQueue, HashQueueFullError } from './hash-queue.js';

const gate = () => {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

describe('hash queue', () => {
  test('runs as many at once as allowed, the others in order', async () => {
    const queue = createHashQueue({ concurrency: 2, limit: 10 });
    const gates = Array.from({ length: 5 }, gate);
    const started: number[] = [];
    const results = gates.map(({ opened }, index) =>
      queue.run(async () => {
        started.push(index);
        await opened;
        return index;
      }),
    );
    await Promise.resolve();
    expect(started).toEqual([0, 1]);
    expect(queue.size).toBe(5);
    for (const { open } of gates) open();
    expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4]);
    expect(started).toEqual([0, 1, 2, 3, 4]);
    expect(queue.size).toBe(0);
  });

  test('A6 a full queue refuses at once, says when to come back, and recovers', async () => {
    const queue = createHashQueue({ concurrency: 1, limit: 2 });
    const { opened, open } = gate();
    let ran = 0;
    const job = async () => {
      ran += 1;
      await opened;
    };
    const all = Array.from({ length: 1000 }, () => queue.run(job).catch((error: unknown) => error));
    expect(queue.size).toBe(3);
    open();
    const errors = (await Promise.all(all)).filter((result) => result instanceof HashQueueFullError);
    expect(errors).toHaveLength(997);
    expect(errors.every((error) => Number.isInteger(error.retryAfterSeconds) && error.retryAfterSeconds >= 1)).toBe(
      true,
    );
    expect(ran).toBe(3);
    expect(await queue.run(async () => 'again')).toBe('again');
  });

  test('a job that fails, or throws before its first await, gives its place back', async () => {
    const queue = createHashQueue({ concurrency: 1, limit: 1 });
    await expect(queue.run(() => Promise.reject(new Error('late')))).rejects.toThrow('late');
    const early = () => {
      throw new Error('early');
    };
    await expect(queue.run(early)).rejects.toThrow('early');
    expect(queue.size).toBe(0);
  });

  test.each([{ concurrency: 0 }, { concurrency: 1.5 }, { limit: -1 }, { limit: Number.NaN }])(
    'refuses %j',
    (options) => {
      expect(() => createHashQueue(options)).toThrow(RangeError);
    },
  );
});
