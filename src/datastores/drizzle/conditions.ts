import { type SQL, sql } from 'drizzle-orm/sql';
import type { Condition } from '../driver.js';
import type { ColumnInfo, Dialect, TableInfo } from './tables.js';

/** Columns that only hold hexadecimal hashes: they need no comparison by bytes. */
const hashes = new Set(['id_hash', 'hash']);

/** Equality of texts, byte by byte: MySQL's usual collations take case, accents and trailing spaces for equal. */
function sameText(dialect: Dialect, column: ColumnInfo, left: SQL, right: unknown): SQL {
  if (dialect !== 'mysql' || hashes.has(column.name)) return sql`${left} = ${right}`;
  return sql`(${left} = ${right} and ${bytes(left)} = ${bytes(right)})`;
}

/** The bytes of a text, whatever character set and collation its column has (MySQL). */
export function bytes(text: unknown): SQL {
  return sql`cast(convert(${text} using utf8mb4) as binary)`;
}

function sameTextIgnoringCase(dialect: Dialect, left: SQL, right: unknown): SQL {
  if (dialect !== 'mysql') return sql`lower(${left}) = lower(${right})`;
  return sql`cast(lower(convert(${left} using utf8mb4)) as binary) = cast(lower(convert(${right} using utf8mb4)) as binary)`;
}

/** One condition, `right` standing for its value. */
function compare(
  dialect: Dialect,
  column: ColumnInfo,
  operator: Condition['operator'],
  left: SQL,
  right: unknown,
): SQL {
  switch (operator) {
    case 'equal':
      return column.isText ? sameText(dialect, column, left, right) : sql`${left} = ${right}`;
    case 'equal ignoring case':
      return sameTextIgnoringCase(dialect, left, right);
    case 'before':
      return sql`${left} < ${right}`;
    case 'not after':
      return sql`${left} <= ${right}`;
    case 'after':
      return sql`${left} > ${right}`;
    case 'not equal':
      return sql`${left} <> ${right}`;
    case 'not in':
      return sql`${left} not in ${right}`;
  }
}

export interface CompiledCondition {
  /** Written with whatever stands for the value: a parameter or a placeholder. */
  write(left: SQL, right: unknown): SQL;
  /** The driver's value; absent where the condition needs none. */
  value?: unknown;
  /** Tells apart conditions that make different SQL. */
  shape: string;
}

/** Compiles one condition; undefined if no row can meet it. */
export function compileCondition(
  dialect: Dialect,
  table: TableInfo,
  condition: Condition,
): CompiledCondition | undefined {
  const column = table.get(condition.column);
  const { operator, value } = condition;
  if (value === null && operator === 'equal') {
    return { write: (left) => sql`${left} is null`, shape: `${column.name} is null` };
  }
  if (operator === 'not in') {
    const list = Array.isArray(value) ? value.filter((item) => column.canHold(item)) : [];
    const items = sql`(${sql.join(
      list.map((item) => sql.param(column.encode(item))),
      sql`, `,
    )})`;
    const write = (left: SQL): SQL =>
      list.length === 0 ? sql`1 = 1` : compare(dialect, column, operator, left, items);
    return { write, shape: `${column.name} not in` };
  }
  if (!column.canHold(value)) return undefined;
  const encoded = column.encode(value);
  const empty = Array.isArray(value) && value.length === 0;
  return {
    write: (left, right) => {
      const same = compare(dialect, column, operator, left, right);
      return empty ? sql`(${left} is null or ${same})` : same;
    },
    value: encoded,
    shape: `${column.name} ${operator}${empty ? ' empty' : ''}`,
  };
}

/** A whole WHERE with its values in it; undefined if no row can meet it. */
export function whereOf(dialect: Dialect, table: TableInfo, conditions: readonly Condition[]): SQL | undefined {
  // A missing WHERE would write to every row.
  if (conditions.length === 0) throw new TypeError('A statement needs a condition.');
  const parts: SQL[] = [];
  for (const condition of conditions) {
    const compiled = compileCondition(dialect, table, condition);
    if (compiled === undefined) return undefined;
    parts.push(compiled.write(sql`${table.get(condition.column).identifier}`, sql.param(compiled.value)));
  }
  return sql.join(parts, sql` and `);
}
