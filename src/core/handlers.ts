import type { User } from '../datastores/contract.js';
import type { HttpRequest, HttpResponse } from '../http/types.js';
import type { Mechanism } from './config/csrf-options.js';
import type { RequestContext } from './context.js';

/** What the application may replace of our answers (specification 2.1.5, 3.1.1). */
export interface Handlers {
  /** Makes the JSON answer. Default: `{ meta: { code }, response: payload }`. */
  renderJson(
    payload: Record<string, unknown>,
    code: number,
    headers: Record<string, string>,
    user: User | null,
  ): HttpResponse;
  /** The caller is not authenticated. `headers` may carry `WWW-Authenticate`. */
  unauthnHandler(
    mechanisms: readonly Mechanism[],
    headers: Record<string, string>,
    context: RequestContext,
  ): HttpResponse | Promise<HttpResponse>;
  /** The caller lacks a role or permission. `guard` is the guard's name, `parameters` what it asked for. */
  unauthzHandler(
    guard: string,
    parameters: readonly string[],
    context: RequestContext,
  ): HttpResponse | Promise<HttpResponse>;
  /** The caller's sign-in is not recent enough. Milliseconds. */
  reauthnHandler(within: number, grace: number, context: RequestContext): HttpResponse | Promise<HttpResponse>;
  /** Is the answer to be JSON? */
  wantJson(request: HttpRequest): boolean;
}
