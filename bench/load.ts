import { type ChildProcess, fork } from 'node:child_process';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { emailOf, loginUsers, password } from './settings.js';

export interface Running {
  url: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

export async function start(kind: 'guard' | 'login', which: string, file: string): Promise<Running> {
  const port = await freePort();
  const script = fileURLToPath(new URL('./server.js', import.meta.url));
  const child: ChildProcess = fork(script, [kind, which, file, String(port)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit');
        child.once('exit', () => resolve());
        child.kill();
      }),
  };
}

/** Requests a second on one URL. Anything but 200 is an error. */
export async function rate(url: string, headers: Record<string, string>, seconds: number): Promise<number> {
  const result = await autocannon({ url, headers, connections: 16, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 200, ${result.errors} errors`);
  return result.requests.total / result.duration;
}

let nextUser = 0;

/** Sign-ins a second, many users at once. */
export async function loginRate(url: string, seconds: number, connections = 16): Promise<number> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        path: '/login',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        setupRequest: (options) => {
          nextUser = (nextUser + 1) % loginUsers;
          return { ...options, body: JSON.stringify({ email: emailOf(nextUser), password }) };
        },
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} sign-ins were not 200, ${result.errors} errors`);
  return result.requests.total / result.duration;
}

/** The 99th percentile, in milliseconds, of an open route asked 50 times a second while sign-ins saturate the server. */
export async function openP99(url: string, seconds: number): Promise<number> {
  const flood = loginRate(url, seconds + 1, 32);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const times: number[] = [];
  const pending: Promise<void>[] = [];
  await sleep(500);
  for (let index = 0; index < seconds * 50; index += 1) {
    pending.push(once(`${url}/open`, agent).then((time) => void times.push(time)));
    await sleep(20);
  }
  await Promise.all([...pending, flood]);
  agent.destroy();
  times.sort((left, right) => left - right);
  return times[Math.floor(times.length * 0.99)] ?? 0;
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function once(url: string, agent: Agent): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    request(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(performance.now() - began));
    })
      .on('error', reject)
      .end();
  });
}
