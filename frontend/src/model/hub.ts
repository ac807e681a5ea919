/** What the moderators of a hub are told: docs/interfaces.md, section 10. */

import { area } from "./area";
import { flag, list, nullable, number, object, oneOf, text, time, type Checked } from "./shape";

export const REASONS = [
  "no_reason_given",
  "too_broad",
  "names_people",
  "unlawful",
  "abusive",
  "duplicate",
  "not_here",
  "against_rules",
] as const;
export type Reason = (typeof REASONS)[number];

const requester = object({
  name: text,
  organisation: text,
  kind: oneOf(["neighbour", "police", "insurer", "other"]),
  verified_how: text,
});
export type Requester = Checked<typeof requester>;

const waiting = object({
  id: text,
  kind: oneOf(["request", "note", "notice"]),
  submitted_at: time,
  title: text,
  text,
  requester: nullable(requester),
  contact: text,
  case_number: text,
  start: nullable(time),
  end: nullable(time),
  area: nullable(area),
  cells: list(text),
  about: nullable(text),
});
/** Something that waits for a moderator. Its texts are a stranger's words. */
export type Waiting = Checked<typeof waiting>;

const posted = object({
  id: text,
  title: text,
  text,
  cells: list(text),
  posted_at: time,
  expires_at: time,
  state: oneOf(["open", "expired", "withdrawn", "redacted"]),
  comments: nullable(number),
});
/** A notice of the hub's own; `comments` are null where it takes none. */
export type PostedNotice = Checked<typeof posted>;

const comment = object({ delivery_id: text, came_at: time, text, identity: text });
/** What somebody said to a notice: a stranger's words. */
export type Comment = Checked<typeof comment>;

const comments = object({ comments: list(comment), unreadable: number, more: flag });
export type Comments = Checked<typeof comments>;

const state = object({
  now: time,
  moderator: flag,
  name: text,
  words: text,
  url: text,
  external: flag,
  cells: list(text),
  requesters: number,
  open_seconds: number,
  counts: object({ waiting: number, open: number, drop_use: number, drop_max: number }),
  waiting: list(waiting),
  notices: list(posted),
});
export type HubState = Checked<typeof state>;

/** One message of the subscription. */
export function readHub(message: unknown): HubState {
  return state(message, "hub");
}

/** What was found in the comments on a notice. */
export function readComments(answer: unknown): Comments {
  return comments(answer, "comments");
}

/** Which of the things that wait a link leads to. */
export function wantedItem(search: string): string | null {
  return new URLSearchParams(search).get("item");
}

/** What is to be called: the type of a command of the hub's. */
export function hubCommand(
  name: "publish" | "refuse" | "redact" | "post_notice" | "withdraw_notice" | "comments",
): string {
  return `clip_consent/hub/${name}`;
}
