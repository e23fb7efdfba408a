import type { SessionCookie } from '../crypto/session-cookie.js';
import type { SessionRow, User } from '../datastores/contract.js';
import { readCookie, writeCookie } from '../http/cookies.js';
import type { HttpRequest } from '../http/types.js';
import type { Clock } from './clock.js';
import type { RequestContext } from './context.js';
import { Session } from './session.js';
import type { CookieSetting } from './session-cookie-format.js';

/** A user that a session or a remembered browser points to. Not an identity yet: that only the gate makes. */
export interface FoundSession {
  user: User;
  row: SessionRow | undefined;
}

/** Where the signed-in part of a session lives: in rows, or in the cookie. */
export interface SessionKind {
  /** Whom the session points to, if it is alive. */
  find(context: RequestContext): Promise<FoundSession | null>;
  /** Binds the session to the user under a new id; whatever was signed in before is ended. */
  begin(context: RequestContext, user: User, methods: readonly string[]): Promise<SessionRow | undefined>;
  /** Ends what is signed in. */
  end(context: RequestContext): Promise<void>;
}

/** Remember-me: brings a browser back whose session is gone. */
export interface RememberKind {
  /** Did the browser send such a cookie at all, good or bad? */
  presented(context: RequestContext): boolean;
  find(context: RequestContext): Promise<User | null>;
  begin(context: RequestContext, user: User): Promise<void>;
  end(context: RequestContext): Promise<void>;
}

/** Sessions of both kinds behind one interface, and the cookie that carries them. */
export interface SessionStore extends SessionKind {
  readonly remember: RememberKind;
  /** The state in the request's cookie; a forged, old or foreign cookie counts as none. */
  read(request: HttpRequest): Session;
  write(context: RequestContext, session: Session): void;
}

export function createSessionStore(parts: {
  cookie: SessionCookie;
  setting: CookieSetting;
  /** Seconds. */
  maxAge: number;
  clock: Clock;
  kind: SessionKind;
  remember: RememberKind;
}): SessionStore {
  const { cookie, setting, maxAge, clock, kind, remember } = parts;
  return {
    ...kind,
    remember,
    read(request) {
      const value = readCookie(request.header('cookie'), setting.name);
      const values = value === undefined ? undefined : cookie.open(value, { maxAge, now: clock() });
      return new Session(values ?? {});
    },
    write(context, session) {
      const line = session.isEmpty
        ? writeCookie(setting.name, '', { ...setting.attributes, maxAge: 0 })
        : writeCookie(setting.name, cookie.seal(session.toRecord(), clock()), setting.attributes);
      context.setCookie(setting.name, line);
    },
  };
}
