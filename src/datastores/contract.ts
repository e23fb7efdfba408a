/**
 * What Sallyport asks of the application's database. The specification's Datastores chapter (3.1.4) names the
 * user-facing methods; `consume`, `redeem`, `compareAndSet`, `hit` and `transaction` are the intents that the laws of
 * single use and counted attempts need.
 *
 * Every method commits by itself, unless the datastore it is called on came out of {@link UserDatastore.transaction}.
 */

/** A role as it comes back with its user: permissions already split. */
export interface Role {
  id: unknown;
  name: string;
  description: string | null;
  permissions: string[];
}

/** The columns that every user table has; the application's own table adds its own. */
export interface BaseUser {
  email: string;
  password: string | null;
  active: boolean;
  fs_uniquifier: string;
}

/**
 * A user as the datastore hands it out: a plain record of the application's table (list columns split, dates as
 * `Date`, booleans as booleans), with its roles.
 */
export type User<Row extends BaseUser = BaseUser> = Row & { roles: Role[] } & { [column: string]: unknown };

/** A registered WebAuthn credential (table `web_authn`). */
export interface WebAuthnCredential {
  id: unknown;
  credential_id: Uint8Array;
  public_key: Uint8Array;
  sign_count: number;
  transports: string[];
  extensions: string | null;
  create_datetime: Date;
  lastuse_datetime: Date;
  name: string;
  usage: string;
  backup_state: boolean;
  device_type: string;
  user_id: unknown;
}

/** A row of `auth_session`. Times are milliseconds since the epoch. */
export interface SessionRow {
  /** SHA-256 of the id in the cookie, hex. */
  id_hash: string;
  /** `session`: a signed-in browser; `remember`: a remember-me series. */
  kind: 'session' | 'remember';
  /** The user's primary key, as text. */
  user_id: string;
  /** The user's `fs_uniquifier` when the row was made; compared in the WHERE of every lookup. */
  fs_uniquifier: string;
  /** Methods proven, in order: `password`, `remember` … */
  methods: string[];
  created_at: number;
  last_seen_at: number;
  /** Absolute end. */
  expires_at: number;
  address: string | null;
  agent: string | null;
  /** `remember` only: hash of the secret that goes with the id now, hash of the one before, and when it changed. */
  secret_hash: string | null;
  previous_secret_hash: string | null;
  rotated_at: number | null;
}

/** A row of `auth_once`: what may be used once, has been used, or is being counted. */
export interface OnceRow {
  /** SHA-256 of the secret (or of the counted key), hex. */
  hash: string;
  purpose: string;
  /** Whom it is bound to: usually a `fs_uniquifier`. */
  subject: string;
  expires_at: number;
}

/** Equality conditions by column. */
export type Where = Readonly<Record<string, unknown>>;
/** Values by column. */
export type Changes = Readonly<Record<string, unknown>>;

/** Permissions may be given as a list, a set or comma separated text (specification 3.1.4). */
export type PermissionsInput = Iterable<string> | string;

/** Thrown by create/update when a unique column is already taken. */
export class DuplicateError extends Error {
  override readonly name = 'DuplicateError';
  /** The column, where the database tells. */
  readonly column: string | undefined;
  constructor(column: string | undefined, options?: ErrorOptions) {
    super(
      column === undefined ? 'A unique value is already taken.' : `The value of "${column}" is already taken.`,
      options,
    );
    this.column = column;
  }
}

export interface UserDatastore<Row extends BaseUser = BaseUser> {
  /** Has the user table this column? Columns of features that are off may be absent. */
  hasUserColumn(column: string): boolean;
  /** The user's primary key as text: what `auth_session.user_id` holds. */
  userKey(user: User<Row>): string;

  // --- users -------------------------------------------------------------------------------------------------------
  /**
   * The user that matches all conditions, with roles and permissions, in one query; `null` if none does. With
   * `caseInsensitive`, text is compared without regard to case. Throws on an unknown column. Never matches on
   * `undefined`/`null` values or on anything but text, number, bigint, boolean or Date (attack line P10).
   */
  findUser(where: Where, options?: { caseInsensitive?: boolean }): Promise<User<Row> | null>;
  /** Creates a user: `active` defaults to true, `fs_uniquifier` (and the token one, if the column exists) are made. `roles`: names or roles. The password must be a hash already. */
  createUser(values: Changes & { email: string; roles?: readonly (string | Role)[] }): Promise<User<Row>>;
  /** Writes columns of one user (`update_datetime` too) and returns the fresh record. `null` when the user is gone. */
  updateUser(user: User<Row>, changes: Changes): Promise<User<Row> | null>;
  /** Writes `changes` only where the user still has `expected`; true exactly when it was this call that wrote. */
  compareAndSet(user: User<Row>, expected: Where, changes: Changes): Promise<boolean>;
  /** Deletes the user, its role links, its sessions and its credentials. */
  deleteUser(user: User<Row>): Promise<void>;
  activateUser(user: User<Row>): Promise<boolean>;
  deactivateUser(user: User<Row>): Promise<boolean>;
  /** Always true. */
  toggleActive(user: User<Row>): Promise<boolean>;
  /** New `fs_uniquifier` (32 hex characters by default): ends sessions, remember cookies and (without a token uniquifier) auth tokens. Returns the fresh user. */
  setUniquifier(user: User<Row>, uniquifier?: string): Promise<User<Row>>;
  /** No-op without the column `fs_token_uniquifier`. */
  setTokenUniquifier(user: User<Row>, uniquifier?: string): Promise<User<Row>>;
  /** After a compromise: new uniquifiers; second factors, unified sign-in secrets, credentials and recovery codes gone; password untouched. */
  resetUserAccess(user: User<Row>): Promise<User<Row>>;

  // --- roles -------------------------------------------------------------------------------------------------------
  findRole(name: string): Promise<Role | null>;
  createRole(values: { name: string; description?: string; permissions?: PermissionsInput } & Changes): Promise<Role>;
  findOrCreateRole(
    name: string,
    values?: { description?: string; permissions?: PermissionsInput } & Changes,
  ): Promise<Role>;
  /** True if the role was added, false if the user had it already (or the role does not exist). */
  addRoleToUser(user: User<Row>, role: Role | string): Promise<boolean>;
  removeRoleFromUser(user: User<Row>, role: Role | string): Promise<boolean>;
  /** False if the role does not exist. */
  addPermissionsToRole(role: Role | string, permissions: PermissionsInput): Promise<boolean>;
  removePermissionsFromRole(role: Role | string, permissions: PermissionsInput): Promise<boolean>;

  // --- second factors, unified sign-in, recovery codes (columns may be absent: then these throw a clear error) ------
  tfSet(user: User<Row>, primaryMethod: string, values?: { totpSecret?: string; phone?: string }): Promise<User<Row>>;
  tfReset(user: User<Row>): Promise<User<Row>>;
  usGetTotpSecrets(user: User<Row>): Record<string, string>;
  usPutTotpSecrets(user: User<Row>, secrets: Record<string, string> | null): Promise<User<Row>>;
  usSet(user: User<Row>, method: string, values?: { totpSecret?: string; phone?: string }): Promise<User<Row>>;
  usReset(user: User<Row>, method?: string): Promise<User<Row>>;
  mfSetRecoveryCodes(user: User<Row>, codes: readonly string[] | null): Promise<User<Row>>;
  mfGetRecoveryCodes(user: User<Row>): string[];
  /** Conditional: of many at once for the same index of the same list, one gets true. */
  mfDeleteRecoveryCode(user: User<Row>, index: number): Promise<boolean>;

  // --- WebAuthn credentials ----------------------------------------------------------------------------------------
  createWebauthn(
    user: User<Row>,
    values: Omit<WebAuthnCredential, 'id' | 'user_id' | 'create_datetime' | 'lastuse_datetime'> & {
      lastuse_datetime?: Date;
    },
  ): Promise<void>;
  findWebauthn(credentialId: Uint8Array): Promise<WebAuthnCredential | null>;
  findUserFromWebauthn(credential: WebAuthnCredential): Promise<User<Row> | null>;
  webauthnCredentials(user: User<Row>): Promise<WebAuthnCredential[]>;
  /** Writes `changes` (sign count, last use …) only where the credential still has `expected`; true for the one that wrote. */
  compareAndSetWebauthn(credential: WebAuthnCredential, expected: Where, changes: Changes): Promise<boolean>;
  deleteWebauthn(credential: WebAuthnCredential): Promise<void>;
  setWebauthnUserHandle(user: User<Row>, handle?: string): Promise<User<Row>>;
  webauthnReset(user: User<Row>): Promise<void>;

  // --- sessions ----------------------------------------------------------------------------------------------------
  createSession(row: SessionRow): Promise<void>;
  /**
   * Session, user, roles and permissions in one query. The WHERE itself checks: kind `session`, not past `expires_at`,
   * `last_seen_at` after `idleSince`, and the row's `fs_uniquifier` equal to the user's present one.
   */
  findSession(
    idHash: string,
    check: { now: number; idleSince: number },
  ): Promise<{ session: SessionRow; user: User<Row> } | null>;
  /** Writes `last_seen_at` (only forward, only where the row still exists). */
  touchSession(idHash: string, lastSeenAt: number): Promise<void>;
  /** Replaces the proven methods and the uniquifier of a live session. False if it is gone. */
  updateSession(idHash: string, values: { methods?: string[]; fs_uniquifier?: string }): Promise<boolean>;
  /** True if a row was deleted by this call. */
  deleteSession(idHash: string): Promise<boolean>;
  /** Every session (and remember series) of the user, but those whose hash is in `except`. Returns how many died. */
  deleteUserSessions(user: User<Row>, except?: readonly string[]): Promise<number>;
  /** The user's live rows, newest first. */
  listSessions(user: User<Row>, now: number): Promise<SessionRow[]>;
  /** The remember series with its user, roles and permissions; the WHERE checks kind, expiry and uniquifier. */
  findRememberSeries(idHash: string, now: number): Promise<{ session: SessionRow; user: User<Row> } | null>;
  /** Moves the series from one secret to the next: `UPDATE … WHERE secret_hash = from`. True for exactly one caller. */
  rotateRememberSeries(idHash: string, from: string, to: string, now: number): Promise<boolean>;

  // --- single use and counting -------------------------------------------------------------------------------------
  /** Marks something as used: true for the first caller, false for all others (insert or conflict). An expired mark may be used again. */
  consume(row: OnceRow, now: number): Promise<boolean>;
  /** Stores what may be used once later. `replace`: earlier ones of the same purpose and subject die. */
  issue(row: OnceRow, options?: { replace?: boolean }): Promise<void>;
  /** Uses what {@link issue} stored: one DELETE with purpose, subject and deadline in its WHERE; true for exactly one caller. */
  redeem(row: Omit<OnceRow, 'expires_at'>, now: number): Promise<boolean>;
  /** Drops everything of this purpose and subject. */
  revoke(purpose: string, subject: string): Promise<void>;
  /** Counts one attempt on `key` and returns the count within the window that began with its first hit. Atomic: N parallel hits return 1…N. */
  hit(key: string, windowMilliseconds: number, now: number): Promise<{ count: number; resetAt: number }>;
  /** Forgets the attempts on `key`. */
  clearHits(key: string): Promise<void>;
  /** Deletes sessions and once-rows that are past their end. Returns how many. */
  purgeExpired(now: number): Promise<number>;

  /**
   * Runs `work` with a datastore whose intents belong to one transaction; rolled back when it throws. An open
   * transaction of the application's own can be passed to the adapter's `within` instead.
   *
   * @param options.repeatable `work` does nothing but write to its store: it may be run again when the database gave it
   *   up to break a deadlock
   */
  transaction<Result>(
    work: (datastore: UserDatastore<Row>) => Promise<Result>,
    options?: { repeatable?: boolean },
  ): Promise<Result>;
}
