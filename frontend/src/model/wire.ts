/** The shapes of docs/interfaces.md, section 5: what the panel is told. */

import {
  digest,
  flag,
  list,
  matching,
  nullable,
  number,
  object,
  oneOf,
  path,
  record,
  text,
  time,
  type Check,
  type Checked,
} from "./shape";

const base64 = matching(/^[A-Za-z0-9+/]+=*$/, "base64");

const span = object({ start: time, end: time });
export type Span = Checked<typeof span>;

const finding = object({ camera_id: text, camera: nullable(text), runs: list(span) });
export type Finding = Checked<typeof finding>;

const draft = object({
  sha256: digest,
  size: number,
  media_type: text,
  camera_id: nullable(text),
  camera: nullable(text),
  start: time,
  end: time,
  seconds: number,
  width: number,
  height: number,
  video_codec: text,
  audio: flag,
  playable: flag,
  changes: list(text),
  text: nullable(text),
  video: nullable(path),
  still: nullable(path),
  sheet: nullable(path),
});
export type Draft = Checked<typeof draft>;

const delivery = object({
  delivery_id: text,
  sha256: digest,
  delivered_at: nullable(time),
  available_until: nullable(time),
  revoked_at: nullable(time),
  package_sha256: nullable(digest),
  package_size: nullable(number),
});
export type Delivery = Checked<typeof delivery>;

const request = object({
  portal: oneOf(["direct", "http", "service", "test"]),
  trust: oneOf(["unverified", "invited", "verified"]),
  label: text,
  kind: oneOf(["neighbour", "police", "insurer", "other"]),
  name: text,
  contact: text,
  text,
  case_number: text,
  start: time,
  end: time,
  received_at: time,
  expires_at: time,
  way: oneOf(["drop", "tus", "put", "hand_over"]),
  needs_key: flag,
});
export type Request = Checked<typeof request>;

const screening = object({
  verdict: oneOf(["ignore", "list", "ask"]),
  sentence: text,
  max_seconds: number,
  audio_allowed: flag,
  cameras: nullable(list(text)),
  two_approvers: flag,
});

const consent = object({
  user: text,
  means: oneOf(["panel", "push"]),
  at: time,
  undo_until: time,
});

export const oneCase = object({
  case_id: text,
  state: oneOf([
    "received",
    "screened",
    "drafting",
    "drafted",
    "waiting",
    "consented",
    "sealed",
    "shared",
    "closed",
  ]),
  problem: nullable(text),
  problem_text: nullable(text),
  closed: nullable(
    oneOf(["declined", "expired", "withdrawn", "screened_out", "switched_off", "over_limit"]),
  ),
  request,
  screening: nullable(screening),
  findings: nullable(list(finding)),
  draft: nullable(draft),
  offer: nullable(
    object({
      offer_id: text,
      expires_at: time,
      first: nullable(object({ user: text, at: time })),
      first_is_you: flag,
    }),
  ),
  consent: nullable(consent),
  deliveries: list(delivery),
});
export type Case = Checked<typeof oneCase>;

const invite = object({ label: text, kind: text, url: text, external: flag, expired: flag });
export type Invite = Checked<typeof invite>;

const snapshot = object({
  approver: flag,
  admin: flag,
  accepting: flag,
  waiting: number,
  cameras: list(object({ camera_id: text, name: text })),
  invites: list(invite),
  time_zone: text,
  cases: list(oneCase),
});
export type Snapshot = Checked<typeof snapshot>;

const caseChange = object({ waiting: number, accepting: flag, case: nullable(oneCase) });

const progress = object({
  case_id: text,
  doing: oneOf(["draft", "seal", "send"]),
  done: number,
});
export type Progress = Checked<typeof progress>;

export type Event =
  | ({ event: "snapshot" } & Snapshot)
  | ({ event: "case" } & Checked<typeof caseChange>)
  | ({ event: "progress" } & Progress);

/** One message of the subscription; null for kinds that a later version may add. */
export function readEvent(message: unknown): Event | null {
  const kind = text(record(message)["event"], "event");
  if (kind === "snapshot") return { event: kind, ...snapshot(message, kind) };
  if (kind === "case") return { event: kind, ...caseChange(message, kind) };
  if (kind === "progress") return { event: kind, ...progress(message, kind) };
  return null;
}

export const caseAnswer = object({ case: oneCase });
export const approveAnswer = object({ undo_until: nullable(time) });
export const pickupAnswer = object({ url: text });
export const testAnswer = object({
  case_id: text,
  status_url: text,
  pushed_from: nullable(time),
});
export const thumbnailsAnswer = object({
  thumbnails: list(object({ at: time, jpeg: nullable(base64) })),
});
export type Thumbnail = Checked<typeof thumbnailsAnswer>["thumbnails"][number];
const verdict = oneOf(["ignore", "list", "ask"]);
const triedRule = object({ rule_id: text, order: number, title: text, verdict });
export type TriedRule = Checked<typeof triedRule>;
export const triedAnswer = object({
  rules: list(triedRule),
  results: list(
    object({ case_id: nullable(text), rule_id: nullable(text), verdict, sentence: text }),
  ),
});
export type Tried = Checked<typeof triedAnswer>;
/** Where the next page begins: the server's own mark, given back as it came. */
export type Cursor = string | number;
const cursor: Check<Cursor> = (value, at) =>
  typeof value === "number" ? number(value, at) : text(value, at);
export const historyAnswer = object({ cases: list(oneCase), next: nullable(cursor) });

const entry = object({
  seq: number,
  at: time,
  kind: text,
  case_id: nullable(text),
  data: record,
  digest,
});
export type Entry = Checked<typeof entry>;
export const ledgerAnswer = object({
  entries: list(entry),
  head: object({ seq: number, digest }),
  fault: nullable(number),
});
export type LedgerPage = Checked<typeof ledgerAnswer>;
