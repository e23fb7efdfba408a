import type { HttpResponse } from '../../http/types.js';

/** The cookies that a response is to carry, one line for each name. */
export type PendingCookies = Map<string, string>;

/** Our answer as a Web-standard response, with the cookies that are waiting. */
export function toWebResponse(answer: HttpResponse, cookies: PendingCookies): Response {
  const headers = new Headers(answer.headers);
  for (const line of cookies.values()) headers.append('set-cookie', line);
  cookies.clear();
  // These statuses may have no body at all, not even an empty one (Fetch standard, "null body status").
  const hasBody = answer.status !== 204 && answer.status !== 304;
  // A view of bytes is a body; the types of Node 20 and of ES2024 differ about what may back it.
  const body = hasBody ? (answer.body as ConstructorParameters<typeof Response>[0]) : null;
  return new Response(body, { status: answer.status, headers });
}

/** Adds the cookies that are waiting to a response of the application; its own cookies stay, of one name ours counts. */
export function withCookies(response: Response, cookies: PendingCookies): Response {
  if (cookies.size === 0) return response;
  const answer = isChangeable(response) ? response : new Response(response.body, response);
  const present = answer.headers.getSetCookie();
  const kept = present.filter((line) => !cookies.has(line.slice(0, line.indexOf('='))));
  if (kept.length < present.length) {
    answer.headers.delete('set-cookie');
    for (const line of kept) answer.headers.append('set-cookie', line);
  }
  for (const line of cookies.values()) answer.headers.append('set-cookie', line);
  cookies.clear();
  return answer;
}

/** The headers of what `fetch()` or `Response.redirect()` gave cannot be changed; there is no asking but trying. */
function isChangeable(response: Response): boolean {
  try {
    response.headers.delete('x-sallyport');
    return true;
  } catch {
    return false;
  }
}
