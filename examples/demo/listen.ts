import { createServer, type RequestListener, type Server } from 'node:http';
import { ListenError } from './listen-error.js';

export interface RunningDemo {
  origin: string;
  close(): Promise<void>;
}

/**
 * Serves on this machine only, unless `host` says otherwise: `localhost` may mean 127.0.0.1 or ::1, so both are taken.
 *
 * @param port 0: any free one
 * @throws ListenError when the port is taken or not allowed
 */
export async function listen(listener: RequestListener, port: number, host?: string): Promise<RunningDemo> {
  const first = await open(listener, port, host ?? '127.0.0.1');
  const servers = [first.server];
  if (host === undefined) {
    try {
      servers.push((await open(listener, first.port, '::1')).server);
    } catch (error) {
      // Machines without IPv6 do well with one.
      if (error instanceof ListenError) {
        await close(first.server);
        throw error;
      }
    }
  }
  return {
    origin: `http://${host === undefined || host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${first.port}`,
    close: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

function open(listener: RequestListener, port: number, host: string): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, port)));
    server.listen(port, host, () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });
}

function explained(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new ListenError(
      `Port ${port} is in use by another program. Take another one with: PORT=${port + 1} npm start`,
    );
  if (error.code === 'EACCES')
    return new ListenError(`Port ${port} needs privileges. Take another one with: PORT=3000 npm start`);
  return error;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
