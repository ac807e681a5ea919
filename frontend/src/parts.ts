/**
 * The heavier parts of panel and card: loaded when they are needed, with their texts. Each
 * imports the door, which is there before it: so the bundler has all that comes first in
 * one file, not in one for each group of parts that share something.
 */

import { learn } from "./strings/of_panel";

const PARTS = {
  case: () => import("./components/case"),
  history: () => import("./components/history"),
  ledger: () => import("./components/ledger"),
  links: () => import("./components/links"),
  masks: () => import("./components/masks"),
  map: () => import("./components/map"),
  neighbours: () => import("./components/neighbours"),
  notices: () => import("./components/notices"),
  rules: () => import("./components/rules"),
  seek: () => import("./components/seek"),
} as const satisfies Readonly<Record<string, () => Promise<unknown>>>;

export type Part = keyof typeof PARTS;
/** How far a part is: `failed` until it is asked for again. */
export type Standing = "here" | "loading" | "failed";

const standings = new Map<Part, Standing>();
const waiting = new Set<() => void>();

async function load(part: Part): Promise<void> {
  standings.set(part, "loading");
  try {
    await learn(part); // before the script: it may take hold of its texts at once
    await PARTS[part]();
    standings.set(part, "here");
  } catch {
    standings.set(part, "failed");
  }
  const told = [...waiting];
  waiting.clear();
  for (const tell of told) tell();
}

/**
 * Tell how far a part is; if it was never asked for, load it. Whoever has to wait is told of
 * the next change. An element that is drawn before its part is here would be connected to
 * the page before it knows what it was given.
 */
export function need(part: Part, changed: () => void): Standing {
  if (!standings.has(part)) void load(part);
  const standing = standings.get(part) ?? "loading";
  if (standing === "loading") waiting.add(changed);
  return standing;
}

/** Try to load a part that failed. */
export function retry(part: Part): void {
  if (standings.get(part) === "failed") standings.delete(part);
}
