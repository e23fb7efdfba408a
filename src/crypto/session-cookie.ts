import { createTimedSerializer, type Digest } from './serializer.js';
import { readSession, writeSession } from './session-tags.js';

export { markup, type TaggedText, tuple, uuid } from './session-tags.js';

export interface SessionCookieOptions {
  /** The first signs, all verify. */
  readonly secretKeys: readonly string[];
  /** Default `cookie-session`. */
  readonly salt?: string;
  /** Default `sha1`, as Flask signs. */
  readonly digest?: Digest;
  /** Whether `seal` compresses when that is shorter, as Flask does. Default true; false makes reading it faster. */
  readonly compress?: boolean;
}

export interface SessionCookie {
  /**
   * @param now milliseconds since 1970
   * @throws TypeError when a value cannot be in a session: a function, a symbol, more than 100 levels.
   */
  seal(session: Readonly<Record<string, unknown>>, now: number): string;
  /**
   * The session, or undefined when the cookie is forged, malformed or older than `maxAge` (seconds). Never throws, and
   * never yields a key `__proto__`.
   */
  open(
    cookie: string,
    options: { readonly maxAge?: number; readonly now: number },
  ): Record<string, unknown> | undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/**
 * Flask's session cookie in both directions. What another application put into it survives `open` and `seal` unchanged.
 * @throws RangeError when a secret key is missing or empty.
 */
export const createSessionCookie = (options: SessionCookieOptions): SessionCookie => {
  const serializer = createTimedSerializer({
    secretKeys: options.secretKeys,
    salt: options.salt ?? 'cookie-session',
    digest: options.digest ?? 'sha1',
    keyDerivation: 'hmac',
    compress: options.compress,
    codec: {
      // Only `seal` calls it, and it takes a record.
      encode: (value) => writeSession(value as Record<string, unknown>),
      decode: readSession,
    },
  });

  return {
    seal: (session, now) => serializer.dumps(session, now),
    open(cookie, { maxAge, now }) {
      const result = serializer.loads(cookie, { maxAge, now });
      return result.ok && isRecord(result.value) ? result.value : undefined;
    },
  };
};
