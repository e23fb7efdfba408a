/** The hot path's statements: a user (or a session and its user) with roles and permissions in one query. */
import { type SQL, sql } from 'drizzle-orm/sql';
import type { Role } from '../contract.js';
import type { StoredRecord, StoredUser } from '../driver.js';
import { splitList } from '../lists.js';
import { bytes } from './conditions.js';
import type { QueryTemplate, Row } from './connection.js';
import { type Item, isPackable, recordReader, select } from './selection.js';
import type { ColumnInfo, Dialect, Tables } from './tables.js';

const aggregates: Record<Dialect, (values: SQL) => SQL> = {
  sqlite: (values) => sql`json_group_array(json_array(${values}))`,
  postgresql: (values) => sql`cast(json_agg(json_build_array(${values})) as text)`,
  mysql: (values) => sql`json_arrayagg(json_array(${values}))`,
};

const roleColumns = ['name', 'description', 'permissions'] as const;

/** The roles of the user `u`, as a JSON array of arrays. */
function rolesItem({ dialect, table, userKey }: Tables): Item {
  const role = table('role');
  const links = table('roles_users');
  const values = [role.key, ...roleColumns.map((name) => role.find(name))].map((column) =>
    column === undefined ? sql`null` : sql`r.${column.identifier}`,
  );
  const expression = sql`(select ${aggregates[dialect](sql.join(values, sql`, `))} from ${links.identifier} l join ${
    role.identifier
  } r on r.${role.key?.identifier} = l.${links.get('role_id').identifier} where l.${
    links.get('user_id').identifier
  } = u.${userKey.identifier})`;
  return { expression, packed: sql`json(${expression})`, packable: true };
}

function rolesReader({ table }: Tables): (raw: unknown) => Role[] {
  const decodePermissions = table('role').find('permissions')?.decode ?? ((raw) => splitList(String(raw ?? '')));
  const decodeId = table('role').key?.decode ?? ((raw: unknown) => raw);
  return (raw) => {
    const list: unknown = typeof raw === 'string' ? JSON.parse(raw) : raw;
    if (!Array.isArray(list)) return [];
    const roles: Role[] = [];
    for (const [id, name, description, permissions] of list) {
      if (roles.some((role) => role.name === name)) continue;
      const decoded = decodePermissions(permissions);
      roles.push({
        id: decodeId(id),
        name,
        description,
        permissions: Array.isArray(decoded) ? decoded.filter((permission) => permission !== '') : [],
      });
    }
    return roles;
  };
}

function items(alias: string, columns: readonly ColumnInfo[]): Item[] {
  return columns.map((column) => ({
    expression: sql`${sql.raw(alias)}.${column.identifier}`,
    packable: isPackable(column),
  }));
}

export interface Read<Result> {
  template: QueryTemplate;
  read(row: Row): Result;
}

/** `where` is written for the user table's alias `u`. */
export function userRead(
  tables: Tables,
  packs: boolean,
  where: (value: (name: string) => unknown) => SQL,
): Read<StoredUser> {
  const { columns, identifier } = tables.table('user');
  const selection = select([rolesItem(tables), ...items('u', columns)], packs);
  const [rolesPlace = 0, ...places] = selection.place;
  const readRecord = recordReader(columns, places);
  const readRoles = rolesReader(tables);
  return {
    template: (value) => sql`select ${selection.list} from ${identifier} u where ${where(value)} limit 1`,
    read(row) {
      const values = selection.values(row);
      return Object.assign(readRecord(values), { roles: readRoles(values[rolesPlace]) });
    },
  };
}

/** The session's `user_id` as the type of the user's key, so that the key's index serves. */
function keyOfSession({ dialect, userKey }: Tables, column: SQL): SQL {
  const type = userKey.sqlType.toLowerCase();
  if (dialect === 'postgresql') {
    if (userKey.isText) return column;
    const serial: Record<string, string> = { serial: 'integer', bigserial: 'bigint', smallserial: 'smallint' };
    return sql`cast(${column} as ${sql.raw(serial[type] ?? userKey.sqlType)})`;
  }
  if (dialect === 'mysql' && /int|serial/.test(type)) {
    return sql`cast(${column} as ${sql.raw(/unsigned|serial/.test(type) ? 'unsigned' : 'signed')})`;
  }
  return column;
}

/** Values: `idHash`, `kind`, `now`, `idleSince`. Every check of a session is in this WHERE (attack line S7). */
export function sessionRead(tables: Tables, packs: boolean): Read<{ session: StoredRecord; user: StoredUser }> {
  const user = tables.table('user');
  const session = tables.table('auth_session');
  const selection = select([rolesItem(tables), ...items('s', session.columns), ...items('u', user.columns)], packs);
  const [rolesPlace = 0, ...places] = selection.place;
  const readSession = recordReader(session.columns, places.slice(0, session.columns.length));
  const readUser = recordReader(user.columns, places.slice(session.columns.length));
  const readRoles = rolesReader(tables);
  const s = (column: string): SQL => sql`s.${session.get(column).identifier}`;
  const uniquifier = sql`u.${user.get('fs_uniquifier').identifier}`;
  const same =
    tables.dialect === 'mysql'
      ? sql`${bytes(s('fs_uniquifier'))} = ${bytes(uniquifier)}`
      : sql`${s('fs_uniquifier')} = ${uniquifier}`;
  return {
    template: (value) =>
      sql`select ${selection.list} from ${session.identifier} s join ${user.identifier} u on u.${
        tables.userKey.identifier
      } = ${keyOfSession(tables, s('user_id'))} where ${s('id_hash')} = ${value('idHash')} and ${s('kind')} = ${value(
        'kind',
      )} and ${s('expires_at')} > ${value('now')} and ${s('last_seen_at')} > ${value('idleSince')} and ${same} limit 1`,
    read(row) {
      const values = selection.values(row);
      const found = Object.assign(readUser(values), { roles: readRoles(values[rolesPlace]) });
      return { session: readSession(values), user: found };
    },
  };
}
