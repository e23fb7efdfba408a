/** Types of columns that refer to another table's key. */
import { type Column, getTableColumns, type Table } from 'drizzle-orm';

/** The key's type in records. */
export type KeyData<Given extends Table> = {
  [Name in keyof Given['_']['columns']]: Given['_']['columns'][Name]['_']['isPrimaryKey'] extends true
    ? Given['_']['columns'][Name]['_']['data']
    : never;
}[keyof Given['_']['columns']];

/** The single primary key column. Throws a TypeError if the table has none. */
export function keyOf(table: Table): Column {
  const [key, ...more] = Object.values(getTableColumns(table)).filter((column) => column.primary);
  if (key === undefined || more.length > 0)
    throw new TypeError('A referenced table needs a primary key of one column.');
  return key;
}

const serials: Record<string, string> = {
  serial: 'integer',
  bigserial: 'bigint',
  smallserial: 'smallint',
};

/** The type of a column that refers to this one: the same, without being counted up. */
export function referenceType(key: Column, mysql = false): string {
  const type = key.getSQLType();
  if (mysql) return type === 'serial' ? 'bigint unsigned' : type;
  return serials[type] ?? type;
}
