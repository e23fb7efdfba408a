import { type SQL, sql } from 'drizzle-orm/sql';
import type { Condition, Driver, StoredRecord, StoredUser, TableName } from '../driver.js';
import { compileCondition, whereOf } from './conditions.js';
import type { Connection, PreparedRead } from './connection.js';
import { isDuplicate, translate } from './errors.js';
import { count, mark, put } from './once-statements.js';
import { recordReader, select } from './selection.js';
import type { ColumnInfo, TableInfo, Tables } from './tables.js';
import { type Read, sessionRead, userRead } from './user-query.js';

/** How many different lookups of users are kept compiled; an application has a handful. */
const mostPrepared = 64;

type Lookup = { read: Read<StoredUser>; run: PreparedRead };

/** Columns and values of a write; drizzle's `$defaultFn` and `$onUpdateFn` are honoured. */
function assignments(table: TableInfo, values: StoredRecord, inserting: boolean): [ColumnInfo, unknown][] {
  const written = new Map<ColumnInfo, unknown>();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) written.set(table.get(name), value);
  }
  for (const info of table.columns) {
    if (written.has(info)) continue;
    const make = inserting ? (info.column.defaultFn ?? info.column.onUpdateFn) : info.column.onUpdateFn;
    if (make !== undefined) written.set(info, make());
  }
  return [...written].map(([info, value]) => [info, info.encode(value)]);
}

function parameter(value: unknown): unknown {
  // Expressions of the application's own defaults are SQL already.
  return typeof value === 'object' && value !== null && 'getSQL' in value ? value : sql.param(value);
}

async function writing<Result>(table: TableInfo, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw translate(
      error,
      table.columns.map(({ name }) => name),
    );
  }
}

export function drizzleDriver(tables: Tables, connection: Connection): Driver {
  const { dialect, table } = tables;
  const lookups = new Map<string, Lookup>();
  const session = sessionRead(tables, connection.packs);
  let findSession: PreparedRead | undefined;
  const list = (parts: unknown[]): SQL => sql.join(parts as SQL[], sql`, `);

  function lookupFor(
    conditions: readonly NonNullable<ReturnType<typeof compileCondition>>[],
    columns: ColumnInfo[],
  ): Lookup {
    const shape = conditions.map((condition) => condition.shape).join('\n');
    const known = lookups.get(shape);
    if (known !== undefined) return known;
    const read = userRead(tables, connection.packs, (value) =>
      sql.join(
        conditions.map((condition, index) => condition.write(sql`u.${columns[index]?.identifier}`, value(`p${index}`))),
        sql` and `,
      ),
    );
    const made = { read, run: connection.prepare(read.template) };
    if (lookups.size < mostPrepared) lookups.set(shape, made);
    return made;
  }

  async function find(name: TableName, where: readonly Condition[], newestFirst?: string): Promise<StoredRecord[]> {
    const info = table(name);
    const condition = whereOf(dialect, info, where);
    if (condition === undefined) return [];
    const columns = info.columns;
    const selection = select(
      columns.map(({ identifier }) => ({ expression: sql`${identifier}`, packable: false })),
      false,
    );
    const order = newestFirst === undefined ? sql`` : sql` order by ${info.get(newestFirst).identifier} desc`;
    const rows = await connection.rows(
      sql`select ${selection.list} from ${info.identifier} where ${condition}${order}`,
    );
    return rows.map(recordReader(columns, selection.place)).map((record) => named(name, info, record));
  }

  /** Roles and credentials are handed out with their key as `id`, whatever its name. */
  function named(name: TableName, { key }: TableInfo, record: StoredRecord): StoredRecord {
    return key !== undefined && (name === 'role' || name === 'web_authn') ? { ...record, id: record[key.key] } : record;
  }

  /** The other direction of {@link named}. */
  function renamed(name: TableName, where: readonly Condition[]): readonly Condition[] {
    const key = name === 'role' || name === 'web_authn' ? table(name).key : undefined;
    if (key === undefined) return where;
    return where.map((condition) => (condition.column === 'id' ? { ...condition, column: key.name } : condition));
  }

  return {
    hasTable: tables.has,
    hasColumn: (name, column) => tables.has(name) && table(name).find(column) !== undefined,
    userKeyColumn: tables.userKey.name,
    keyOf: (user) => user[tables.userKey.key],
    find: (name, where, newestFirst) => find(name, renamed(name, where), newestFirst),

    async insert(name, values) {
      const info = table(name);
      const written = assignments(info, values, true);
      const names = list(written.map(([{ identifier }]) => sql`${identifier}`));
      const row = list(written.map(([, value]) => parameter(value)));
      await writing(info, () => connection.run(sql`insert into ${info.identifier} (${names}) values (${row})`));
    },

    async link(userKey, roleId) {
      const links = table('roles_users');
      const role = table('role');
      const where = whereOf(dialect, links, [
        { column: 'user_id', operator: 'equal', value: userKey },
        { column: 'role_id', operator: 'equal', value: roleId },
      ]);
      if (where === undefined) return false;
      const others = assignments(links, { user_id: userKey, role_id: roleId }, true).slice(2);
      const names = ['user_id', 'role_id'].map((name) => sql`${links.get(name).identifier}`);
      const cast = ({ sqlType }: ColumnInfo, value: unknown): SQL =>
        dialect === 'postgresql' ? sql`cast(${parameter(value)} as ${sql.raw(sqlType)})` : sql`${parameter(value)}`;
      const columns = list([...names, ...others.map(([{ identifier }]) => sql`${identifier}`)]);
      const values = list([
        sql`u.${tables.userKey.identifier}`,
        sql`r.${role.key?.identifier}`,
        ...others.map(([info, value]) => cast(info, value)),
      ]);
      const chosen = sql`u.${tables.userKey.identifier} = ${sql.param(tables.userKey.encode(userKey))} and r.${
        role.key?.identifier
      } = ${sql.param(role.key?.encode(roleId))}`;
      const insert = sql`insert into ${links.identifier} (${columns}) select ${values} from ${
        table('user').identifier
      } u, ${role.identifier} r where ${chosen} and not exists (select 1 from ${links.identifier} where ${where})`;
      try {
        return (await connection.run(insert)).affected === 1;
      } catch (error) {
        // The application's own unique key on the pair: another call was first.
        if (isDuplicate(error) && !connection.inTransaction) return false;
        throw translate(error, []);
      }
    },

    async update(name, changes, conditions) {
      const info = table(name);
      const where = whereOf(dialect, info, renamed(name, conditions));
      if (where === undefined) return 0;
      const written = assignments(info, changes, false);
      if (written.length === 0) {
        return (await connection.rows(sql`select 1 as c0 from ${info.identifier} where ${where}`)).length;
      }
      const set = list(written.map(([{ identifier }, value]) => sql`${identifier} = ${parameter(value)}`));
      const statement = sql`update ${info.identifier} set ${set} where ${where}`;
      return (await writing(info, () => connection.run(statement))).affected;
    },

    async delete(name, conditions) {
      const info = table(name);
      const where = whereOf(dialect, info, renamed(name, conditions));
      if (where === undefined) return 0;
      return (await connection.run(sql`delete from ${info.identifier} where ${where}`)).affected;
    },

    async findUser(conditions) {
      const user = table('user');
      const compiled = [];
      for (const condition of conditions) {
        const one = compileCondition(dialect, user, condition);
        if (one === undefined) return null;
        compiled.push(one);
      }
      const columns = conditions.map(({ column }) => user.get(column));
      const { read, run } = lookupFor(compiled, columns);
      const values: Record<string, unknown> = {};
      for (const [index, condition] of compiled.entries()) values[`p${index}`] = condition.value;
      const [row] = Array.from(await run(values));
      return row === undefined ? null : read.read(row);
    },

    async findSession({ kind, idHash, now, idleSince }) {
      if (!table('auth_session').get('id_hash').canHold(idHash)) return null;
      findSession ??= connection.prepare(session.template);
      const row = (await findSession({ kind, idHash, now, idleSince }))[0];
      return row === undefined ? null : session.read(row);
    },

    mark: (row, now) => mark(tables, connection, row, now),
    put: (row) => put(tables, connection, row),
    count: (row, now) => count(tables, connection, row, now),
    transaction: (work, repeatable) =>
      connection.transaction((transaction) => work(drizzleDriver(tables, transaction)), repeatable),
  };
}
