/** Looking through the history: what is looked for, and one page of what was found. */

import type { Case, Cursor } from "./wire";

export const ONLY = ["all", "shared"] as const;

export interface Wanted {
  readonly search: string;
  readonly only: (typeof ONLY)[number];
}

export const EVERYTHING: Wanted = { search: "", only: "all" };

export interface Found {
  readonly cases: readonly Case[];
  readonly next: Cursor | null;
}

/** How many answers are put together at most: the home looks through a few cases at a time. */
const ANSWERS = 20;

/** Ask on until there is a page's worth, or no more. Rejects as `ask` does. */
export async function collect(
  ask: (before: Cursor | null) => Promise<Found>,
  before: Cursor | null,
  enough: number,
): Promise<Found> {
  const cases: Case[] = [];
  let next = before;
  for (let answers = 0; answers < ANSWERS; answers += 1) {
    const found = await ask(next);
    cases.push(...found.cases);
    next = found.next;
    if (next === null || cases.length >= enough) break;
  }
  return { cases, next };
}
