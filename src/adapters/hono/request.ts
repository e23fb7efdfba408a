import type { IncomingMessage } from 'node:http';
import type { Context, HonoRequest } from 'hono';
import { adoptParsedBody, parseBody } from '../../http/body.js';
import type { HttpRequest, RequestBody } from '../../http/types.js';
import { NodeRequest } from '../node-request.js';
import { readWebBody, WebRequest } from '../web/request.js';

/**
 * A Hono request as the core sees it. On Node's own server its headers are read where Node has them: the Web-standard
 * ones would have to be copied first.
 */
export function honoRequest(c: Context, remoteAddress: ((c: Context) => string | undefined) | undefined): HttpRequest {
  const incoming = nodeRequestOf(c);
  if (incoming !== undefined) return new HonoOnNode(incoming, c, remoteAddress);
  return new HonoElsewhere(c, remoteAddress?.(c));
}

class HonoOnNode extends NodeRequest {
  readonly #c: Context;
  readonly #address: ((c: Context) => string | undefined) | undefined;

  constructor(incoming: IncomingMessage, c: Context, address: ((c: Context) => string | undefined) | undefined) {
    super(incoming, incoming.url ?? '/');
    this.#c = c;
    this.#address = address;
  }

  override get remoteAddress(): string | undefined {
    return this.#address === undefined ? super.remoteAddress : this.#address(this.#c);
  }

  override body(limit: number): Promise<RequestBody> {
    return readHonoBody(this.#c.req, limit);
  }
}

class HonoElsewhere extends WebRequest {
  readonly #request: HonoRequest;

  constructor(c: Context, address: string | undefined) {
    super(c.req.raw, address);
    this.#request = c.req;
  }

  override body(limit: number): Promise<RequestBody> {
    return readHonoBody(this.#request, limit);
  }
}

/** What `@hono/node-server` hands in as bindings. */
function nodeRequestOf(c: Context): IncomingMessage | undefined {
  const env: unknown = c.env;
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined;
  const { incoming } = env;
  const isNode = typeof incoming === 'object' && incoming !== null && 'socket' in incoming && 'headers' in incoming;
  return isNode ? (incoming as IncomingMessage) : undefined; // its two parts that we read are there
}

/** The body, also where a handler of the application was first to read it: Hono keeps what it has read. */
async function readHonoBody(request: HonoRequest, limit: number): Promise<RequestBody> {
  const { bodyCache, raw } = request;
  if (Object.keys(bodyCache).length === 0) return await readWebBody(raw, limit);
  const type = request.header('content-type');
  if ('formData' in bodyCache) return adoptParsedBody(type, recordOf(await request.formData()));
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.byteLength > limit) return { kind: 'invalid', status: 413, reason: 'The body is too large.' };
  return parseBody(type, bytes);
}

function recordOf(form: FormData): Record<string, unknown[]> {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of form.entries()) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}
