/** Where a copy can begin, near the chosen start. Times in milliseconds. */

import type { Choice, Limits } from "./picker";

const SECOND = 1000;
const NEAR = 15 * SECOND; // the home answers for twice as far

/** What the home said: the moments near `at` where a copy can begin. */
export interface Known {
  readonly camera: string;
  readonly at: number;
  readonly times: readonly number[];
}

export interface Begins {
  /** Where a copy of the choice begins. */
  readonly copy: number;
  /** Where the choice could begin instead, so that nothing more is shown. */
  readonly offers: readonly number[];
}

/** Whether what is known reaches around a choice's start. */
export function reaches(known: Known | null, { camera, start }: Choice): known is Known {
  return known !== null && known.camera === camera && Math.abs(known.at - start) <= NEAR;
}

/** Whether a copy begins where it was chosen; null where that is not known. */
export function beginsThere({ start }: Choice, times: readonly number[]): boolean | null {
  const copy = times.findLast((time) => time <= start);
  return copy === undefined ? null : start - copy < SECOND;
}

/** Where a copy begins that cannot begin as chosen; null if it can, or if that is not known. */
export function beginsOf(choice: Choice, times: readonly number[], limits: Limits): Begins | null {
  const copy = times.findLast((time) => time <= choice.start);
  if (copy === undefined || beginsThere(choice, times) === true) return null;
  const next = times.find((time) => time > choice.start);
  const offers = [copy, ...(next === undefined ? [] : [next])].filter(
    (time) => time >= limits.start && time <= choice.end - SECOND,
  );
  return { copy, offers };
}
