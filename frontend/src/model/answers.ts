/** The shapes of docs/interfaces.md, section 5: what commands are answered with. */

import {
  digest,
  list,
  matching,
  nullable,
  number,
  object,
  oneOf,
  or,
  record,
  text,
  time,
  type Check,
  type Checked,
} from "./shape";
import { oneCase } from "./wire";

const base64 = matching(/^[A-Za-z0-9+/]+=*$/, "base64");

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
const detection = object({ label: text, start: time, end: time });
export type Detection = Checked<typeof detection>;
export const clipsAnswer = object({ detections: or(list(detection), []) });
export const anyAnswer: Check<object> = () => ({});
export const keyTimesAnswer = object({ key_times: list(time) });
const verdict = oneOf(["ignore", "list", "ask"]);
const triedRule = object({
  rule_id: text,
  order: number,
  title: text,
  verdict,
  conditions: list(text),
  limits: list(text),
});
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
/** Ids and codes, and what they are called. */
const names: Check<Readonly<Record<string, string>>> = (value, at) =>
  Object.fromEntries(Object.entries(record(value, at)).map(([key, name]) => [key, text(name, at)]));
export const ledgerAnswer = object({
  entries: list(entry),
  next: nullable(number),
  names,
  head: object({ seq: number, digest }),
  fault: nullable(number),
});
export type LedgerPage = Checked<typeof ledgerAnswer>;
