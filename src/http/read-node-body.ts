import type { IncomingMessage } from 'node:http';

/**
 * Reads a Node request to its end, at most `limit` bytes; `undefined` when there was more. The rest of a body that is
 * too large is drained (bounded by the server's own timeouts), so that the answer can be read by the client.
 *
 * @throws the stream's own error, and an error when the client goes away in the middle.
 */
export async function readNodeBody(request: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit) {
    request.resume();
    return undefined;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Uint8Array) => {
      size += chunk.byteLength;
      if (size <= limit) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('The client went away before its request was complete.')));
  });
}
