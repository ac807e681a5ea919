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

/**
 * Under what name each entry is shown, by its number. Steps of an answer in words are named
 * as such: the entry that says so is the choice before them.
 */
export function namesOf(entries: readonly Entry[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const answering = new Set<string | null>();
  for (const { seq, kind, case_id: id, data } of [...entries].sort((a, b) => a.seq - b.seq)) {
    if (kind === "chosen") {
      if (data["what"] === "answer") answering.add(id);
      else answering.delete(id);
    }
    names.set(seq, STEPS.includes(kind) && answering.has(id) ? `answer_${kind}` : kind);
  }
  return names;
}

const STEPS: readonly string[] = ["chosen", "drafted", "draft_failed"];

/** The beginning of a case's id, to tell requests apart by. */
export function shortId(caseId: string): string {
  return caseId.slice(0, 6);
}

/** What an entry holds besides its kind, as short text pairs. */
export function details(entry: Entry): readonly (readonly [string, string])[] {
  return Object.entries(entry.data)
    .filter(([, value]) => value !== null && value !== "")
    .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
}
