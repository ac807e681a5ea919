/** What the moderators of a hub are told: docs/interfaces.md, section 10. */

import {
  flag,
  list,
  nullable,
  number,
  object,
  oneOf,
  record,
  ShapeError,
  text,
  time,
  type Check,
  type Checked,
} from "./shape";

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

const circle = object({ kind: oneOf(["circle"]), latitude: number, longitude: number, radius: number });
type Corner = readonly [number, number];
const corner: Check<Corner> = (value, at = "point") => {
  const [latitude, longitude, ...more] = list(number)(value, at);
  if (latitude === undefined || longitude === undefined || more.length > 0) {
    throw new ShapeError(at, "two numbers");
  }
  return [latitude, longitude];
};
const polygon = object({ kind: oneOf(["polygon"]), points: list(corner) });
export type Area = Checked<typeof circle> | Checked<typeof polygon>;
const area: Check<Area> = (value, at) =>
  record(value, at)["kind"] === "polygon" ? polygon(value, at) : circle(value, at);

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

const state = object({
  now: time,
  moderator: flag,
  name: text,
  words: text,
  url: text,
  external: flag,
  cells: list(text),
  requesters: number,
  counts: object({ waiting: number, open: number, drop_use: number, drop_max: number }),
  waiting: list(waiting),
});
export type HubState = Checked<typeof state>;

/** One message of the subscription. */
export function readHub(message: unknown): HubState {
  return state(message, "hub");
}

/** The middle of an area, in degrees to five places, and how far it reaches in metres. */
export function placeOf(one: Area): { middle: string; reach: number | null } {
  const said = (latitude: number, longitude: number): string =>
    `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  if (one.kind === "circle") {
    return { middle: said(one.latitude, one.longitude), reach: one.radius };
  }
  const mean = (at: 0 | 1): number =>
    one.points.reduce((sum, point) => sum + point[at], 0) / Math.max(1, one.points.length);
  return { middle: said(mean(0), mean(1)), reach: null };
}

/** Which of the things that wait a link leads to. */
export function wantedItem(search: string): string | null {
  return new URLSearchParams(search).get("item");
}

/** What is to be called: the type of a command of the hub's. */
export function hubCommand(name: "publish" | "refuse" | "redact" | "post_notice"): string {
  return `clip_consent/hub/${name}`;
}
