import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from 'sallyport';
import { createDemo } from '../../examples/demo/app.js';
import { demoUsers } from '../../examples/demo/demo-users.js';
import { listen } from '../../examples/demo/listen.js';

/** The demo application on a free port, with a data directory and a clock of its own. */
export async function openDemo() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'sallyport-demo-'));
  const clock = manualClock();
  const demo = await createDemo({ dataDirectory, development: true, clock });
  const server = await listen(demo.app, 0, '127.0.0.1');
  return {
    origin: server.origin,
    clock,
    async close() {
      await server.close();
      await demo.close();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

export type RunningDemo = Awaited<ReturnType<typeof openDemo>>;

/** Email and password of a demo user. */
export function demoUser(name: 'admin' | 'editor' | 'member') {
  const found = demoUsers.find((user) => user.email.startsWith(`${name}@`));
  if (found === undefined) throw new Error(`There is no demo user ${name}.`);
  return found;
}
