/** What the panel knows: the subscription's messages folded into one state. */

import type { Case, Delivery, Event, Progress, Snapshot } from "./wire";

export interface Known {
  readonly snapshot: Omit<Snapshot, "cases">;
  readonly cases: ReadonlyMap<string, Case>;
  readonly progress: ReadonlyMap<string, Progress>;
  /** How far the home's clock is ahead of this device's, in milliseconds. */
  readonly skew: number;
  /** How often it was told that there is something new of what neighbours were asked. */
  readonly heard: number;
}

/**
 * Fold one message into what is known, when it came by this device's clock. Before the first
 * snapshot nothing is. What comes late makes the home's clock seem slow, so the fastest of a
 * connection counts.
 */
export function learn(known: Known | null, event: Event, here: number): Known | null {
  if (event.event === "snapshot") {
    const { cases, ...snapshot } = event;
    // told anew, as after a broken line: how far work was is news until more is known
    const busy = new Set(cases.filter(isBusy).map((one) => one.case_id));
    const progress = new Map([...(known?.progress ?? [])].filter(([id]) => busy.has(id)));
    const byId = new Map(cases.map((one) => [one.case_id, one]));
    const heard = (known?.heard ?? 0) + 1;
    return { snapshot, cases: byId, progress, skew: event.now - here, heard };
  }
  if (!known) return null;
  if (event.event === "progress") {
    return { ...known, progress: new Map(known.progress).set(event.case_id, event) };
  }
  if (event.event === "notices") {
    return { ...known, snapshot: { ...known.snapshot, notices: event.notices } };
  }
  if (event.event === "neighbours") {
    return { ...known, heard: known.heard + 1, snapshot: { ...known.snapshot, neighbours: true } };
  }
  const { waiting, accepting } = event;
  const skew = Math.max(known.skew, event.now - here);
  const next = { ...known, skew, snapshot: { ...known.snapshot, waiting, accepting } };
  return event.case ? learnCase(next, event.case) : next;
}

/** Put in a case that an answer brought. */
export function learnCase(known: Known, one: Case): Known {
  const progress = new Map(known.progress);
  if (!isBusy(one)) progress.delete(one.case_id);
  return { ...known, cases: new Map(known.cases).set(one.case_id, one), progress };
}

/** Something is being made or sent just now. */
export function isBusy(one: Case): boolean {
  return ["received", "screened", "drafting", "drafted", "sealed"].includes(one.state);
}

export interface Groups {
  readonly waiting: Case[];
  readonly busy: Case[];
  readonly done: Case[];
}

/** Cases in the order they want attention, newest first. */
export function grouped(cases: Iterable<Case>): Groups {
  const groups: Groups = { waiting: [], busy: [], done: [] };
  for (const one of cases) {
    if (one.state === "waiting") groups.waiting.push(one);
    else if (one.state === "shared" || one.state === "closed") groups.done.push(one);
    else groups.busy.push(one);
  }
  for (const group of Object.values(groups) as Case[][]) {
    group.sort((a, b) => b.request.received_at - a.request.received_at);
  }
  return groups;
}

/** Whether a delivery still lies in this home, to be fetched or downloaded. */
export function isHere(delivery: Delivery, now: number): boolean {
  return (
    delivery.revoked_at === null &&
    delivery.available_until !== null &&
    now < delivery.available_until
  );
}

/** Whether nothing more comes of a case, and nothing of it lies here to be fetched. */
export function isOver(one: Case, now: number): boolean {
  const ended = one.state === "closed" || (one.state === "shared" && now >= one.request.expires_at);
  return ended && !one.deliveries.some((delivery) => isHere(delivery, now));
}

/** Signed paths change with every message; a film that plays keeps the one it began with. */
export interface Media {
  readonly sha256: string;
  readonly video: string | null;
  readonly still: string | null;
  readonly sheet: string | null;
  readonly since: number;
}

const MEDIA_FRESH = 14 * 60_000; // milliseconds; signed paths are good for 15 minutes

/** Which paths to use now: those before, unless the draft is another or they are stale. */
export function mediaOf(before: Media | null, one: Case, now: number): Media | null {
  const draft = one.draft;
  if (!draft) return null;
  const usable =
    before?.sha256 === draft.sha256 &&
    before.video !== null === (draft.video !== null) &&
    now - before.since < MEDIA_FRESH;
  if (usable) return before;
  const { sha256, video, still, sheet } = draft;
  return { sha256, video, still, sheet, since: now };
}
