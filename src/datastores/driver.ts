/**
 * What the shared half of a datastore asks of a database. Columns are named as in the database; records carry the
 * specified names for Sallyport's columns and the application's own names for its own.
 */
import type { OnceRow, Role } from './contract.js';

export type TableName = 'user' | 'role' | 'roles_users' | 'web_authn' | 'auth_session' | 'auth_once';
export type StoredRecord = { [column: string]: unknown };
export type StoredUser = StoredRecord & { roles: Role[] };

/**
 * One condition of a WHERE. `equal` compares text exactly (case and accents included) and `null` as "is null"; an
 * array in a list column as its text. `equal ignoring case` is for text only.
 */
export interface Condition {
  column: string;
  operator: 'equal' | 'equal ignoring case' | 'before' | 'not after' | 'after' | 'not in' | 'not equal';
  value: unknown;
}

export interface Driver {
  /** Has the application this table? `web_authn` may be absent. */
  hasTable(table: TableName): boolean;
  hasColumn(table: TableName, column: string): boolean;
  /** Column of the user's primary key. */
  readonly userKeyColumn: string;
  /** The primary key in a record of the user table. */
  keyOf(user: StoredRecord): unknown;
  /** Throws DuplicateError when a unique column is taken. */
  insert(table: TableName, values: StoredRecord): Promise<void>;
  /** Links user and role unless they are linked; true if it was this call. */
  link(userKey: unknown, roleId: unknown): Promise<boolean>;
  /** Returns how many rows matched. A condition whose value cannot occur in its column matches none. */
  update(table: TableName, changes: StoredRecord, where: readonly Condition[]): Promise<number>;
  delete(table: TableName, where: readonly Condition[]): Promise<number>;
  find(table: TableName, where: readonly Condition[], newestFirst?: string): Promise<StoredRecord[]>;
  /** One query, roles and permissions included. */
  findUser(where: readonly Condition[]): Promise<StoredUser | null>;
  /** One query: session, user, roles; the WHERE checks kind, end, idleness and uniquifier. */
  findSession(check: SessionCheck): Promise<{ session: StoredRecord; user: StoredUser } | null>;
  /** Inserts, or takes over a row past its end; true if it did either. */
  mark(row: OnceRow, now: number): Promise<boolean>;
  /** Inserts or overwrites. */
  put(row: OnceRow): Promise<void>;
  /** Adds one to the row's count, beginning anew with `row.expires_at` when its window is over. */
  count(row: OnceRow, now: number): Promise<{ count: number; expiresAt: number }>;
  /** `repeatable`: the work may be run again from its beginning when the database gave it up (deadlock, busy file). */
  transaction<Result>(work: (driver: Driver) => Promise<Result>, repeatable?: 'repeatable'): Promise<Result>;
}

export interface SessionCheck {
  kind: 'session' | 'remember';
  idHash: string;
  now: number;
  /** `last_seen_at` has to be after this; absent means that idleness is not checked. */
  idleSince: number;
}

/** Shorthand for {@link Condition}. */
export function equal(column: string, value: unknown): Condition {
  return { column, operator: 'equal', value };
}
