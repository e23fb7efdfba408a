import { Worker } from 'node:worker_threads';

export type ShaCryptAlgorithm = 'sha256' | 'sha512';

const program = new URL('./sha-crypt.worker.mjs', import.meta.url);
const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The encoding of crypt(3): groups of three bytes in an order of its own, six bits to a character, the lowest first. */
function encode(digest: Uint8Array, algorithm: ShaCryptAlgorithm): string {
  const third = algorithm === 'sha256' ? 10 : 21;
  let order: [number, number, number] = [0, third, 2 * third];
  let text = '';
  const write = (value: number, length: number): void => {
    for (let index = 0; index < length; index += 1) text += alphabet[(value >> (6 * index)) & 63];
  };
  for (let group = 0; group < third; group += 1) {
    const [a, b, c] = order;
    write(((digest[a] ?? 0) << 16) | ((digest[b] ?? 0) << 8) | (digest[c] ?? 0), 4);
    order = algorithm === 'sha256' ? [c + 1, a + 1, b + 1] : [b + 1, c + 1, a + 1];
  }
  if (algorithm === 'sha256') write(((digest[31] ?? 0) << 8) | (digest[30] ?? 0), 3);
  else write(digest[63] ?? 0, 2);
  return text;
}

/**
 * The checksum part of a `$5$` (sha256) or `$6$` (sha512) hash: SHA-crypt, version 0.6. It takes about a second at
 * today's rounds, so it runs in a worker thread; nobody's request waits but the one that asked.
 *
 * @param rounds 1,000 and more; the caller bounds it
 * @param salt at most 16 characters of `./0-9A-Za-z`
 * @throws Error (as a rejection) when the thread cannot be started
 */
export function shaCrypt(
  algorithm: ShaCryptAlgorithm,
  secret: Uint8Array,
  salt: string,
  rounds: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { workerData: { algorithm, secret, salt, rounds }, execArgv: [], env: {} });
    worker.once('message', (digest: Uint8Array) => resolve(encode(digest, algorithm)));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the hashing thread ended without a result')));
  });
}

/** A salt of 96 random bits for {@link shaCrypt}, out of 16 random bytes. */
export function shaCryptSalt(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => alphabet[byte & 63]).join('');
}
