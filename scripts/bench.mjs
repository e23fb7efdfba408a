/** `npm run bench`: builds and runs the benchmark; `-- --quick` for a short look. */
import { build } from './build.mjs';
import { giveUp, root, runInstalled, step } from './run.mjs';

await build();
await step('Building the benchmark', async () => {
  const { code, text } = await runInstalled('typescript/bin/tsc', ['-p', 'bench/tsconfig.json']);
  if (code !== 0) giveUp(`tsc -p bench/tsconfig.json:\n${text}`);
});
process.env.NODE_ENV = 'production';
await import(`${root}.tmp/bench/index.js`);
