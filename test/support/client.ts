import { CookieJar } from 'tough-cookie';

/** What came back, with the body read. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  location: string | null;
  /** The parsed body of a JSON answer. */
  json: JsonAnswer;
}

export interface JsonAnswer {
  meta: { code: number };
  response: Record<string, unknown> & {
    errors?: string[];
    field_errors?: Record<string, string[]>;
    csrf_token?: string;
    user?: Record<string, unknown>;
  };
}

export interface SendOptions {
  headers?: Record<string, string>;
  form?: Record<string, string> | [string, string][];
  json?: unknown;
  body?: string;
}

/** A browser or an API client without a screen: keeps cookies, follows nothing by itself. */
export class Client {
  readonly origin: string;
  readonly jar = new CookieJar();
  /** Sent with every request. */
  headers: Record<string, string> = {};

  constructor(origin: string) {
    this.origin = origin;
  }

  async send(method: string, path: string, options: SendOptions = {}): Promise<Answer> {
    const url = new URL(path, this.origin).href;
    const cookies = await this.jar.getCookieString(url);
    const headers: Record<string, string> = { ...this.headers, ...(cookies === '' ? {} : { cookie: cookies }) };
    let body = options.body;
    if (options.json !== undefined) {
      headers['content-type'] = 'application/json';
      headers['accept'] = 'application/json';
      body = JSON.stringify(options.json);
    } else if (options.form !== undefined) {
      headers['content-type'] = 'application/x-www-form-urlencoded';
      body = new URLSearchParams(options.form).toString();
    }
    const response = await fetch(url, {
      method,
      headers: { ...headers, ...options.headers },
      body: body ?? null,
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) await this.jar.setCookie(line, url, { ignoreError: true });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      location: response.headers.get('location'),
      json: (isJson && text !== '' ? JSON.parse(text) : { meta: { code: 0 }, response: {} }) as JsonAnswer, // the shape under test
    };
  }

  get(path: string, options?: SendOptions): Promise<Answer> {
    return this.send('GET', path, options);
  }

  getJson(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, { headers: { accept: 'application/json', ...headers } });
  }

  /** Opens a page, fills its form and sends it, as a person would. */
  async submit(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    const page = await this.get(path);
    const token = csrfTokenOf(page.text);
    const action = /<form class="fs-form"[^>]*action="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? path;
    return await this.send('POST', action, { form: { csrf_token: token, ...fields }, headers });
  }

  /** A token for JSON requests, fetched as a single-page application would. */
  async csrfToken(path = '/login'): Promise<string> {
    return String((await this.getJson(path)).json.response.csrf_token ?? '');
  }

  /** Posts JSON with a fresh CSRF token. */
  async postJson(path: string, json: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return await this.send('POST', path, { json, headers: { 'x-csrf-token': await this.csrfToken(), ...headers } });
  }

  /** Signs in by JSON. */
  login(email: string, password = 'correct horse', query = ''): Promise<Answer> {
    return this.postJson(`/login${query}`, { email, password });
  }

  async cookie(name: string): Promise<string | undefined> {
    return (await this.jar.getCookies(this.origin)).find((cookie) => cookie.key === name)?.value;
  }
}

export function csrfTokenOf(html: string): string {
  return /name="csrf_token" value="([^"]*)"/.exec(html)?.[1] ?? '';
}
