import type { SessionRow, User, UserDatastore } from '../datastores/contract.js';
import type { Mechanism } from './config/csrf-options.js';
import type { CoreOptions } from './config/index.js';
import type { RequestContext } from './context.js';
import type { PendingSecondFactor, Proof } from './feature.js';
import type { Identity } from './identity.js';
import type { MessageReference } from './messages.js';
import type { Profile } from './options.js';
import type { GateSteps } from './registry.js';
import { sessionKeys } from './session.js';

/** What came of a proof. */
export type GateResult =
  | { state: 'signed-in'; user: User }
  | { state: 'pending'; user: User; pending: PendingSecondFactor }
  | { state: 'refused'; message: MessageReference };

/** A sign-in that waits for its second factor, as the signed cookie keeps it. */
export interface PendingSignIn {
  user: User;
  methods: string[];
  remember: boolean;
}

/**
 * THE gate: the only place that says that a request or a browser is signed in. It is told which methods have been
 * proven; whether a second factor is needed it computes from the user's live record, never from a path or a flag.
 */
export interface Gate {
  /** Signs a browser in, or makes the sign-in wait for a second factor. */
  signIn(context: RequestContext, user: User, proof: Proof): Promise<GateResult>;
  /** The sign-in that waits, if it is still good. */
  pending(context: RequestContext): Promise<PendingSignIn | null>;
  /** Completes the sign-in that waits, with the second method now proven. */
  complete(context: RequestContext, method: string): Promise<GateResult>;
  /** Ends the browser's sign-in and whatever was waiting. */
  signOut(context: RequestContext): Promise<void>;
  /** Judges a caller who proved a mechanism on this very request. `methods`: what was proven now; absent: it was complete when it was issued. */
  admit(
    user: User,
    via: Mechanism,
    details: { row?: SessionRow | undefined; methods?: readonly string[] },
    context: RequestContext,
  ): Identity | null;
  /** Brings a remembered browser back, unless more than being remembered is needed. */
  restore(context: RequestContext, user: User): Promise<Identity | null>;
  /** Notes that the signed-in user has just proven again to be who they say (freshness). */
  reverified(context: RequestContext): void;
  /** Re-binds the session to the user's new uniquifier after a change of credentials; all other sessions are dead. */
  renew(context: RequestContext, user: User, proof: Proof): Promise<GateResult>;
}

const pendingLifetime = 10 * 60_000;
/** Application-owned values and flashed messages outlive a sign-in; nothing else of ours does (attack line S10). */
const keptKeys = [sessionKeys.flashes, '_permanent'] as const;

export function createGate(parts: {
  config: CoreOptions;
  profile: Profile;
  datastore: UserDatastore;
  steps: GateSteps;
  isOurKey: (key: string) => boolean;
}): Gate {
  const { config, profile, datastore, steps, isOurKey } = parts;

  const secondFactor = (user: User, methods: readonly string[], context: RequestContext) => {
    for (const factor of steps.secondFactors) {
      const pending = factor.required(user, methods, context.core);
      if (pending) return { factor, pending };
    }
    return undefined;
  };

  const refusal = (user: User, proof: Proof, context: RequestContext): MessageReference | undefined => {
    if (!user.active) return { key: 'DISABLED_ACCOUNT' };
    for (const refuse of steps.refusals) {
      const message = refuse(user, proof, context.core);
      if (message) return message;
    }
    return undefined;
  };

  const forgetOwnKeys = (context: RequestContext): void => {
    const record = context.session.toRecord();
    for (const key of Object.keys(record)) {
      const isKept = keptKeys.some((kept) => kept === key) || !isOurKey(key);
      // The session's id is needed once more: to end the row it names.
      if (!isKept && key !== sessionKeys.id && !(profile === 'flask' && key === config.csrfFieldName))
        context.session.delete(key);
    }
  };

  const establish = async (context: RequestContext, found: User, proof: Proof): Promise<User> => {
    forgetOwnKeys(context);
    const row = await context.core.sessions.begin(context, found, proof.methods);
    if (proof.remember ?? config.defaultRememberMe) await context.core.sessions.remember.begin(context, found);
    if (profile === 'modern') context.core.csrf.rotate(context);
    context.session.set(sessionKeys.csrfCookie, 'set');
    context.session.set(sessionKeys.authenticatedAt, context.now / 1000);
    let user = found;
    for (const step of steps.signedIn) user = (await step(context, user, proof)) ?? user;
    context.identity = { user, via: 'session', session: row };
    context.attributes.set('fs_authn_via', 'session');
    const { signals } = context.core;
    await signals.send('userLoggedIn', { user });
    await signals.send('identityChanged', { user });
    await signals.send('userAuthenticated', { user, authnVia: proof.methods });
    return user;
  };

  const admit: Gate['admit'] = (user, via, details, context) => {
    const { methods, row } = details;
    const message = refusal(user, { methods: methods ?? row?.methods ?? [] }, context);
    if (message !== undefined) return null;
    if (methods !== undefined && secondFactor(user, methods, context) && !(profile === 'flask' && via === 'basic'))
      return null;
    return { user, via, session: row };
  };

  const readPending: Gate['pending'] = async (context) => {
    const state = context.session.get(sessionKeys.pending);
    if (!isPendingState(state) || context.now - state.at > pendingLifetime || state.at > context.now + 1000)
      return null;
    const user = await datastore.findUser({ fs_uniquifier: state.user });
    return user === null ? null : { user, methods: state.methods, remember: state.remember };
  };

  return {
    async signIn(context, user, proof) {
      const message = refusal(user, proof, context);
      if (message) return { state: 'refused', message };
      const needed = secondFactor(user, proof.methods, context);
      if (!needed) return { state: 'signed-in', user: await establish(context, user, proof) };
      forgetOwnKeys(context);
      await context.core.sessions.end(context);
      context.identity = null;
      if (profile === 'modern') context.core.csrf.rotate(context);
      context.session.set(sessionKeys.pending, {
        user: user.fs_uniquifier,
        methods: [...proof.methods],
        remember: proof.remember ?? config.defaultRememberMe,
        at: context.now,
      });
      await needed.factor.begin?.(context, user);
      return { state: 'pending', user, pending: needed.pending };
    },

    pending: readPending,

    async complete(context, method) {
      const waiting = await readPending(context);
      context.session.delete(sessionKeys.pending);
      if (waiting === null) return { state: 'refused', message: { key: 'UNAUTHENTICATED' } };
      const proof: Proof = { methods: [...waiting.methods, method], remember: waiting.remember };
      return await this.signIn(context, waiting.user, proof);
    },

    async signOut(context) {
      const current = await context.core.authentication.bySession(context);
      await context.core.sessions.end(context);
      await context.core.sessions.remember.end(context);
      forgetOwnKeys(context);
      context.session.delete(sessionKeys.id);
      context.session.delete(config.csrfFieldName);
      if (config.csrfCookieName !== null) context.session.set(sessionKeys.csrfCookie, 'clear');
      context.identity = null;
      context.attributes.delete('fs_authn_via');
      if (current === null) return;
      await context.core.signals.send('userLoggedOut', { user: current.user });
      await context.core.signals.send('identityChanged', { user: null });
    },

    admit,

    async restore(context, user) {
      const methods = ['remember'];
      if (refusal(user, { methods }, context)) return null;
      if (profile === 'modern' && secondFactor(user, methods, context)) return null;
      const row = await context.core.sessions.begin(context, user, methods);
      if (profile === 'modern') context.core.csrf.rotate(context);
      context.session.set(sessionKeys.csrfCookie, 'set');
      await context.core.signals.send('userLoadedFromCookie', { user });
      return { user, via: 'session', session: row };
    },

    reverified(context) {
      context.session.set(sessionKeys.authenticatedAt, context.now / 1000);
    },

    async renew(context, user, proof) {
      await datastore.deleteUserSessions(user);
      return await this.signIn(context, user, proof);
    },
  };
}

interface PendingState {
  user: string;
  methods: string[];
  remember: boolean;
  at: number;
}

/** The cookie is signed, but what an older version of us wrote may look different. */
function isPendingState(value: unknown): value is PendingState {
  if (typeof value !== 'object' || value === null) return false;
  const state = value as Partial<Record<keyof PendingState, unknown>>; // each field is checked below
  return (
    typeof state.user === 'string' &&
    Array.isArray(state.methods) &&
    state.methods.every((method) => typeof method === 'string') &&
    typeof state.remember === 'boolean' &&
    typeof state.at === 'number'
  );
}
