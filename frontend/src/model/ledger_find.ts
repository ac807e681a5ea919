/** Which lines of the ledger are looked for, in groups that people think in. */

import { midnight } from "./day";

const GROUPS = {
  all: [],
  requests: ["received", "follow_up", "rerouted", "screened", "rescreened", "matched", "flooded"],
  clips: ["comment_written", "chosen", "drafted", "draft_failed", "key_set", "offered", "asked", "voided"],
  decisions: [
    "first_approved",
    "approved",
    "approve_rejected",
    "answer_too_late",
    "undone",
    "closed",
    "revoked",
  ],
  sent: [
    ...["sealed", "shared", "delivery_delayed", "delivery_refused", "fetched", "revoked"],
    ...["notice_written", "notice_taken_back", "notice_sent", "notice_refused"],
  ],
  neighbours: [
    ...["neighbours_asked", "neighbours_refused", "neighbours_answered"],
    ...["neighbours_withdrawn", "neighbours_resolved", "neighbours_noted", "notice_commented"],
  ],
  home: [
    "accepting",
    "masks_changed",
    "one_tap_exposed",
    "portal_alarm",
    "portal_trusted_anew",
    "restored",
    "removed",
  ],
} as const satisfies Record<string, readonly string[]>;

export type Group = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as Group[];

/** As chosen in the form: days are 2026-11-23 on the home's clock, or empty. */
export interface Find {
  readonly group: string;
  readonly caseId: string | null;
  readonly from: string;
  readonly until: string;
}

export const FIND_ALL: Find = { group: "all", caseId: null, from: "", until: "" };

/** Whether nothing is narrowed. */
export function isAll({ group, caseId, from, until }: Find): boolean {
  return group === "all" && caseId === null && from === "" && until === "";
}

/** Fields of the command; none of them where nothing is narrowed. */
export interface Sought {
  readonly kinds?: readonly string[];
  readonly case_id?: string;
  readonly since?: string;
  readonly until?: string;
}

/** The last day counts whole. */
export function soughtBy(find: Find, zone: string): Sought {
  const kinds: readonly string[] = GROUPS[GROUP_NAMES.find((name) => name === find.group) ?? "all"];
  const since = midnight(find.from, 0, zone);
  const until = midnight(find.until, 1, zone);
  return {
    ...(kinds.length > 0 ? { kinds } : {}),
    ...(find.caseId === null ? {} : { case_id: find.caseId }),
    ...(since === null ? {} : { since }),
    ...(until === null ? {} : { until }),
  };
}
