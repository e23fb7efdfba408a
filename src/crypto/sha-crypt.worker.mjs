/** SHA-crypt (the scheme of `$5$` and `$6$` hashes, by Ulrich Drepper, version 0.6) in a thread of its own. */
import * as crypto from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * Digests as latin-1 text: half a million of them in a row, and that way they cost least. Before Node 20.12 there is
 * no one-shot function.
 */
const digest =
  typeof crypto.hash === 'function'
    ? (algorithm, bytes) => crypto.hash(algorithm, bytes, 'binary')
    : (algorithm, bytes) => crypto.createHash(algorithm).update(bytes).digest('binary');

/** The parts as one message, and where in it the digest of the round before goes. */
function template(before, length, after) {
  const bytes = Buffer.alloc(before.length + length + after.length);
  before.copy(bytes, 0);
  after.copy(bytes, before.length + length);
  return { bytes, at: before.length };
}

/** The many rounds: even ones hash the digest first, odd ones last; what is mixed in repeats every 42 rounds. */
function stretch(algorithm, first, salt, password, rounds) {
  const none = Buffer.alloc(0);
  const templates = Array.from({ length: 42 }, (_, round) => {
    const mixed = Buffer.concat([round % 3 ? salt : none, round % 7 ? password : none]);
    return round % 2
      ? template(Buffer.concat([password, mixed]), first.length, none)
      : template(none, first.length, Buffer.concat([mixed, password]));
  });
  let text = first.toString('binary');
  for (let round = 0; round < rounds; round += 1) {
    const { bytes, at } = templates[round % 42];
    bytes.latin1Write(text, at);
    text = digest(algorithm, bytes);
  }
  return Buffer.from(text, 'binary');
}

function derive(algorithm, password, salt, rounds) {
  const once = (...parts) => Buffer.from(digest(algorithm, Buffer.concat(parts)), 'binary');
  const other = once(password, salt, password);
  const parts = [password, salt, Buffer.alloc(password.length, other)];
  for (let bits = password.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? other : password);
  const first = once(...parts);
  const passwords = once(...Array.from({ length: password.length }, () => password));
  const salts = once(...Array.from({ length: 16 + first[0] }, () => salt));
  return stretch(algorithm, first, salts.subarray(0, salt.length), Buffer.alloc(password.length, passwords), rounds);
}

const { algorithm, secret, salt, rounds } = workerData;
parentPort.postMessage(derive(algorithm, Buffer.from(secret), Buffer.from(salt), rounds));
