import type { IncomingMessage, ServerResponse } from 'node:http';
import { adoptParsedBody, isParsable, parseBody } from '../http/body.js';
import { readNodeBody } from '../http/read-node-body.js';
import type { HttpRequest, HttpResponse, RequestBody } from '../http/types.js';

/** Where a framework keeps the body that a parser has made. */
export interface BodyHolder {
  body?: unknown;
}

/** A Node request as the core sees it: nothing is copied, every answer is read when asked for. */
export class NodeRequest implements HttpRequest {
  readonly #incoming: IncomingMessage;
  readonly #holder: BodyHolder;
  readonly target: string;
  #body: Promise<RequestBody> | undefined;
  /** The bytes that were read off the stream: whoever reads it next finds nothing there. */
  bytesRead: Uint8Array | undefined;

  /**
   * `target`: the path as the client sent it, where a router has rewritten `url`. `holder`: what has the parsed body,
   * where it is not the Node request itself.
   */
  constructor(incoming: IncomingMessage, target: string, holder: BodyHolder = incoming as BodyHolder) {
    this.#incoming = incoming;
    this.#holder = holder;
    this.target = pathOf(target);
  }

  get method(): string {
    return this.#incoming.method ?? 'GET';
  }

  get remoteAddress(): string | undefined {
    return this.#incoming.socket.remoteAddress;
  }

  get encrypted(): boolean {
    return 'encrypted' in this.#incoming.socket && this.#incoming.socket.encrypted === true;
  }

  header(name: string): string | undefined {
    const { headers } = this.#incoming;
    // HTTP/2 has no Host header; its pseudo header says the same.
    const value = headers[name] ?? (name === 'host' ? headers[':authority'] : undefined);
    return Array.isArray(value) ? value.join(', ') : value;
  }

  body(limit: number): Promise<RequestBody> {
    this.#body ??= this.#readBody(limit);
    return this.#body;
  }

  async #readBody(limit: number): Promise<RequestBody> {
    const type = this.header('content-type');
    // What the application's own parser has made of the body, if it came first.
    if (this.#holder.body !== undefined) return adoptParsedBody(type, this.#holder.body);
    // An upload is the application's: its stream stays unread.
    if (this.#incoming.readableEnded || !isParsable(type)) return { kind: 'none' };
    const bytes = await readNodeBody(this.#incoming, limit);
    if (bytes === undefined) return { kind: 'invalid', status: 413, reason: 'The body is too large.' };
    this.bytesRead = bytes;
    const body = parseBody(type, bytes);
    this.#leaveForApplication(body);
    return body;
  }

  /** The stream is spent: the application's handlers find the body where a parser would have left it. */
  #leaveForApplication(body: RequestBody): void {
    if (body.kind === 'json') this.#holder.body = body.value;
    if (body.kind === 'form') {
      const pairs = [...body.fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values] as const);
      this.#holder.body = Object.fromEntries(pairs);
    }
  }
}

/** The absolute form of a request line (`GET http://evil/x`) names a host that nobody asked: only its path counts. */
function pathOf(target: string): string {
  if (target.startsWith('/')) return target;
  const match = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(target);
  const path = match?.[1] ?? target;
  return path.startsWith('/') ? path : `/${path}`;
}

/** Sets one `Set-Cookie` line and replaces an earlier one of the same name: a cookie is sent once (attack line S5). */
export function setNodeCookie(response: ServerResponse, name: string, line: string): void {
  if (response.headersSent) return;
  const present = response.getHeader('set-cookie');
  const lines = present === undefined ? [] : Array.isArray(present) ? present : [String(present)];
  response.setHeader('set-cookie', [...lines.filter((other) => !other.startsWith(`${name}=`)), line]);
}

export function sendNodeResponse(response: ServerResponse, answer: HttpResponse): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.end(answer.body);
}
