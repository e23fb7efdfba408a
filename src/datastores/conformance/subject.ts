/** What the conformance suite is run on, and small makers for its stories. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { BaseUser, SessionRow, User, UserDatastore, WebAuthnCredential } from '../contract.js';

/** The datastore under test with Sallyport's complete tables, and the way to others on the same data. */
export interface ConformanceSubject {
  datastore: UserDatastore;
  /** A datastore on the same data with connections of its own; without it the races share the one above. */
  another?: () => UserDatastore;
  close(): Promise<void>;
}

export interface Conformance {
  /** Names the suite, such as `drizzle on postgresql`. */
  name: string;
  /** Opens an empty database with all tables and all specified columns, `fs_token_uniquifier` included. */
  open(): Promise<ConformanceSubject>;
  /** Skips the suite when the database cannot be had. */
  available?: boolean;
}

export type Subject = () => ConformanceSubject;

export const uniqueEmail = (): string => `user-${randomUUID()}@example.com`;
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
export const freshHash = (): string => sha256(randomUUID());

export function makeUser(datastore: UserDatastore, values: Record<string, unknown> = {}): Promise<User> {
  return datastore.createUser({ email: uniqueEmail(), password: 'a hash', ...values });
}

export async function makeSession(
  datastore: UserDatastore,
  user: User,
  values: Partial<SessionRow> = {},
): Promise<SessionRow> {
  const row: SessionRow = {
    id_hash: freshHash(),
    kind: 'session',
    user_id: datastore.userKey(user),
    fs_uniquifier: user.fs_uniquifier,
    methods: ['password'],
    created_at: 1_000_000,
    last_seen_at: 1_000_000,
    expires_at: 2_000_000,
    address: '192.0.2.7',
    agent: 'Mozilla/5.0',
    secret_hash: null,
    previous_secret_hash: null,
    rotated_at: null,
    ...values,
  };
  await datastore.createSession(row);
  return row;
}

export async function makeCredential(datastore: UserDatastore, user: User): Promise<WebAuthnCredential> {
  const credential_id = Uint8Array.from(randomBytes(40));
  await datastore.createWebauthn(user, {
    credential_id,
    public_key: Uint8Array.from([0, 255, 1, 128, 39]),
    sign_count: 7,
    transports: ['internal', 'hybrid'],
    extensions: '{"credProps":true}',
    name: 'laptop',
    usage: 'secondary',
    backup_state: true,
    device_type: 'multi_device',
  });
  return existing(await datastore.findWebauthn(credential_id));
}

/** The value, or a failure of the test that expected one. */
export function existing<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('Expected a record and found none.');
  return value;
}

export async function fresh(datastore: UserDatastore, user: BaseUser & { [column: string]: unknown }): Promise<User> {
  return existing(await datastore.findUser({ email: user.email }));
}

const callersOf = new WeakMap<ConformanceSubject, UserDatastore[]>();

/** Runs the same call on `count` datastores at once and returns what each answered. */
export function atOnce<Result>(
  subject: ConformanceSubject,
  count: number,
  call: (datastore: UserDatastore, index: number) => Promise<Result>,
): Promise<Result[]> {
  const callers = callersOf.get(subject) ?? [];
  callersOf.set(subject, callers);
  while (callers.length < count) callers.push(subject.another?.() ?? subject.datastore);
  return Promise.all(callers.slice(0, count).map((caller, index) => call(caller, index)));
}

export const winners = (answers: readonly boolean[]): number => answers.filter((answer) => answer).length;
