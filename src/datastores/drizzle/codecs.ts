/** How one column's values are written, read and looked for. */
import type { Column } from 'drizzle-orm';
import { is, SQL } from 'drizzle-orm';
import type { ColumnKind } from '../columns.js';
import { joinList, splitList } from '../lists.js';
import { dateText, parseDateText } from './date-text.js';

export interface Codec {
  /** From the driver's value to the record's; undefined where they are the same. */
  decode: ((raw: unknown) => unknown) | undefined;
  /** From the record's value to the driver's. */
  encode(value: unknown): unknown;
  /** Could the column hold this value at all? No database gets to compare values of different kinds. */
  canHold(value: unknown): boolean;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const wholeNumber = /^-?(?:0|[1-9]\d{0,18})$/;
const loneSurrogate = /\p{Surrogate}/u;

function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0') && !loneSurrogate.test(value);
}

/** Bits of a whole-number column, or undefined for another type. */
function integerBits(column: Column): number | undefined {
  const type = column.getSQLType().toLowerCase();
  // Eight bytes, whatever the type is called: times in milliseconds must fit.
  if (column.columnType.startsWith('SQLite')) return type.includes('int') ? 63 : undefined;
  if (/^(?:big|bigint|bigserial|serial unsigned)/.test(type)) return 63;
  if (/^(?:small|tiny)(?:int|serial)/.test(type)) return 15;
  if (/^medium/.test(type)) return 23;
  return /^(?:int|serial)/.test(type) ? 31 : undefined;
}

function fits(value: unknown, bits: number): boolean {
  if (
    typeof value === 'string' ? !wholeNumber.test(value) : typeof value === 'number' && !Number.isSafeInteger(value)
  ) {
    return false;
  }
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return false;
  const whole = BigInt(value);
  const limit = 1n << BigInt(bits);
  return whole >= -limit && whole < limit;
}

function isDate(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function toBytes(value: unknown): unknown {
  return value instanceof ArrayBuffer ? Buffer.from(value) : value;
}

/** Every driver takes a Buffer; not every one takes any Uint8Array. */
function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `true` on every database: booleans, 1, and MariaDB's bit. */
function toBoolean(value: unknown): boolean {
  return value === true || value === 1 || value === 1n;
}

/** Of a specified column: the record's value is fixed by its kind, however the application declared it. */
export function specifiedCodec(column: Column, kind: ColumnKind): Codec {
  const orNull = (decode: (raw: unknown) => unknown) => (raw: unknown) => (raw === null ? null : decode(raw));
  const plain = (value: unknown) => (value === null || is(value, SQL) ? value : column.mapToDriverValue(value));
  switch (kind) {
    case 'text':
      return { decode: undefined, encode: plain, canHold: isText };
    case 'integer':
      return {
        decode: orNull(Number),
        encode: plain,
        canHold: (value) => fits(value, integerBits(column) ?? 63),
      };
    case 'boolean':
      return {
        decode: orNull((raw) => toBoolean(column.mapFromDriverValue(raw))),
        encode: plain,
        canHold: (value) => typeof value === 'boolean',
      };
    case 'datetime':
      return {
        decode: orNull((raw) => toDate(column.mapFromDriverValue(raw))),
        encode: (value) => (column.dataType === 'string' && isDate(value) ? dateText(value) : plain(value)),
        canHold: isDate,
      };
    case 'list':
      return {
        decode: (raw) => toList(raw === null ? null : column.mapFromDriverValue(raw)),
        encode: (value) =>
          column.dataType === 'string' && isIterable(value) && typeof value !== 'string'
            ? joinList(value)
            : plain(value),
        canHold: (value) => Array.isArray(value),
      };
    case 'bytes':
      return {
        decode: orNull((raw) => column.mapFromDriverValue(toBytes(raw))),
        encode: (value) => plain(value instanceof Uint8Array ? toBuffer(value) : value),
        canHold: (value) => value instanceof Uint8Array,
      };
  }
}

/** Of the application's own column: drizzle's mapping; only values of the column's kind are looked for. */
export function ownCodec(column: Column): Codec {
  return {
    decode: (raw) =>
      raw === null ? null : column.mapFromDriverValue(column.dataType === 'buffer' ? toBytes(raw) : raw),
    encode: (value) => (value === null || is(value, SQL) ? value : column.mapToDriverValue(value)),
    canHold: ownMatcher(column),
  };
}

function ownMatcher(column: Column): Codec['canHold'] {
  const { dataType } = column;
  if (column.getSQLType().toLowerCase() === 'uuid') return (value) => typeof value === 'string' && uuid.test(value);
  const bits = integerBits(column);
  if (dataType === 'bigint' || (dataType === 'number' && bits !== undefined)) return (value) => fits(value, bits ?? 63);
  switch (dataType) {
    case 'string':
      return isText;
    case 'number':
      return Number.isFinite;
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'date':
      return isDate;
    case 'buffer':
      return (value) => value instanceof Uint8Array;
    case 'custom':
      if (bits !== undefined) return (value) => fits(value, bits);
      return (value) => (typeof value === 'string' ? isText(value) : value !== null && value !== undefined);
    default:
      return () => false;
  }
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function toDate(value: unknown): Date {
  if (value instanceof Date) return value;
  return typeof value === 'number' ? new Date(value) : parseDateText(String(value));
}

function toList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? splitList(value) : [];
}
