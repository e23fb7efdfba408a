/** Dates as SQLAlchemy writes them: UTC, without a zone. */

/** `YYYY-MM-DD HH:MM:SS.ffffff` in UTC. */
export function dateText(date: Date): string {
  return `${date.toISOString().slice(0, 23).replace('T', ' ')}000`;
}

/** `YYYY-MM-DD HH:MM:SS` in UTC, cut (not rounded) to the second: what a DATETIME without fraction holds. */
export function dateTextInSeconds(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

const pattern = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|\+00(?::?00)?)?$/;

/** Reads either of the two texts (or with `T` and `Z`) as UTC. Throws a RangeError for anything else. */
export function parseDateText(text: string): Date {
  const parts = pattern.exec(text);
  if (parts === null) throw new RangeError('A date column does not hold a date in UTC.');
  const [, year, month, day, hour, minute, second, fraction = ''] = parts;
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  return new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), milliseconds),
  );
}
