import type { RequestContext } from '../../core/context.js';
import type { RouteDefinition } from '../../core/feature.js';
import type { Reply } from '../../core/reply.js';
import type { LogoutOptions } from './index.js';

export function logoutRoutes(options: LogoutOptions): RouteDefinition[] {
  if (options.logoutMethods === null) return [];
  return [
    {
      endpoint: 'logout',
      path: options.logoutUrl,
      methods: options.logoutMethods,
      access: 'public',
      ...(options.logoutCsrf ? {} : { csrf: 'none' }),
      handle: (context) => signOut(context, options),
    },
  ];
}

async function signOut(context: RequestContext, options: LogoutOptions): Promise<Reply> {
  const { core, request } = context;
  const body = request.method === 'POST' ? await context.body() : { kind: 'none' as const };
  const inForm = body.kind === 'form' ? body.fields.get('next')?.[0] : undefined;
  const next = core.redirects.next(context) ?? core.redirects.safe(inForm, context);
  await core.gate.signOut(context);
  const redirect = next ?? core.redirects.to(context, options.postLogoutView);
  return { kind: 'done', redirect, bare: true, alwaysRedirect: true };
}
