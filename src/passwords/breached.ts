import { createHash } from 'node:crypto';
import type { PasswordError } from './types.js';

export interface PwnedOptions {
  /** Where ranges are asked for; the first five digits of the hash are appended. */
  breachedUrl?: string;
  /** Milliseconds for the whole answer. Default 3000. */
  timeout?: number;
}

export interface PasswordBreachedOptions extends PwnedOptions {
  /** `strict` refuses passwords while the service cannot be asked, `best-effort` lets them pass. Default `null`: off. */
  passwordCheckBreached?: 'strict' | 'best-effort' | null;
  /** Refused from this many sightings on. Default 1. */
  passwordBreachedCount?: number;
}

/** The service that knows breached passwords was not reached, or its answer made no sense. */
export class BreachServiceError extends Error {
  override readonly name = 'BreachServiceError';
}

const defaultBreachedUrl = 'https://api.pwnedpasswords.com/range/';
/** A range is 40 kB with its padding. */
const maximumAnswerBytes = 1024 * 1024;
const rangeLine = /^([0-9A-F]{35}):([0-9]{1,12})$/i;

/**
 * How often a password has been seen in breaches, 0 if never. Only the first five of the forty digits of its SHA-1
 * leave the house (k-anonymity), and the answer is padded so that its size tells nothing.
 *
 * Specification 3.1.5, pwned.
 *
 * @throws BreachServiceError if the service is down, slower than `timeout`, or answers anything but a range
 */
export async function pwned(password: string, options: PwnedOptions = {}): Promise<number> {
  const hash = createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase();
  const answer = await readRange(hash.slice(0, 5), options);
  const suffix = hash.slice(5);
  let count = 0;
  let lines = 0;
  for (const line of answer.replace(/^\ufeff/, '').split(/\r?\n/)) {
    if (line === '') continue;
    const [, lineSuffix, lineCount] = rangeLine.exec(line) ?? [];
    if (lineSuffix === undefined) throw new BreachServiceError('The breach service answered with something else.');
    if (lineSuffix.toUpperCase() === suffix) count = Number(lineCount);
    lines++;
  }
  // The service has an answer for every range: nothing at all is no acquittal.
  if (lines === 0) throw new BreachServiceError('The breach service answered with nothing.');
  return count;
}

async function readRange(range: string, options: PwnedOptions): Promise<string> {
  try {
    const response = await fetch((options.breachedUrl ?? defaultBreachedUrl) + range, {
      headers: { 'Add-Padding': 'true', 'User-Agent': 'Sallyport' },
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeout ?? 3000),
    });
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel();
      throw new BreachServiceError(`The breach service answered ${response.status}.`);
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.byteLength;
      if (size > maximumAnswerBytes) throw new BreachServiceError('The breach service answered without end.');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    if (error instanceof BreachServiceError) throw error;
    throw new BreachServiceError('The breach service cannot be reached.', { cause: error });
  }
}

/**
 * Refuses a password that is on the list of breached ones. Never rejects: what happens while the service is down is
 * `passwordCheckBreached`'s to say.
 *
 * Specification 3.1.5, password_breached_validator.
 */
export async function passwordBreachedValidator(
  password: string,
  options: PasswordBreachedOptions = {},
): Promise<PasswordError[]> {
  const policy = options.passwordCheckBreached ?? null;
  if (policy === null) return [];
  try {
    const count = await pwned(password, options);
    return count >= (options.passwordBreachedCount ?? 1) ? [{ message: 'PASSWORD_BREACHED', parameters: {} }] : [];
  } catch {
    return policy === 'strict' ? [{ message: 'PASSWORD_BREACHED_SITE_ERROR', parameters: {} }] : [];
  }
}
