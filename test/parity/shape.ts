import type { Answer, Client } from '../support/client.js';

export type Act = (client: Client) => Promise<Answer>;

/** What a front end can tell two answers by: sentences and secrets aside. */
export function shapeOf(answer: Answer): unknown {
  return {
    status: answer.status,
    type: answer.location === null ? answer.headers.get('content-type')?.split(';')[0] : null,
    location: answer.location === null ? null : ownPath(answer.location),
    challenge: answer.headers.get('www-authenticate')?.replace(/, charset="UTF-8"$/, '') ?? null,
    body: answer.headers.get('content-type')?.includes('json') ? keysOf(JSON.parse(answer.text)) : null,
  };
}

/** The original names itself in `next` where ours gives a path. */
function ownPath(location: string): string {
  return location.replace(/http%3A%2F%2F127\.0\.0\.1%3A\d+/, '');
}

/** Keys and types; the level of nesting is kept, texts are not. */
function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keysOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(
    Object.entries(value)
      // The test application on our side tells the mechanism too.
      .filter(([key]) => key !== 'via')
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, entry]) => [key, keysOf(entry)]),
  );
}

/** In JSON the original finds the token; in headers only once the whole application is protected, and then only there. */
export async function post(client: Client, path: string, body: Record<string, unknown>): Promise<Answer> {
  const csrf_token = await client.csrfToken();
  return await client.send('POST', path, { json: { ...body, csrf_token }, headers: { 'x-csrf-token': csrf_token } });
}

export const signIn = (
  client: Client,
  email = 'user@example.com',
  password = 'correct horse',
  query = '',
): Promise<Answer> => post(client, `/login${query}`, { email, password });
