import { createServer, type RequestListener } from 'node:http';
import type { Security } from 'sallyport';

export interface RunningServer {
  origin: string;
  close(): Promise<void>;
}

export interface StartOptions {
  /** The application's own body parser comes first. */
  bodyParser: boolean;
}

export type Start = (security: Security, options: StartOptions) => Promise<RunningServer>;

export async function listen(listener: RequestListener): Promise<RunningServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
