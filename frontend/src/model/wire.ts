/** The shapes of docs/interfaces.md, section 5: what the panel is told. */

import { area, spot } from "./area";
import {
  digest,
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  or,
  path,
  record,
  text,
  time,
  type Checked,
} from "./shape";

const span = object({ start: time, end: time });
export type Span = Checked<typeof span>;

const finding = object({ camera_id: text, camera: nullable(text), runs: list(span) });
export type Finding = Checked<typeof finding>;

/** A filled part of a picture, in ten-thousandths of its sides. */
const rectangle = object({ left: number, top: number, right: number, bottom: number });
export type Region = Checked<typeof rectangle>;
const regions = or(
  list<Region>((value, at) => {
    const [left, top, right, bottom] = list(number)(value, at);
    return rectangle({ left, top, right, bottom }, at);
  }),
  [],
);

export const draft = object({
  sha256: digest,
  size: number,
  media_type: text,
  camera_id: nullable(text),
  camera: nullable(text),
  chosen: nullable(span),
  start: time,
  end: time,
  seconds: number,
  width: number,
  height: number,
  video_codec: text,
  audio: flag,
  playable: flag,
  exact: or(flag, false),
  /** All that is filled: what the camera always hides, and what was drawn. */
  masks: regions,
  changes: list(text),
  text: nullable(text),
  identity: nullable(text),
  video: nullable(path),
  still: nullable(path),
  sheet: nullable(path),
});
export type Draft = Checked<typeof draft>;

const deliveryShape = object({
  delivery_id: text,
  words: flag,
  camera: nullable(text),
  start: nullable(time),
  end: nullable(time),
  sha256: digest,
  delivered_at: nullable(time),
  available_until: nullable(time),
  revoked_at: nullable(time),
  package_sha256: nullable(digest),
  package_size: nullable(number),
});
/** What of a delivery is for others: nothing that the owner calls things by. */
const RECEIPT = [
  "delivery_id",
  "sha256",
  "delivered_at",
  "package_sha256",
  "package_size",
  "manifest_sha256",
  "signing_key",
] as const;

function receiptOf(all: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(RECEIPT.map((key) => [key, all[key]]));
}

/** With its receipt: facts as the home tells them, to be checked by others. */
const delivery = (value: unknown, at?: string) => ({
  ...deliveryShape(value, at),
  receipt: receiptOf(record(value, at)),
});
export type Delivery = Checked<typeof delivery>;

/** What a hub says of the one who asks, and what they said since. */
const vouched = object({
  hub: text,
  organisation: text,
  verified_how: text,
  notes: list(object({ at: time, text })),
});
export type Vouched = Checked<typeof vouched>;

const request = object({
  portal: oneOf(["direct", "http", "service", "test", "notice"]),
  trust: oneOf(["unverified", "invited", "verified"]),
  label: text,
  kind: oneOf(["neighbour", "police", "insurer", "other"]),
  name: text,
  contact: text,
  text,
  case_number: text,
  start: time,
  end: time,
  area: nullable(area),
  vouched: nullable(vouched),
  received_at: time,
  expires_at: time,
  way: oneOf(["drop", "tus", "put", "hand_over"]),
  storage: nullable(text),
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
  masked: or(flag, false),
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

/** Where a camera is, and where it looks: degrees clockwise from north. */
const stand = object({ latitude: number, longitude: number, bearing: nullable(number) });

const snapshot = object({
  now: time,
  approver: flag,
  admin: flag,
  accepting: flag,
  waiting: number,
  /** Whether there is a hub to ask neighbours through, or something that was asked. */
  neighbours: or(flag, false),
  cameras: list(object({ camera_id: text, name: text, place: nullable(stand), masks: regions })),
  invites: list(invite),
  notices: nullable(number),
  time_zone: text,
  home: nullable(spot),
  cases: list(oneCase),
});
export type Snapshot = Checked<typeof snapshot>;

const caseChange = object({ now: time, waiting: number, accepting: flag, case: nullable(oneCase) });

const progress = object({
  case_id: text,
  doing: oneOf(["draft", "seal", "send"]),
  done: number,
});
export type Progress = Checked<typeof progress>;

const noticesChange = object({ notices: nullable(number) });

export type Event =
  | ({ event: "snapshot" } & Snapshot)
  | ({ event: "case" } & Checked<typeof caseChange>)
  | ({ event: "notices" } & Checked<typeof noticesChange>)
  | ({ event: "progress" } & Progress)
  | { event: "neighbours"; now: number };

/** One message of the subscription; null for kinds that a later version may add. */
export function readEvent(message: unknown): Event | null {
  const kind = text(record(message)["event"], "event");
  if (kind === "snapshot") return { event: kind, ...snapshot(message, kind) };
  if (kind === "case") return { event: kind, ...caseChange(message, kind) };
  if (kind === "notices") return { event: kind, ...noticesChange(message, kind) };
  if (kind === "progress") return { event: kind, ...progress(message, kind) };
  if (kind === "neighbours") return { event: kind, ...object({ now: time })(message, kind) };
  return null;
}
