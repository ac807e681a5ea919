/** The undo window, told by this device's clock although the server's may differ. */

/** How far the server's clock is ahead of ours, in milliseconds. */
export type Skew = number;

/** Both times are of one moment: when the server noted it, and when it was sent from here. */
export function skewOf(theirs: number, ours: number): Skew {
  return theirs - ours;
}

/** Whole seconds left, rounded up; 0 when it is over. */
export function secondsLeft(until: number, now: number, skew: Skew = 0): number {
  return Math.max(0, Math.ceil((until - now - skew) / 1000));
}
