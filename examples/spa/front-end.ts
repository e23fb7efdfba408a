import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Own scripts and styles only, no inline code, no text turned into markup, no frame around us. */
const headers = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cache-Control': 'no-cache',
};

/**
 * Serves the files of the front end, and hands everything below `/api/` on to the backend, so that browsers see one
 * origin. In production a web server such as nginx does both.
 */
export function frontEnd(publicDirectory: string, backendOrigin: string): RequestListener {
  return (request, response) => {
    const path = new URL(request.url ?? '/', 'http://front.end').pathname;
    if (path.startsWith('/api/')) handOn(request, response, backendOrigin);
    else void serve(path, request, response, publicDirectory);
  };
}

async function serve(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  publicDirectory: string,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...headers, Allow: 'GET, HEAD' }).end();
    return;
  }
  // One folder, plain names: everything else is a view, and every view is the same page.
  const name = /^\/([a-z][a-z-]*\.(?:js|css|svg))$/.exec(path)?.[1] ?? 'index.html';
  try {
    const body = await readFile(join(publicDirectory, name));
    response.writeHead(200, { ...headers, 'Content-Type': types[extname(name)] ?? 'application/octet-stream' });
    response.end(body);
  } catch {
    response.writeHead(404, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
  }
}

function handOn(request: IncomingMessage, response: ServerResponse, backendOrigin: string): void {
  const target = new URL(backendOrigin);
  const forwarded = [request.headers['x-forwarded-for'], request.socket.remoteAddress].flat().filter(Boolean);
  const onward = httpRequest(
    {
      hostname: target.hostname,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: { ...request.headers, 'x-forwarded-for': forwarded.join(', ') },
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    },
  );
  onward.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'Content-Type': 'text/plain; charset=utf-8' }).end('The backend does not answer.\n');
  });
  response.on('close', () => onward.destroy());
  request.pipe(onward);
}
