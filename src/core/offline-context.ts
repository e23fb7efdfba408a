import type { HttpRequest } from '../http/types.js';
import { RequestContext } from './context.js';
import type { SecurityCore } from './security-core.js';

const noRequest: HttpRequest = {
  method: 'GET',
  target: '/',
  remoteAddress: undefined,
  encrypted: false,
  header: () => undefined,
  body: async () => ({ kind: 'none' }),
};

/** A context for work that no request asked for: administrators, commands. Nobody is signed in, no cookie goes anywhere. */
export function offlineContext(core: SecurityCore): RequestContext {
  const context = new RequestContext(core, noRequest, () => undefined);
  context.identity = null;
  return context;
}
