/** Lines of the ledger, newest first, read page by page. */

import type { Entry, LedgerPage } from "./answers";

export interface Lines {
  readonly entries: readonly Entry[];
  /** Where the next older page begins; null at the first entry. */
  readonly before: number | null;
  readonly head: LedgerPage["head"];
  readonly fault: number | null;
  readonly names: Names;
}

/** What ids and codes of entries are called. */
export type Names = LedgerPage["names"];

/** Put an older page behind what is there. */
export function withPage(lines: Lines | null, page: LedgerPage): Lines {
  const known = new Set(lines?.entries.map((entry) => entry.seq));
  const fresh = page.entries.filter((entry) => !known.has(entry.seq));
  const entries = [...(lines?.entries ?? []), ...fresh].sort((a, b) => b.seq - a.seq);
  const { head, fault, next } = page;
  return { entries, before: next, head, fault, names: { ...lines?.names, ...page.names } };
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
