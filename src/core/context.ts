import type { User } from '../datastores/contract.js';
import type { CookieSink, HttpRequest, RequestBody } from '../http/types.js';
import type { Identity } from './identity.js';
import type { MessageReference } from './messages.js';
import type { SecurityCore } from './security-core.js';
import type { Session } from './session.js';

/**
 * One request, seen by the core. An adapter makes one for each request that touches Sallyport and calls {@link save}
 * before the response goes out. Everything is read on first use.
 */
export class RequestContext {
  readonly core: SecurityCore;
  readonly request: HttpRequest;
  readonly #writeCookie: CookieSink;
  readonly #cookies = new Map<string, string>();
  readonly #needed = new Map<string, string>();
  #session: Session | undefined;
  #query: URLSearchParams | undefined;
  #address: string | undefined | null = null;
  #json: boolean | undefined;
  #body: Promise<RequestBody> | undefined;
  /** Resolved once; `undefined`: not asked yet, `null`: nobody. */
  identity: Identity | null | undefined;
  /** What the specification calls request attributes: `fs_authn_via`. */
  readonly attributes = new Map<string, unknown>();
  /** The CSRF token was checked and found good. */
  csrfValid = false;
  /** What is wrong with the request's CSRF token, where the route leaves that to its form. */
  csrfProblem: MessageReference | undefined;
  /** The mechanism in use asks for no CSRF token. */
  ignoreCsrf = false;

  constructor(core: SecurityCore, request: HttpRequest, writeCookie: CookieSink) {
    this.core = core;
    this.request = request;
    this.#writeCookie = writeCookie;
  }

  get path(): string {
    const mark = this.request.target.indexOf('?');
    return mark < 0 ? this.request.target : this.request.target.slice(0, mark);
  }

  get query(): URLSearchParams {
    if (this.#query === undefined) {
      const mark = this.request.target.indexOf('?');
      this.#query = new URLSearchParams(mark < 0 ? '' : this.request.target.slice(mark + 1));
    }
    return this.#query;
  }

  get session(): Session {
    this.#session ??= this.core.sessions.read(this.request);
    return this.#session;
  }

  /** The client's address, behind trusted proxies only. */
  get address(): string | undefined {
    if (this.#address === null) this.#address = this.core.origins.clientAddress(this.request);
    return this.#address;
  }

  get wantsJson(): boolean {
    this.#json ??= this.core.wantJson(this.request);
    return this.#json;
  }

  get locale(): string {
    return this.core.localeOf(this.request);
  }

  get now(): number {
    return this.core.clock();
  }

  body(): Promise<RequestBody> {
    this.#body ??= this.request.body(this.core.config.bodyLimit);
    return this.#body;
  }

  /** The signed-in user, asked for on open routes too; one question to the store per request. */
  async currentUser(): Promise<User | null> {
    return (await this.core.authentication.current(this))?.user ?? null;
  }

  /**
   * Sets (or replaces) a cookie of the response. It goes out with {@link save}: a request that fails sets none, but
   * those without which the browser would be left with what the store has replaced already.
   */
  setCookie(name: string, line: string, when?: 'even if it fails'): void {
    this.#cookies.set(name, line);
    if (when === undefined) this.#needed.delete(name);
    else this.#needed.set(name, line);
  }

  /** Forgets what a request that failed wanted to set, but for the cookies that must go out. */
  giveUp(): void {
    this.#cookies.clear();
    this.#session = undefined;
    this.identity = null;
    for (const [name, line] of this.#needed) this.#writeCookie(name, line);
    this.#needed.clear();
  }

  /** Writes the cookies that changed. To be called before the head of the response is sent. */
  save(): void {
    this.core.csrf.refreshCookie(this);
    if (this.#session?.changed) {
      this.core.sessions.write(this, this.#session);
      this.#session.markSaved();
    }
    for (const [name, line] of this.#cookies) this.#writeCookie(name, line);
    this.#cookies.clear();
    this.#needed.clear();
  }
}
