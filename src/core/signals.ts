import type { User } from '../datastores/contract.js';

/**
 * What each signal carries (specification 3.1.8, and those it takes from Flask-Login and Flask-Principal).
 * Names are the specified ones in camelCase.
 */
export interface SignalPayloads {
  userAuthenticated: { user: User; authnVia: readonly string[] };
  userLoggedIn: { user: User };
  userLoggedOut: { user: User };
  identityChanged: { user: User | null };
  userLoadedFromCookie: { user: User };
  /** A remember-me secret was presented that had been replaced before: its whole series was ended. */
  rememberTokenStolen: { user: User };
  userRegistered: {
    user: User;
    confirmationToken: string | null;
    confirmToken: string | null;
    formData: Readonly<Record<string, unknown>>;
  };
  userNotRegistered: {
    user: User | null;
    existingEmail: boolean;
    existingUsername: boolean;
    formData: Readonly<Record<string, unknown>>;
  };
  userConfirmed: { user: User };
  confirmInstructionsSent: { user: User; confirmationToken: string; token: string };
  loginInstructionsSent: { user: User; loginToken: string };
  passwordReset: { user: User };
  passwordChanged: { user: User };
  resetPasswordInstructionsSent: { user: User; resetToken: string; token: string };
  tfCodeConfirmed: { user: User; method: string };
  tfProfileChanged: { user: User; method: string };
  tfDisabled: { user: User };
  tfSecurityTokenSent: { user: User; method: string; loginToken: string; token: string };
  usSecurityTokenSent: {
    user: User;
    method: string;
    loginToken: string;
    token: string;
    phoneNumber: string | null;
    sendMagicLink: boolean;
  };
  usProfileChanged: { user: User; methods: readonly string[]; delete: boolean };
  wanRegistered: { user: User; name: string };
  wanDeleted: { user: User; name: string };
}

export type SignalName = keyof SignalPayloads;
export type SignalListener<Name extends SignalName> = (payload: SignalPayloads[Name]) => void | Promise<void>;

export interface Signals {
  /** Adds a listener and returns the function that removes it. */
  on<Name extends SignalName>(name: Name, listener: SignalListener<Name>): () => void;
  /** Calls the listeners one after the other and waits for each. One that throws is reported and undoes nothing. */
  send<Name extends SignalName>(name: Name, payload: SignalPayloads[Name]): Promise<void>;
}

type AnyListener = (payload: never) => void | Promise<void>;

export function createSignals(report: (error: unknown, signal: SignalName) => void): Signals {
  const listeners = new Map<SignalName, Set<AnyListener>>();
  return {
    on(name, listener) {
      const known = listeners.get(name) ?? new Set<AnyListener>();
      listeners.set(name, known.add(listener));
      return () => known.delete(listener);
    },
    async send(name, payload) {
      for (const listener of listeners.get(name) ?? []) {
        try {
          await listener(payload as never); // the map holds under `name` only listeners of this payload
        } catch (error) {
          report(error, name);
        }
      }
    },
  };
}
