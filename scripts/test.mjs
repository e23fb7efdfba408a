/**
 * `npm test`: types, lint, build, the package as its users get it, and every test.
 *
 * What this machine cannot run (no PostgreSQL, no browser …) is skipped and named at the end;
 * SALLYPORT_REQUIRE_ALL=1 makes that a failure. The last line is always `tests: N passed, N failed, N skipped`.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from './build.mjs';
import { checkPackage } from './check-package.mjs';
import { prepare } from './prepare.mjs';
import { root, runInstalled, step } from './run.mjs';

const begin = Date.now();
const failures = [];
const skipped = new Set();
const results = `${root}.tmp/vitest.json`;
mkdirSync(`${root}.tmp`, { recursive: true });
rmSync(results, { force: true });

await prepare();
await check('Types', () => runInstalled('typescript/bin/tsc', ['-p', 'tsconfig.json', '--noEmit']));
await check('Lint', () =>
  runInstalled('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '--diagnostic-level=warn', '.']),
);
const isBuilt = await check('Build', build);
if (isBuilt) await check('Package as its users get it', checkPackage);
await runTests();
summarize();

async function check(name, work) {
  // The build has lines of its own.
  const { code, text } = (await (name === 'Build' ? work() : step(name, work))) ?? { code: 0, text: '' };
  if (code === 0) return true;
  failures.push(name);
  console.log(text.trimEnd());
  return false;
}

/** Vitest's own report goes to a file; here a line now and then says how far it is, and failures are shown in full. */
async function runTests() {
  const log = `${root}.tmp/vitest.log`;
  console.log('Tests …');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  let files = 0;
  let shown = Date.now();
  const { code, text } = await runInstalled('vitest/vitest.mjs', ['run', ...reporters], {
    env: { NO_COLOR: '1', FORCE_COLOR: '', NODE_ENV: 'test' },
    onText(part) {
      files += part.match(/^ [✓❯×↓] \S+\.test\.ts /gm)?.length ?? 0;
      if (Date.now() - shown < 10_000) return;
      shown = Date.now();
      console.log(`  ${files} files after ${Math.round((Date.now() - begin) / 1000)} s`);
    },
  });
  writeFileSync(log, text);
  for (const [line] of text.matchAll(/SKIPPED: [^\n]+/g)) skipped.add(line.trim());
  if (code === 0) return;
  failures.push('Tests');
  const details = text.search(/^.*(Failed Suites|Failed Tests|Unhandled Errors) \d*/m);
  console.log(details < 0 ? text.slice(-8000) : text.slice(details));
}

function summarize() {
  const { passed, failed, ignored } = readResults();
  if (failed > 0 && !failures.includes('Tests')) failures.push('Tests');
  if (skipped.size > 0) {
    console.log('\n!!! NOT EVERYTHING WAS TESTED on this machine:');
    for (const line of skipped) console.log(`!!! ${line}`);
    if (process.env.SALLYPORT_REQUIRE_ALL === '1') failures.push('SALLYPORT_REQUIRE_ALL=1, but something was skipped');
  }
  console.log(
    `\n${failures.length === 0 ? 'All well' : `FAILED: ${failures.join(', ')}`} after ${Math.round((Date.now() - begin) / 1000)} s`,
  );
  console.log(`tests: ${passed} passed, ${failed} failed, ${ignored} skipped`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** Files that could not even be loaded have no tests: each of them counts as one that failed. */
function readResults() {
  if (!existsSync(results)) return { passed: 0, failed: 1, ignored: 0 };
  const report = JSON.parse(readFileSync(results, 'utf8'));
  const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    ignored: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}
