/** Where a film does not begin or end as it was chosen. */

import type { Draft } from "./wire";

const TOLD = 1000; // milliseconds: clocks show seconds

export interface Cut {
  readonly how: "early" | "late" | "short";
  readonly chosen: number;
  readonly time: number;
}

/** The ends of a film that are a second or more from where they were chosen. */
export function cutsOf({ chosen, start, end }: Draft): readonly Cut[] {
  if (chosen === null) return [];
  const cuts: Cut[] = [];
  const begins = { chosen: chosen.start, time: start };
  if (chosen.start - start >= TOLD) cuts.push({ how: "early", ...begins });
  if (start - chosen.start >= TOLD) cuts.push({ how: "late", ...begins });
  if (chosen.end - end >= TOLD) cuts.push({ how: "short", chosen: chosen.end, time: end });
  return cuts;
}
