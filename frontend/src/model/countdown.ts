/** The undo window. */

/** Whole seconds left by the home's clock, rounded up; 0 when it is over. */
export function secondsLeft(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1000));
}
