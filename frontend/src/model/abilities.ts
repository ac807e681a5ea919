/** What can be done with a case: only asked once one is open. */

import type { Case } from "./wire";

/** What an approver can do with a case now. */
export interface Abilities {
  readonly approve: boolean;
  readonly undo: boolean;
  /** The first yes of two. */
  readonly takeBack: boolean;
  readonly decline: boolean;
  readonly stop: boolean;
  readonly pick: boolean;
  readonly answer: boolean;
  readonly makeKey: boolean;
}

const CHOOSABLE: readonly Case["state"][] = ["drafting", "drafted", "waiting", "shared"];

function isTooLateToUndo(one: Case, now: number): boolean {
  return one.consent !== null && now >= one.consent.undo_until;
}

export function abilities(one: Case, now: number): Abilities {
  const open = now < one.request.expires_at;
  // A presigned address takes one file: a second would replace what was shared.
  const taken = one.request.way === "put" && one.deliveries.length > 0;
  const choosable = open && CHOOSABLE.includes(one.state) && !taken;
  const offered = one.state === "waiting" && one.offer !== null && one.draft !== null;
  const undecided = one.consent === null && one.state !== "shared" && one.state !== "closed";
  return {
    approve: offered && !one.offer?.first_is_you,
    undo: one.state === "consented" && one.consent !== null,
    takeBack: offered && !!one.offer?.first,
    decline: undecided && one.state !== "sealed",
    stop: one.state === "sealed" || (one.state === "consented" && isTooLateToUndo(one, now)),
    pick: choosable && (one.findings ?? []).some((finding) => finding.runs.length > 0),
    answer: choosable,
    makeKey: one.state === "waiting" && one.request.needs_key,
  };
}

/** Problems of a recording that a copy made from its pictures alone does not have. */
const MENDED_BY_COPY = ["needs_playable_copy", "pieces_differ", "draft_not_clean", "media_failed"];

export function copyHelps(one: Case): boolean {
  return one.problem !== null && MENDED_BY_COPY.includes(one.problem);
}
