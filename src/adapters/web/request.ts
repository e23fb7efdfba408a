import { isParsable, parseBody } from '../../http/body.js';
import type { HttpRequest, RequestBody } from '../../http/types.js';

/** A Web-standard request as the core sees it. */
export class WebRequest implements HttpRequest {
  readonly #request: Request;
  readonly target: string;
  readonly remoteAddress: string | undefined;
  #body: Promise<RequestBody> | undefined;

  constructor(request: Request, remoteAddress: string | undefined) {
    this.#request = request;
    this.target = targetOf(request.url);
    this.remoteAddress = remoteAddress;
  }

  get method(): string {
    return this.#request.method;
  }

  get encrypted(): boolean {
    return this.#request.url.startsWith('https:');
  }

  header(name: string): string | undefined {
    const value = this.#request.headers.get(name);
    if (value !== null) return value;
    // A request that never was on the wire says where it goes by its address alone.
    return name === 'host' ? new URL(this.#request.url).host : undefined;
  }

  body(limit: number): Promise<RequestBody> {
    this.#body ??= readWebBody(this.#request, limit);
    return this.#body;
  }
}

/** Path and query of an absolute address, letter by letter. */
export function targetOf(url: string): string {
  const path = url.indexOf('/', url.indexOf('://') + 3);
  if (path < 0) return '/';
  const fragment = url.indexOf('#', path);
  return fragment < 0 ? url.slice(path) : url.slice(path, fragment);
}

/** Reads the body off a copy of the stream: the application's handler finds it unread. */
export async function readWebBody(request: Request, limit: number): Promise<RequestBody> {
  const type = request.headers.get('content-type') ?? undefined;
  if (!isParsable(type) || request.bodyUsed) return { kind: 'none' };
  const tooLarge: RequestBody = { kind: 'invalid', status: 413, reason: 'The body is too large.' };
  if (Number(request.headers.get('content-length') ?? 0) > limit) return tooLarge;
  const bytes = await readAtMost(request.clone().body, limit);
  return bytes === undefined ? tooLarge : parseBody(type, bytes);
}

async function readAtMost(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array | undefined> {
  if (stream === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength;
    if (size > limit) {
      // Not awaited: of a stream in two, one branch's end waits for the other's.
      reader.cancel().catch(() => undefined);
      return undefined;
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}
