import type { User } from '../datastores/contract.js';
import { isHashablePassword } from '../passwords/index.js';
import type { AuthTokens } from './auth-token.js';
import { readBasicCredentials } from './basic-credentials.js';
import type { Mechanism } from './config/csrf-options.js';
import type { RequestContext } from './context.js';
import type { Gate } from './gate.js';
import type { Identity } from './identity.js';
import type { IdentityLookup } from './identity-lookup.js';
import type { SessionStore } from './session-store.js';

/** Who is asking: by session (or remembered browser), by token, by basic credentials. */
export interface Authentication {
  readonly tokens: AuthTokens;
  /** Whoever the request comes from, asked once: session, remembered browser, token. */
  current(context: RequestContext): Promise<Identity | null>;
  bySession(context: RequestContext): Promise<Identity | null>;
  by(mechanism: Mechanism, context: RequestContext): Promise<Identity | null>;
  /** Did the request bring credentials of this mechanism, good or bad? A session is never "presented": browsers just send it. */
  presents(mechanism: Mechanism, context: RequestContext): Promise<boolean>;
}

export function createAuthentication(parts: {
  tokens: AuthTokens;
  gate: Gate;
  sessions: SessionStore;
  identities: IdentityLookup;
}): Authentication {
  const { tokens, gate, sessions, identities } = parts;

  const bySession: Authentication['bySession'] = async (context) => {
    if (context.identity?.via === 'session') return context.identity;
    const found = await sessions.find(context);
    if (found !== null) return gate.admit(found.user, 'session', { row: found.row }, context);
    const remembered = await sessions.remember.find(context);
    return remembered === null ? null : await gate.restore(context, remembered);
  };

  const byToken = async (context: RequestContext): Promise<Identity | null> => {
    const token = await tokens.presented(context);
    if (token === undefined) return null;
    const user = await tokens.find(token, context.now);
    return user === null ? null : gate.admit(user, 'token', {}, context);
  };

  const byBasic = async (context: RequestContext): Promise<Identity | null> => {
    const credentials = readBasicCredentials(context.request.header('authorization'));
    if (credentials === undefined) return null;
    const user = await verifiedUser(context, credentials.identity, credentials.password, identities);
    return user === null ? null : gate.admit(user, 'basic', { methods: ['password'] }, context);
  };

  const mechanisms: Record<Mechanism, (context: RequestContext) => Promise<Identity | null>> = {
    session: bySession,
    token: byToken,
    basic: byBasic,
  };

  return {
    tokens,
    bySession,
    by: (mechanism, context) => mechanisms[mechanism](context),
    async current(context) {
      if (context.identity !== undefined) return context.identity;
      context.identity = (await bySession(context)) ?? (await byToken(context));
      if (context.identity) context.attributes.set('fs_authn_via', context.identity.via);
      return context.identity;
    },
    async presents(mechanism, context) {
      if (mechanism === 'basic') return /^basic\b/i.test(context.request.header('authorization') ?? '');
      return mechanism === 'token' && (await tokens.presented(context)) !== undefined;
    },
  };
}

/** The user with this identity and password, in the time that a wrong one takes too (law 8). */
async function verifiedUser(
  context: RequestContext,
  identity: string,
  password: string,
  identities: IdentityLookup,
): Promise<User | null> {
  if (!isHashablePassword(password)) return null;
  const normalized = context.core.passwordUtil.normalize(password);
  if (!isHashablePassword(normalized)) return null;
  const user = await identities.lookupIdentity(identity.slice(0, 1000));
  if (user === null) {
    await context.core.passwords.dummyVerify(normalized);
    return null;
  }
  return (await context.core.verifyAndUpdatePassword(user, normalized)) ? user : null;
}
