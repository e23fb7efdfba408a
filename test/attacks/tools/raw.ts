import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  /** Lower-case names; lines of one name stay apart. */
  headers: [name: string, value: string][];
  setCookies: string[];
  body: string;
  text: string;
}

/** Sends bytes as they are, as no HTTP library would, and reads until the server closes the connection. */
export async function sendRaw(origin: string, request: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  const text = await new Promise<string>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(Buffer.from(request, 'latin1')));
    const end = (): void => resolve(Buffer.concat(chunks).toString());
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', end);
    socket.on('error', (error) => (chunks.length > 0 ? end() : reject(error)));
  });
  return readAnswer(text);
}

function readAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [line = '', ...lines] = head.split('\r\n');
  const headers = lines.map((entry): [string, string] => {
    const colon = entry.indexOf(':');
    return [entry.slice(0, colon).toLowerCase(), entry.slice(colon + 1).trim()];
  });
  return {
    status: Number(line.split(' ')[1] ?? 0),
    headers,
    setCookies: headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value),
    body: rest.join('\r\n\r\n'),
    text,
  };
}

/** A request with its lines; the connection is closed after the answer. */
export function requestText(method: string, target: string, headers: readonly string[] = [], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const host = headers.some((line) => /^host:/i.test(line)) ? [] : ['Host: localhost'];
  return [`${method} ${target} HTTP/1.1`, ...host, 'Connection: close', ...length, ...headers, '', body].join('\r\n');
}

/** A browser that talks to an https site behind a proxy: it keeps cookies by name, whatever their attributes. */
export class RawBrowser {
  readonly origin: string;
  readonly cookies = new Map<string, string>();
  /** Every `Set-Cookie` line it was ever sent. */
  readonly setCookies: string[] = [];

  constructor(origin: string) {
    this.origin = origin;
  }

  async send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string,
  ): Promise<{ status: number; headers: Headers; text: string; setCookies: string[] }> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.origin + path, {
      method,
      headers: { ...(cookie === '' ? {} : { cookie }), ...headers },
      body: body ?? null,
      redirect: 'manual',
    });
    const setCookies = response.headers.getSetCookie();
    this.setCookies.push(...setCookies);
    for (const line of setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status: response.status, headers: response.headers, text: await response.text(), setCookies };
  }

  async getJson(path: string, headers: Record<string, string> = {}) {
    return await this.send('GET', path, { accept: 'application/json', ...headers });
  }

  async csrfToken(): Promise<string> {
    return String(JSON.parse((await this.getJson('/login')).text).response.csrf_token ?? '');
  }

  async postJson(path: string, json: unknown, headers: Record<string, string> = {}) {
    const token = await this.csrfToken();
    const own = { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': token };
    return await this.send('POST', path, { ...own, ...headers }, JSON.stringify(json));
  }

  login(email: string, extra: Record<string, unknown> = {}) {
    return this.postJson('/login', { email, password: 'correct horse', ...extra });
  }
}
