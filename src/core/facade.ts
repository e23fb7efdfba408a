import type { BaseUser, User, UserDatastore } from '../datastores/contract.js';
import type { CookieSink, HttpRequest, HttpResponse } from '../http/types.js';
import { RequestContext } from './context.js';
import { createDispatch, failClosed } from './dispatch.js';
import { createGuards, type Guard, type Guards } from './guards.js';
import type { ContextProcessor } from './render.js';
import type { SecurityCore } from './security-core.js';
import type { SignalListener, SignalName } from './signals.js';
import { type ContextProcessorName, contextProcessorViews } from './views.js';

/** The specification's decorators: `security.loginContextProcessor(() => ({ hello: 'world' }))` (2.1.1). */
export type ContextProcessorRegistrars = Readonly<Record<ContextProcessorName, (processor: ContextProcessor) => void>>;

/** A running Sallyport. Adapters make it speak a framework's language. */
export interface Security<Row extends BaseUser = BaseUser> extends ContextProcessorRegistrars {
  readonly core: SecurityCore;
  readonly datastore: UserDatastore<Row>;
  readonly guards: Guards;
  /** Begins to look at a request. */
  context(request: HttpRequest, writeCookie: CookieSink): RequestContext;
  /** Answers a request that is for one of our routes; `undefined`: it is for the application. */
  handle(context: RequestContext): Promise<HttpResponse | undefined>;
  /** Runs a guard; whatever breaks in it lets nobody through. */
  guard(guard: Guard, context: RequestContext): Promise<HttpResponse | undefined>;
  /** Listens to a signal (specification 3.1.8). @example security.on('userAuthenticated', ({ user }) => audit(user)) */
  on<Name extends SignalName>(name: Name, listener: SignalListener<Name>): () => void;
  /** Hashes a password (normalized first) for `createUser` (specification 3.1.5). */
  hashPassword(password: string): Promise<string>;
  /** Compares a password (normalized first) with a hash. */
  verifyPassword(password: string, hash: string | null): Promise<boolean>;
  /** As {@link verifyPassword} for a user, whose hash is renewed where scheme or cost changed. */
  verifyAndUpdatePassword(password: string, user: User<Row>): Promise<boolean>;
  /** Base64 of the HMAC-SHA512 of a password with `passwordSalt`. */
  getHmac(password: string): string;
  /** The user whom an identity names, tried against each identity attribute in order. */
  lookupIdentity(identity: string): Promise<User<Row> | null>;
  /** An auth token of the user. Hand it out only to that user. */
  getAuthToken(user: User<Row>): Promise<string>;
  /** Deletes expired sessions and used-up single-use rows; to be called now and then. */
  purgeExpired(): Promise<number>;
  /** Waits for mails that are under way: before the process ends. */
  drain(): Promise<void>;
}

export function createFacade<Row extends BaseUser>(
  core: SecurityCore,
  datastore: UserDatastore<Row>,
  processors: Map<string, ContextProcessor[]>,
): Security<Row> {
  const guards = createGuards(core);
  const dispatch = createDispatch(core, guards);
  // Inside, users are plain records; outside they have the application's type.
  const inner = (user: User<Row>): User => user as unknown as User;
  const registrars = Object.fromEntries(
    Object.entries(contextProcessorViews).map(([name, view]) => [
      name,
      (processor: ContextProcessor) => processors.set(view, [...(processors.get(view) ?? []), processor]),
    ]),
  ) as unknown as ContextProcessorRegistrars; // made from the very names of the type
  return {
    ...registrars,
    core,
    datastore,
    guards,
    context: (request, writeCookie) => new RequestContext(core, request, writeCookie),
    handle: dispatch,
    guard: (guard, context) => failClosed(context, () => guard(context)),
    on: (name, listener) => core.signals.on(name, listener),
    hashPassword: (password) => core.passwords.hash(core.passwordUtil.normalize(password)),
    verifyPassword: (password, hash) => core.passwords.verify(core.passwordUtil.normalize(password), hash),
    verifyAndUpdatePassword: (password, user) =>
      core.verifyAndUpdatePassword(inner(user), core.passwordUtil.normalize(password)),
    getHmac: (password) => core.passwords.hmac(password),
    lookupIdentity: async (identity) => (await core.identities.lookupIdentity(identity)) as User<Row> | null, // the same store's record
    getAuthToken: (user) => core.authentication.tokens.issue(inner(user), core.clock()),
    purgeExpired: () => datastore.purgeExpired(core.clock()),
    async drain() {
      await core.background.drain();
      await core.mailer.drain();
    },
  };
}
