/** Reads the errors that drivers throw, and drizzle's wrapping of them. */
import { DrizzleError, DrizzleQueryError } from 'drizzle-orm';
import { DuplicateError } from '../contract.js';

interface DriverError {
  code?: unknown;
  extendedCode?: unknown;
  detail?: unknown;
  message?: unknown;
  errno?: unknown;
}

function asDriverError(error: unknown): DriverError {
  return typeof error === 'object' && error !== null ? error : {};
}

/** The driver's own error: drizzle's wrapper has all parameters in its message, which must not reach a log. */
export function unwrap(error: unknown): unknown {
  let inner = error;
  while (isWrapper(inner) && inner.cause !== undefined) inner = inner.cause;
  return inner;
}

function isWrapper(error: unknown): error is Error {
  return error instanceof DrizzleQueryError || error instanceof DrizzleError;
}

const duplicateCodes = new Set<unknown>([
  '23505',
  'ER_DUP_ENTRY',
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
]);

export function isDuplicate(error: unknown): boolean {
  const { code, extendedCode } = asDriverError(error);
  return duplicateCodes.has(code) || duplicateCodes.has(extendedCode);
}

/** Where the databases say which column it was; the value in the same text is left alone. */
function duplicateColumn(error: unknown, columns: readonly string[]): string | undefined {
  const { message, detail } = asDriverError(error);
  const place =
    (typeof detail === 'string' ? /\((.+?)\)=\(/s.exec(detail)?.[1] : undefined) ??
    (typeof message === 'string' ? /UNIQUE constraint failed: (.+)$/s.exec(message)?.[1] : undefined) ??
    (typeof message === 'string' ? /for key '([^']+)'$/s.exec(message)?.[1] : undefined);
  if (place === undefined) return undefined;
  const words = place.split(/[^\p{L}\p{N}_$]+/u);
  const exact = columns.find((column) => words.includes(column));
  if (exact !== undefined) return exact;
  // An index name such as user_email_unique: the longest column name in it.
  const inside = columns.filter((column) => words.some((word) => `_${word}_`.includes(`_${column}_`)));
  return inside.sort((a, b) => b.length - a.length)[0];
}

/** The error to throw for what a write met. */
export function translate(error: unknown, columns: readonly string[]): unknown {
  if (!isDuplicate(error)) return error;
  return new DuplicateError(duplicateColumn(error, columns), { cause: error });
}

const transientCodes = new Set<unknown>(['ER_LOCK_DEADLOCK', '40001', '40P01']);

/** Did the database undo the statement to break a deadlock? Then it may simply be run again. */
export function isDeadlock(error: unknown): boolean {
  return transientCodes.has(asDriverError(error).code);
}

/** Is the SQLite file (or its only connection) in use by another? */
export function isBusy(error: unknown): boolean {
  const { code } = asDriverError(error);
  return typeof code === 'string' && (/^SQLITE_(?:BUSY|LOCKED)/.test(code) || code === 'TRANSACTION_ACTIVE');
}
