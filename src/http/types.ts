/** The body of a request, parsed exactly once. `invalid` carries the status the request has earned. */
export type RequestBody =
  | { kind: 'none' }
  | { kind: 'json'; value: unknown }
  | { kind: 'form'; fields: Map<string, string[]> }
  | { kind: 'invalid'; status: 400 | 413 | 415; reason: string };

/**
 * What an adapter tells the core about a request. Everything is read on demand: an open route that never asks
 * costs nothing.
 */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  /** Path and query as received, prefix included: `/login?next=/x`. */
  readonly target: string;
  /** Address of the peer that opened the connection. */
  readonly remoteAddress: string | undefined;
  /** Did the connection itself arrive over TLS? */
  readonly encrypted: boolean;
  /** A header by its lower-case name; several lines are joined with `, ` (cookies with `; `). */
  header(name: string): string | undefined;
  /** The body, at most `limit` bytes. Called again it gives the same answer. */
  body(limit: number): Promise<RequestBody>;
}

/** What the core answers. Cookies are not here: they are handed to {@link CookieSink} as they change. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** Sets (or replaces) one `Set-Cookie` line of the response that is being prepared. */
export type CookieSink = (name: string, line: string) => void;
