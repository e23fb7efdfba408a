import { startExpress } from './adapters/express.js';
import { startFastify } from './adapters/fastify.js';
import { startHono } from './adapters/hono.js';
import type { Start } from './adapters/server.js';
import { startWeb } from './adapters/web.js';

export { listen, type RunningServer } from './adapters/server.js';

/** The same application on every framework. */
export const adapters = {
  express: startExpress,
  fastify: startFastify,
  hono: startHono,
  web: startWeb,
} satisfies Record<string, Start>;

export type AdapterName = keyof typeof adapters;
export const adapterNames = Object.keys(adapters) as AdapterName[]; // the keys of the record just above
