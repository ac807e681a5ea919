/** Lines of the ledger, newest first, read page by page. */

import type { Entry, LedgerPage } from "./wire";

export interface Lines {
  readonly entries: readonly Entry[];
  /** Where the next older page begins; null at the first entry. */
  readonly before: number | null;
  readonly head: LedgerPage["head"];
  readonly fault: number | null;
}

/** Put an older page behind what is there. The chain starts with entry 1. */
export function withPage(lines: Lines | null, page: LedgerPage): Lines {
  const known = new Set(lines?.entries.map((entry) => entry.seq));
  const fresh = page.entries.filter((entry) => !known.has(entry.seq));
  const entries = [...(lines?.entries ?? []), ...fresh].sort((a, b) => b.seq - a.seq);
  const last = entries.at(-1)?.seq ?? 1;
  const more = page.entries.length > 0 && last > 1;
  return { entries, before: more ? last : null, head: page.head, fault: page.fault };
}

/** What an entry holds besides its kind, as short text pairs. */
export function details(entry: Entry): readonly (readonly [string, string])[] {
  return Object.entries(entry.data)
    .filter(([, value]) => value !== null && value !== "")
    .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
}
