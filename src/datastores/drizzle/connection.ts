import type { SQL } from 'drizzle-orm/sql';

export type Row = ArrayLike<unknown>;
export interface Written {
  affected: number;
  /** MySQL's `insertId`; 0 elsewhere. */
  insertId: number;
}

/** Writes a query with the values given by name: placeholders when it is prepared once, parameters otherwise. */
export type QueryTemplate = (value: (name: string) => unknown) => SQL;
export type PreparedRead = (values: Readonly<Record<string, unknown>>) => Promise<ArrayLike<Row>>;

/** A way to run statements: on a drizzle database or in a transaction of one. Errors are the driver's own. */
export interface Connection {
  /** Rows as arrays in the order of the select list. */
  rows(query: SQL): Promise<Row[]>;
  run(query: SQL): Promise<Written>;
  prepare(template: QueryTemplate): PreparedRead;
  transaction<Result>(work: (connection: Connection) => Promise<Result>, repeatable?: 'repeatable'): Promise<Result>;
  /** Are statements part of a transaction already? */
  readonly inTransaction: boolean;
  /** Should one row be fetched as one JSON text where possible? Cheaper where each column costs the driver much. */
  readonly packs: boolean;
}

/**
 * The application's drizzle database: `drizzle-orm/libsql`, `better-sqlite3`, `node-postgres`, `pglite`, `mysql2`, or
 * another of the same dialects.
 */
export interface DrizzleDatabase {
  transaction(...parameters: never[]): unknown;
}
