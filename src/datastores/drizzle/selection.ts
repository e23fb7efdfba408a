/** A select list and the reader of its rows, made once. */
import { type SQL, sql } from 'drizzle-orm/sql';
import type { StoredRecord } from '../driver.js';
import type { Row } from './connection.js';
import type { ColumnInfo } from './tables.js';

export interface Item {
  expression: SQL;
  /** Can the value go through JSON unharmed? */
  packable: boolean;
  /** Wraps the expression when it is put in a JSON array. */
  packed?: SQL;
}

export interface Selection {
  list: SQL;
  /** The values of a row, each at the place that `place` tells. */
  values(row: Row): Row;
  /** Where an item of the given list is found among the values. */
  place: readonly number[];
}

/** SQLite functions take at most 127 arguments. */
const mostPacked = 120;

const packableTypes = /^(?:var)?char|^text|^datetime|^boolean|^int/i;

export function isPackable({ sqlType, column }: ColumnInfo): boolean {
  return packableTypes.test(sqlType) && column.dataType !== 'bigint' && column.dataType !== 'buffer';
}

/**
 * Columns are aliased c0, c1 … so that none hides another. With `packs`, those that survive JSON come as one
 * `json_array` (SQLite only).
 */
export function select(items: readonly Item[], packs: boolean): Selection {
  const packed: number[] = [];
  const plain: number[] = [];
  for (const [index, item] of items.entries()) {
    (packs && item.packable && packed.length < mostPacked ? packed : plain).push(index);
  }
  const order = [...packed, ...plain];
  const place = items.map((_, index) => order.indexOf(index));
  const alias = (expression: SQL, number: number): SQL => sql`${expression} as ${sql.identifier(`c${number}`)}`;
  const rest = plain.flatMap((index) => items[index]?.expression ?? []);
  if (packed.length === 0) return { list: join(rest.map(alias)), values: (row) => row, place };
  const array = sql`json_array(${join(packed.flatMap((index) => items[index]?.packed ?? items[index]?.expression ?? []))})`;
  const list = join([array, ...rest].map(alias));
  if (rest.length === 0) return { list, values: unpack, place };
  return { list, values: (row) => [...Array.from(unpack(row)), ...Array.from(row).slice(1)], place };
}

function unpack(row: Row): Row {
  const values: unknown = JSON.parse(String(row[0]));
  return Array.isArray(values) ? values : [];
}

function join(parts: SQL[]): SQL {
  return sql.join(parts, sql`, `);
}

/** Makes records of rows: a loop over arrays prepared here, so that a row costs a few microseconds. */
export function recordReader(columns: readonly ColumnInfo[], place: readonly number[]): (values: Row) => StoredRecord {
  const steps = columns.map(({ key, decode }, index) => ({ key, decode, at: place[index] ?? 0 }));
  return (values) => {
    const record: StoredRecord = {};
    for (const { key, decode, at } of steps) {
      const raw = values[at] ?? null;
      record[key] = decode === undefined ? raw : decode(raw);
    }
    return record;
  };
}
