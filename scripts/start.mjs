/** `npm start`: installs what is missing, builds, and serves the demo application. PORT and HOST change where. */
import { createServer } from 'node:net';
import { build } from './build.mjs';
import { giveUp, root } from './run.mjs';

const port = Number(process.env.PORT ?? 3000);
if (!Number.isInteger(port) || port < 1 || port > 65_535)
  giveUp(`PORT is "${process.env.PORT}", which is no port. Try: PORT=3001 npm start`);

// Before a build of many seconds; the demo itself looks again.
const problem = await new Promise((resolve) => {
  const probe = createServer();
  probe.once('error', resolve);
  probe.listen(port, process.env.HOST ?? '127.0.0.1', () => probe.close(() => resolve(undefined)));
});
if (problem?.code === 'EADDRINUSE')
  giveUp(
    `Port ${port} is in use by another program. Take another one with: PORT=${port === 3001 ? 3002 : 3001} npm start`,
  );
if (problem?.code === 'EACCES') giveUp(`Port ${port} needs privileges. Take another one with: PORT=3000 npm start`);

await build();
process.env.NODE_ENV ??= 'development';
process.env.DATA_DIR ??= `${root}examples/demo/data`;
await import('../examples/dist/demo/main.js');
