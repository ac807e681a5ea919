/** The shapes of docs/portal-protocol.md: what a hub tells everybody, and its requesters. */

import { area } from "./area";
import {
  digest,
  flag,
  id,
  list,
  matching,
  nullable,
  number,
  object,
  oneOf,
  or,
  record,
  ShapeError,
  text,
  time,
  type Check,
  type Checked,
} from "./shape";

const cell = matching(/^[0-9b-hjkmnp-z]{4,5}$/, "cell");
const jwk = object({ kty: oneOf(["OKP"]), crv: oneOf(["Ed25519"]), x: text });
export type Jwk = Checked<typeof jwk>;
const key = object({ kty: oneOf(["OKP"]), crv: oneOf(["Ed25519"]), x: text, kid: text });

/** Areas in square kilometres, windows and ages in seconds, texts in characters. */
const limits = object({
  area_min_km2: number,
  area_max_km2: number,
  vertices_max: number,
  window_min_seconds: number,
  window_max_seconds: number,
  window_age_max_seconds: number,
  title_max: number,
  text_max: number,
  contact_max: number,
  case_number_max: number,
  per_case_number: number,
  per_week: number,
  open_seconds: number,
  drop_max_bytes: number,
});
export type Limits = Checked<typeof limits>;

/** Counts by a word: reasons that a later version may add stand for themselves. */
const counts: Check<Record<string, number>> = (value, at = "counts") =>
  Object.fromEntries(
    Object.entries(record(value, at)).map(([word, n]) => [word, number(n, `${at}.${word}`)]),
  );

const tileServer = object({ tiles: matching(/^https?:\/\/[^\s"'<>]+$/, "address"), attribution: text, zoom_max: number });

export const info = object({
  hub: text,
  name: text,
  operator: text,
  contact: text,
  cells: list(cell),
  slot_seconds: number,
  neighbours_may_ask: flag,
  rules: text,
  limits,
  jwks: object({ keys: list(key) }),
  first_key: jwk,
  rotations: list(text),
  head: text,
  counts: object({ published: number, refused: counts }),
  map: or(nullable(tileServer), null),
});
export type Info = Checked<typeof info>;

export const named = object({ rotation: text });
export const rotation = object({ hub: text, key: jwk, from: time });
export const signedHead = object({ hub: text, n: number, hash: digest, at: time });
export type SignedHead = Checked<typeof signedHead>;

const ENTRY = {
  n: number,
  at: text,
  kind: text,
  id: nullable(id),
  target: nullable(number),
  digest,
  previous: digest,
  hash: digest,
};
/** With all its fields as they came, since its hash is over all of them. */
const entry = (value: unknown, at?: string) => ({
  ...object(ENTRY)(value, at),
  fields: record(value, at),
});

const beside = object({ salt: matching(/^[0-9a-f]{32}$/, "salt"), text });
const recorded = object({ entry, beside: nullable(beside) });
export type Recorded = Checked<typeof recorded>;

export const logPage = object({ entries: list(recorded), head: text });

const KINDS = ["neighbour", "police", "insurer", "other"] as const;

const request = object({
  type: oneOf(["request"]),
  id,
  published_at: time,
  expires_at: time,
  kind: oneOf(KINDS),
  name: text,
  organisation: text,
  verified_how: text,
  contact: text,
  case_number: text,
  title: text,
  text,
  start: time,
  end: time,
  area,
  recipient: or(text, ""),
});
export type PublicRequest = Checked<typeof request>;

const notice = object({
  type: oneOf(["notice"]),
  id,
  published_at: time,
  expires_at: time,
  title: text,
  text,
  cells: list(cell),
  author: oneOf(["operator", "neighbour"]),
});
export type Notice = Checked<typeof notice>;

export type Item = PublicRequest | Notice;

/** Read an item; null for kinds that a later version may add. */
export function readItem(value: unknown): Item | null {
  const { type } = record(value, "item");
  if (type === "request") return request(value, "item");
  return type === "notice" ? notice(value, "item") : null;
}

/** Read the object that a text of the log holds. */
export function parseText(said: string): Record<string, unknown> {
  try {
    return record(JSON.parse(said), "text");
  } catch {
    throw new ShapeError("text", "JSON");
  }
}

export const tombstone = object({ who: text, why: text });
export const note = object({ text });
export const restored = object({ n: nullable(number) });

/** Where in the log a request is published. */
export const whereabouts = object({ log: number });

export const coverage = object({ cells: list(object({ cell, homes: number })) });
export type Coverage = Checked<typeof coverage>;

const delivery = object({ id, size: number, available_until: time });
export type HubDelivery = Checked<typeof delivery>;


/** What a requester added, and whether everybody can read it. */
const deskNote = object({
  state: oneOf(["moderation", "refused", "published", "redacted"]),
  submitted_at: time,
  text,
  refused: nullable(text),
});
export type DeskNote = Checked<typeof deskNote>;

const deskRequest = object({
  id,
  state: oneOf(["moderation", "refused", "open", "expired", "resolved", "withdrawn", "redacted"]),
  refused: nullable(text),
  submitted_at: time,
  expires_at: nullable(time),
  title: text,
  text,
  start: time,
  end: time,
  area: nullable(area),
  contact: text,
  case_number: text,
  recipient: text,
  key_hint: text,
  notes: list(deskNote),
  deliveries: list(delivery),
});
export type DeskRequest = Checked<typeof deskRequest>;

export const desk = object({
  requester: object({ name: text, organisation: text, kind: oneOf(KINDS) }),
  left_this_week: number,
  requests: list(deskRequest),
});
export type DeskAnswer = Checked<typeof desk>;

export const submitted = object({ id });
export const nothing = object({});
export const refusal = object({ error: or(text, "unknown"), field: or(nullable(text), null) });
