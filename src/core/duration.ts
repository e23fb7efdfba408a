import { UsageError } from './errors.js';

/** A length of time with its unit: `'10 minutes'`, `'5 days'`, `'1 hour'`. Negative amounts mean "off" where documented. */
export type Duration = string;

const units: Record<string, number> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** Milliseconds of a duration; `undefined` when the text is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^\s*(-?\d{1,9}(?:\.\d{1,6})?)\s+([a-z]+?)s?\s*$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? ''];
  return match && unit !== undefined ? Math.round(Number(match[1]) * unit) : undefined;
}

/**
 * Milliseconds of a duration.
 * @throws UsageError when the text is no duration.
 */
export function milliseconds(duration: Duration): number {
  const value = parseDuration(duration);
  if (value === undefined)
    throw new UsageError(`"${duration}" is not a duration: write an amount and a unit, such as "10 minutes".`);
  return value;
}
