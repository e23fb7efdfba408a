/** Tells the time in milliseconds since the epoch. Tests pass one that they can move. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** A clock that stands still until it is moved: for tests of expiry. */
export function manualClock(
  start: number = Date.now(),
): Clock & { advance(milliseconds: number): void; set(time: number): void } {
  let now = start;
  return Object.assign(() => now, {
    advance(milliseconds: number): void {
      now += milliseconds;
    },
    set(time: number): void {
      now = time;
    },
  });
}
