/** Compares ours with what a careful developer writes by hand; see docs/performance.md. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash, verify } from '@node-rs/argon2';
import { RequestContext } from 'sallyport';
import { makeSecurity } from './apps.js';
import { connect, seed } from './database.js';
import { seal } from './hand-written.js';
import { loginRate, openP99, rate, start } from './load.js';
import { argon2, emailOf, type Framework, frameworks, password, randomId } from './settings.js';

const quick = process.argv.includes('--quick');
const rounds = quick ? 3 : 5;
const seconds = quick ? 1 : 2;
const say = (text: string): void => console.log(text);
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

interface Credentials {
  hand: { session: string; token: string };
  ours: { session: string; token: string };
}

/** One user, signed in on both sides, with a session row for each. */
async function signIn(file: string): Promise<Credentials> {
  const client = await connect(file);
  const security = makeSecurity(client);
  const user = await security.datastore.findUser({ email: emailOf(42) });
  if (user === null) throw new Error('the data is not there');
  const cookies = new Map<string, string>();
  const request = {
    method: 'POST',
    target: '/',
    remoteAddress: '127.0.0.1',
    encrypted: false,
    header: () => undefined,
    body: async () => ({ kind: 'none' as const }),
  };
  const context = new RequestContext(security.core, request, (name, line) =>
    cookies.set(name, line.split(';')[0] ?? ''),
  );
  await security.core.gate.signIn(context, user, { methods: ['password'] });
  context.save();
  const sid = String(context.session.get('sid'));
  const token = await security.getAuthToken(user);
  client.close();
  return {
    hand: {
      session: `hand=${seal({ sid, csrf: randomId() })}`,
      token: seal({ u: user.fs_uniquifier, at: Date.now() }),
    },
    ours: { session: [...cookies.values()].join('; '), token },
  };
}

async function guardRatios(
  file: string,
  credentials: Credentials,
  framework: Framework,
): Promise<{ session: number; token: number }> {
  const server = await start('guard', framework, file);
  const figures: Record<string, number[]> = {};
  const measure = async (name: string, path: string, headers: Record<string, string>): Promise<number> => {
    const value = await rate(server.url + path, headers, seconds);
    figures[name] = [...(figures[name] ?? []), value];
    return value;
  };
  const headersOf = (side: 'hand' | 'ours', kind: 'session' | 'token'): Record<string, string> =>
    kind === 'session' ? { cookie: credentials[side].session } : { 'authentication-token': credentials[side].token };
  const ratios = { session: [] as number[], token: [] as number[] };
  for (const kind of ['session', 'token'] as const)
    for (const side of ['hand', 'ours'] as const)
      await rate(`${server.url}/${side}/${kind}`, headersOf(side, kind), seconds);
  for (let round = 0; round < rounds; round += 1) {
    await measure('bare', '/bare', {});
    for (const kind of ['session', 'token'] as const) {
      // Who goes first changes from round to round.
      const sides = round % 2 === 0 ? (['hand', 'ours'] as const) : (['ours', 'hand'] as const);
      const values = { hand: 0, ours: 0 };
      for (const side of sides)
        values[side] = await measure(`${side} ${kind}`, `/${side}/${kind}`, headersOf(side, kind));
      ratios[kind].push(values.ours / values.hand);
    }
  }
  await server.stop();
  const result = { session: rounded(median(ratios.session)), token: rounded(median(ratios.token)) };
  const cell = (name: string): string =>
    median(figures[name] ?? [])
      .toFixed(0)
      .padStart(9);
  say(
    `${framework.padEnd(9)}${cell('bare')}${cell('hand session')}${cell('ours session')}${String(result.session).padStart(8)}${cell('hand token')}${cell('ours token')}${String(result.token).padStart(8)}`,
  );
  return result;
}

async function rawHashing(concurrency: number): Promise<number> {
  const stored = await hash(password, { ...argon2 });
  const end = Date.now() + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (Date.now() < end) {
        await verify(stored, password);
        done += 1;
      }
    }),
  );
  return done / seconds;
}

async function loginRatios(file: string): Promise<{ ratio: number; openP99Ratio: number }> {
  const hand = await start('login', 'hand', file);
  const ours = await start('login', 'ours', file);
  const sides = { hand, ours };
  const logins = { hand: [] as number[], ours: [] as number[], raw: [] as number[], ratio: [] as number[] };
  const p99s = { hand: [] as number[], ours: [] as number[], ratio: [] as number[] };
  for (const side of ['hand', 'ours'] as const) await loginRate(sides[side].url, seconds);
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? (['hand', 'ours'] as const) : (['ours', 'hand'] as const);
    const rates = { hand: 0, ours: 0 };
    const times = { hand: 0, ours: 0 };
    for (const side of order) rates[side] = await loginRate(sides[side].url, seconds);
    for (const side of order) times[side] = await openP99(sides[side].url, seconds * 2);
    for (const side of order) {
      logins[side].push(rates[side]);
      p99s[side].push(times[side]);
    }
    logins.ratio.push(rates.ours / rates.hand);
    p99s.ratio.push(times.ours / times.hand);
    logins.raw.push(await rawHashing(availableParallelism()));
  }
  await hand.stop();
  await ours.stop();
  say(
    `\nsign-ins a second       by hand ${median(logins.hand).toFixed(1)}   ours ${median(logins.ours).toFixed(1)}   (raw hashing: ${median(logins.raw).toFixed(1)})`,
  );
  say(
    `open route p99, ms      by hand ${median(p99s.hand).toFixed(1)}   ours ${median(p99s.ours).toFixed(1)}   while sign-ins saturate`,
  );
  return { ratio: rounded(median(logins.ratio)), openP99Ratio: rounded(median(p99s.ratio)) };
}

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
try {
  const file = join(folder, 'bench.db');
  say('Making 10,000 users …');
  await seed(file, (text) => hash(text, { ...argon2 }));
  const credentials = await signIn(file);
  say(`Guards: requests a second, medians of ${rounds} interleaved rounds of ${seconds} s; ratio: ours to by hand`);
  say('                bare  hand ses  ours ses   ratio hand tok  ours tok   ratio');
  const guard: Record<string, { session: number; token: number }> = {};
  for (const framework of frameworks) guard[framework] = await guardRatios(file, credentials, framework);
  const login = await loginRatios(file);
  console.log(JSON.stringify({ guard, login }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
