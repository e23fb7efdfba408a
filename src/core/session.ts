/**
 * The small state that the signed cookie carries. Keys are the specification's (`csrf_token`, `_flashes`, `fs_paa`,
 * `fs_gexp`, `fs_cc`, `_user_id`, `_fresh` …); what an application running beside ours keeps there stays untouched.
 */
export class Session {
  readonly #values: Record<string, unknown>;
  #changed = false;

  constructor(values: Record<string, unknown> = {}) {
    this.#values = values;
  }

  get(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? this.#values[key] : undefined;
  }

  getText(key: string): string | undefined {
    const value = this.get(key);
    return typeof value === 'string' ? value : undefined;
  }

  getNumber(key: string): number | undefined {
    const value = this.get(key);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  }

  set(key: string, value: unknown): void {
    this.#values[key] = value;
    this.#changed = true;
  }

  delete(key: string): void {
    if (!Object.hasOwn(this.#values, key)) return;
    delete this.#values[key];
    this.#changed = true;
  }

  /** Removes everything but the given keys. */
  clear(except: readonly string[] = []): void {
    for (const key of Object.keys(this.#values)) if (!except.includes(key)) this.delete(key);
  }

  /** A copy for sealing. */
  toRecord(): Record<string, unknown> {
    return { ...this.#values };
  }

  get isEmpty(): boolean {
    return Object.keys(this.#values).length === 0;
  }

  get changed(): boolean {
    return this.#changed;
  }

  /** Called once the cookie has been written. */
  markSaved(): void {
    this.#changed = false;
  }
}

/** Keys of the session, so that the same text is not spelt twice. */
export const sessionKeys = {
  /** Server sessions: the id whose hash is the row. */
  id: 'sid',
  /** Stateless sessions: the user's `fs_uniquifier`. */
  user: '_user_id',
  fresh: '_fresh',
  fingerprint: '_id',
  flashes: '_flashes',
  /** Primary authentication at, seconds. */
  authenticatedAt: 'fs_paa',
  /** Grace ends at, seconds. */
  graceUntil: 'fs_gexp',
  /** State of the CSRF cookie: set, sent, clear. */
  csrfCookie: 'fs_cc',
  /** A sign-in that waits for its second factor. */
  pending: 'tf_pending',
} as const;
