import { randomToken, sha256Hex } from '../crypto/encoding.js';
import type { OnceRow, SessionRow, User, UserDatastore } from '../datastores/contract.js';
import type { Mechanism } from './config/csrf-options.js';
import type { CoreOptions } from './config/index.js';
import type { RequestContext } from './context.js';
import type { PendingSecondFactor, Proof } from './feature.js';
import { sessionIsOfCaller } from './freshness.js';
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
  /** Why this user may not sign in, if so: disabled, unconfirmed … Asked before anything is promised to them. */
  refusal(context: RequestContext, user: User, proof: Proof): MessageReference | undefined;
  /** Judges a caller who proved a mechanism on this very request. `methods`: what was proven now; absent: it was complete when it was issued. */
  admit(
    user: User,
    via: Mechanism,
    details: { row?: SessionRow | undefined; methods?: readonly string[] },
    context: RequestContext,
  ): Identity | null;
  /** Brings a remembered browser back, unless more than being remembered is needed. */
  restore(context: RequestContext, user: User): Promise<Identity | null>;
  /**
   * Notes that the caller has just proven again to be who they say: their session is fresh. A session of somebody else
   * that came along with a token stays as it was.
   */
  reverified(context: RequestContext): Promise<void>;
  /**
   * Re-binds the session to the user's new uniquifier after a change of credentials; all other sessions are dead. What
   * the session had proven stays proven: a second factor is asked for only where it was not.
   */
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

  /** Undoes what a sign-in began that failed half-way: no row, and nothing that a later `save` could send. */
  const abandon = async (context: RequestContext): Promise<void> => {
    try {
      await context.core.sessions.end(context);
    } catch (error) {
      // The row stays, but nobody has its id.
      context.core.log.error('a session that was only begun could not be ended', { error: String(error) });
    }
    forgetOwnKeys(context);
    context.session.delete(sessionKeys.id);
    context.identity = null;
  };

  const establish = async (
    context: RequestContext,
    found: User,
    proof: Proof,
    former: readonly string[] = [],
  ): Promise<User> => {
    forgetOwnKeys(context);
    const row = await context.core.sessions.begin(context, found, [...new Set([...former, ...proof.methods])]);
    let user = found;
    try {
      for (const step of steps.signedIn) user = (await step(context, user, proof)) ?? user;
      // A cookie that remembers somebody else must not bring that user back when this session ends.
      await context.core.sessions.remember.end(context);
      // Last, for nothing that could still fail may leave a remembered browser behind.
      if (proof.remember ?? config.defaultRememberMe) await context.core.sessions.remember.begin(context, found);
    } catch (error) {
      await abandon(context);
      throw error;
    }
    if (profile === 'modern') context.core.csrf.rotate(context);
    context.session.set(sessionKeys.csrfCookie, 'set');
    context.session.set(sessionKeys.authenticatedAt, context.now / 1000);
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
      // Nobody is signed in while a second factor is awaited, a remembered user neither.
      await context.core.sessions.remember.end(context);
      context.identity = null;
      if (profile === 'modern') context.core.csrf.rotate(context);
      context.session.set(sessionKeys.pending, {
        id: randomToken(12),
        user: user.fs_uniquifier,
        methods: [...proof.methods],
        remember: proof.remember ?? config.defaultRememberMe,
        at: context.now,
      });
      await needed.factor.begin?.(context, user);
      return { state: 'pending', user, pending: needed.pending };
    },

    refusal: (context, user, proof) => refusal(user, proof, context),

    pending: readPending,

    async complete(context, method) {
      const waiting = await readPending(context);
      const mark = pendingMark(context.session.get(sessionKeys.pending));
      context.session.delete(sessionKeys.pending);
      // A copy of the cookie that completed a sign-in once completes none again.
      if (waiting === null || mark === undefined || !(await datastore.consume(mark, context.now)))
        return { state: 'refused', message: { key: 'UNAUTHENTICATED' } };
      const proof: Proof = { methods: [...waiting.methods, method], remember: waiting.remember };
      try {
        return await this.signIn(context, waiting.user, proof);
      } catch (error) {
        // Nothing came of it: the sign-in may be completed yet.
        await datastore.redeem(mark, context.now).catch(() => false);
        throw error;
      }
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
      // Freshness of the session before, which may have been another user's, is not the remembered browser's.
      context.session.delete(sessionKeys.authenticatedAt);
      context.session.delete(sessionKeys.graceUntil);
      if (profile === 'modern') context.core.csrf.rotate(context);
      context.session.set(sessionKeys.csrfCookie, 'set');
      await context.core.signals.send('userLoadedFromCookie', { user });
      return { user, via: 'session', session: row };
    },

    async reverified(context) {
      if (await sessionIsOfCaller(context)) context.session.set(sessionKeys.authenticatedAt, context.now / 1000);
    },

    async renew(context, user, proof) {
      const { identity } = context;
      await datastore.deleteUserSessions(user);
      const isOwn = identity?.via === 'session' && datastore.userKey(identity.user) === datastore.userKey(user);
      if (!isOwn) return await this.signIn(context, user, proof);
      // A session without a row tells no methods: it was complete when it was issued.
      const former = identity.session?.methods ?? [];
      const isComplete = !identity.session || !secondFactor(user, [...former, ...proof.methods], context);
      if (!isComplete) return await this.signIn(context, user, proof);
      const message = refusal(user, proof, context);
      if (message) return { state: 'refused', message };
      return { state: 'signed-in', user: await establish(context, user, proof, former) };
    },
  };
}

interface PendingState {
  id: string;
  user: string;
  methods: string[];
  remember: boolean;
  at: number;
}

/** What is left in the store of a sign-in that was completed, as long as its cookie is good. */
function pendingMark(state: unknown): OnceRow | undefined {
  if (!isPendingState(state)) return undefined;
  const expires_at = state.at + pendingLifetime + 1000;
  return { hash: sha256Hex(`pending:${state.id}`), purpose: 'pending', subject: state.user, expires_at };
}

/** The cookie is signed, but what an older version of us wrote may look different. */
function isPendingState(value: unknown): value is PendingState {
  if (typeof value !== 'object' || value === null) return false;
  const state = value as Partial<Record<keyof PendingState, unknown>>; // each field is checked below
  return (
    typeof state.id === 'string' &&
    typeof state.user === 'string' &&
    Array.isArray(state.methods) &&
    state.methods.every((method) => typeof method === 'string') &&
    typeof state.remember === 'boolean' &&
    typeof state.at === 'number'
  );
}
