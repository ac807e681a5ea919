/** Looking through the history: what is looked for, and one page of what was found. */

import type { Cursor } from "./answers";
import { midnight } from "./day";
import type { Case } from "./wire";

export const ONLY = ["all", "shared"] as const;

export interface Wanted {
  readonly search: string;
  readonly only: (typeof ONLY)[number];
  /** A camera's id; empty means all. */
  readonly camera: string;
  /** 2026-11-23 on the home's clock: what the footage is of; empty means any day. */
  readonly day: string;
}

/** Fields of the command. */
export interface Sought {
  readonly search: string;
  readonly only: Wanted["only"];
  readonly camera_id?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Whether nothing is narrowed. */
export function isAll({ search, only, camera, day }: Wanted): boolean {
  return search === "" && only === "all" && camera === "" && day === "";
}

export function soughtBy({ search, only, camera, day }: Wanted, zone: string): Sought {
  const since = midnight(day, 0, zone);
  const until = midnight(day, 1, zone);
  return {
    search,
    only,
    ...(camera === "" ? {} : { camera_id: camera }),
    ...(since === null ? {} : { since }),
    ...(until === null ? {} : { until }),
  };
}

/** How far the history was looked through: enough to go on from there. */
export interface Look {
  readonly wanted: Wanted;
  /** Those that were found; null before the first page is there. */
  readonly cases: readonly Case[] | null;
  /** Where the next older page begins; null if there is none. */
  readonly next: Cursor | null;
  /** The line that was last opened, and how far from the screen's top it was, in pixels. */
  readonly place: { readonly caseId: string; readonly top: number } | null;
}

export const BEGINNING: Look = {
  wanted: { search: "", only: "all", camera: "", day: "" },
  cases: null,
  next: null,
  place: null,
};

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
