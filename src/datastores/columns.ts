/** Kinds of the specified columns (chapter Models, fsqla_v3) and of Sallyport's own two tables. */
import type { TableName } from './driver.js';

export type ColumnKind = 'text' | 'integer' | 'boolean' | 'datetime' | 'list' | 'bytes';

export const userColumnKinds = {
  email: 'text',
  username: 'text',
  password: 'text',
  active: 'boolean',
  fs_uniquifier: 'text',
  fs_token_uniquifier: 'text',
  fs_webauthn_user_handle: 'text',
  confirmed_at: 'datetime',
  last_login_at: 'datetime',
  current_login_at: 'datetime',
  last_login_ip: 'text',
  current_login_ip: 'text',
  login_count: 'integer',
  tf_primary_method: 'text',
  tf_totp_secret: 'text',
  tf_phone_number: 'text',
  us_totp_secrets: 'text',
  us_phone_number: 'text',
  mf_recovery_codes: 'list',
  create_datetime: 'datetime',
  update_datetime: 'datetime',
} as const satisfies Record<string, ColumnKind>;

const kinds: Record<TableName, Readonly<Record<string, ColumnKind>>> = {
  user: userColumnKinds,
  role: { name: 'text', description: 'text', permissions: 'list', update_datetime: 'datetime' },
  roles_users: {},
  web_authn: {
    credential_id: 'bytes',
    public_key: 'bytes',
    sign_count: 'integer',
    transports: 'list',
    extensions: 'text',
    create_datetime: 'datetime',
    lastuse_datetime: 'datetime',
    name: 'text',
    usage: 'text',
    backup_state: 'boolean',
    device_type: 'text',
  },
  auth_session: {
    id_hash: 'text',
    kind: 'text',
    user_id: 'text',
    fs_uniquifier: 'text',
    methods: 'list',
    created_at: 'integer',
    last_seen_at: 'integer',
    expires_at: 'integer',
    address: 'text',
    agent: 'text',
    secret_hash: 'text',
    previous_secret_hash: 'text',
    rotated_at: 'integer',
  },
  auth_once: { hash: 'text', purpose: 'text', subject: 'text', expires_at: 'integer', count: 'integer' },
};

/** The kind of a specified column; undefined for a column of the application's own. */
export function columnKind(table: TableName, column: string): ColumnKind | undefined {
  const known = kinds[table];
  return Object.hasOwn(known, column) ? known[column] : undefined;
}

/** The columns without which a table cannot be used, by table. */
export const requiredColumns: Readonly<Record<TableName, readonly string[]>> = {
  user: ['email', 'password', 'active', 'fs_uniquifier'],
  role: ['name'],
  roles_users: ['user_id', 'role_id'],
  web_authn: [...Object.keys(kinds.web_authn).filter((name) => name !== 'create_datetime'), 'user_id'],
  auth_session: Object.keys(kinds.auth_session),
  auth_once: Object.keys(kinds.auth_once),
};
