/** Asking neighbours: what the home tells of it, and a form's fields as a command. */

import type { Area } from "./area";
import { area } from "./area";
import { wireTime } from "./format";
import {
  digest,
  flag,
  id,
  list,
  nullable,
  number,
  object,
  oneOf,
  path,
  text,
  time,
  type Checked,
} from "./shape";
import { momentsOf, parseWall } from "./zone";

export const OWN_STATES = [
  ...(["sending", "waiting", "open", "expired", "resolved"] as const),
  ...(["withdrawn", "redacted", "refused", "unpublished"] as const),
] as const;
export const NOTE_STATES = ["sending", "waiting", "published", "redacted", "refused"] as const;
export const ANSWER_STATES = ["listed", "here", "unreadable", "gone"] as const;

const answer = object({
  delivery_id: id,
  state: oneOf(ANSWER_STATES),
  came_at: nullable(time),
  kept_until: nullable(time),
  /** A neighbour's own words. */
  text: nullable(text),
  camera: nullable(number),
  start: nullable(time),
  end: nullable(time),
  identity: text,
  changes: list(text),
  audio: flag,
  sha256: nullable(digest),
  size: nullable(number),
  video: nullable(path),
  file: nullable(path),
});
export type Answer = Checked<typeof answer>;

const note = object({
  note_id: id,
  state: oneOf(NOTE_STATES),
  text,
  written_at: time,
  problem_text: nullable(text),
});
export type OwnNote = Checked<typeof note>;

const request = object({
  request_id: id,
  hub: text,
  state: oneOf(OWN_STATES),
  hub_knows: flag,
  may_withdraw: flag,
  may_resolve: flag,
  problem_text: nullable(text),
  asked_at: time,
  expires_at: nullable(time),
  title: text,
  text,
  start: time,
  end: time,
  area,
  may_note: flag,
  notes: list(note),
  /** Answers that no approver has looked at. */
  unseen: number,
  answers: list(answer),
});
export type OwnRequest = Checked<typeof request>;

const limits = object({
  window_min_seconds: number,
  window_max_seconds: number,
  title_max: number,
  text_max: number,
  area_min_km2: number,
  area_max_km2: number,
});
type Limits = Checked<typeof limits>;
const hub = object({ portal_id: text, title: text, limits });
export type Hub = Checked<typeof hub>;
/** On the hub's grid already. The home itself has no `camera_id`. */
const place = object({ camera_id: nullable(text), name: text, latitude: number, longitude: number });
export type Place = Checked<typeof place>;

export const neighboursAnswer = object({
  hubs: list(hub),
  places: list(place),
  requests: list(request),
});
export type Neighbours = Checked<typeof neighboursAnswer>;
export const ownAnswer = object({ request });

/** In metres; those that a hub's limits leave. */
const RADII = [150, 200, 300, 400, 500, 600];
export const RADIUS = 400;

export function radiiOf({ area_min_km2: least, area_max_km2: most }: Limits): readonly number[] {
  return RADII.filter((radius) => {
    const size = Math.PI * (radius / 1000) ** 2;
    return size >= least && size <= most;
  });
}

/** What will be public of a place. */
export function areaAround({ latitude, longitude }: Place, radius: number): Area {
  return { kind: "circle", latitude, longitude, radius };
}

/** As typed: times are `2026-11-23T19:02` on the home's clock. */
export interface Form {
  readonly hub: Hub;
  readonly place: Place;
  readonly radius: number;
  readonly start: string;
  readonly end: string;
  readonly title: string;
  readonly text: string;
}

export interface Asking {
  portal_id: string;
  camera_id: string | null;
  radius: number;
  start: string;
  end: string;
  title: string;
  text: string;
}

/** The command's fields; null where a time is none. All other limits the home tells. */
export function askingOf(form: Form, zone: string): Asking | null {
  const [start, end] = [momentOf(form.start, zone), momentOf(form.end, zone)];
  if (start === null || end === null) return null;
  return {
    portal_id: form.hub.portal_id,
    camera_id: form.place.camera_id,
    radius: form.radius,
    start: wireTime(start),
    end: wireTime(end),
    title: form.title,
    text: form.text,
  };
}

function momentOf(local: string, zone: string): number | null {
  const at = local.indexOf("T");
  const wall = parseWall(local.slice(0, at), local.slice(at + 1));
  return wall === null ? null : (momentsOf(zone, wall)[0] ?? null);
}

/** With one request as it is now, in its place or as the newest. */
export function withRequest(known: Neighbours, one: OwnRequest): Neighbours {
  const there = known.requests.some(({ request_id: id }) => id === one.request_id);
  const requests = there
    ? known.requests.map((other) => (other.request_id === one.request_id ? one : other))
    : [one, ...known.requests];
  return { ...known, requests };
}
