/** A strip of small pictures: how many, and which of them come first. Times in milliseconds. */

const FEW = 12;
const MOST = 100; // that one question may ask for
const APART = 60_000; // as long as there is room for it

/** How many pictures of so much footage: one a minute, more of little, fewer of much. */
export function picturesOf(length: number): number {
  return Math.min(MOST, Math.max(FEW, Math.ceil(length / APART)));
}

/** Those that lie nearest to a moment first. */
export function nearestFirst(times: readonly number[], moment: number): number[] {
  return [...times].sort((one, other) => Math.abs(one - moment) - Math.abs(other - moment));
}

/** Where in times that rise the one nearest to a moment stands; -1 if there is none. */
export function nearestTo(times: readonly number[], moment: number): number {
  const [nearest] = nearestFirst(times, moment);
  return nearest === undefined ? -1 : times.indexOf(nearest);
}
