/** The request form: what was typed, what is wrong with it, what is sent. */

import { wireTime } from "./format";
import { momentsOf, parseWall, wallDate, wallOf } from "./zone";

export const KINDS = ["neighbour", "police", "insurer", "other"] as const;
export type Kind = (typeof KINDS)[number];

export const LIMITS = {
  windowMin: 60_000, // 1 minute
  windowMax: 12 * 3_600_000, // 12 hours
  age: 366 * 86_400_000, // 366 days
  name: 127,
  text: 2000,
  contact: 255,
  caseNumber: 64,
  keptDays: 90, // a requester's words, after closing unshared
} as const;

/** The fields as typed: `date` is 2026-11-23, `from` and `to` are 19:02. */
export interface Answers {
  readonly date: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly name: string;
  readonly kind: string;
  readonly contact: string;
  readonly caseNumber: string;
}

export type Field = keyof Answers;
export type Fault =
  | "required"
  | "too_long"
  | "skipped_hour"
  | "window_short"
  | "window_long"
  | "end_before_start"
  | "future"
  | "too_old";
export type Faults = Partial<Record<Field, Fault>>;

export interface AskedWindow {
  readonly start: number;
  readonly end: number;
  /** `to` is on the day after `date`. */
  readonly nextDay: boolean;
  /** The clock shows one of the times twice that night; the window holds both. */
  readonly twice: boolean;
}

export interface AskBody {
  readonly version: 1;
  readonly start: string;
  readonly end: string;
  readonly text: string;
  readonly name: string;
  readonly kind: Kind;
  readonly contact: string;
  readonly case_number: string;
}

const DAY = 86_400_000;

/** Characters as the server counts them: code points. */
export function characters(value: string): number {
  return Array.from(value).length;
}

/** Control and format characters; not line feeds, nor the joiners that scripts need. */
const HIDDEN = /(?!\n|\u200B|\u200C|\u200D|\u00AD)[\p{Cc}\p{Cf}]/gu;
/**
 * What the server refuses: halves of characters, private ones, none at all. What a later
 * Unicode may know, it takes.
 */
const UNKNOWN =
  /[\p{Cs}\p{Co}\p{Noncharacter_Code_Point}]|(?=\p{Cn})[\u2065\uFFF0-\uFFF8\u{40000}-\u{10FFFF}]/gu;
const PILED_MARKS = /([\p{Mn}\p{Me}]{3})[\p{Mn}\p{Me}]+/gu;
/** Letters and symbols that draw nothing. */
const BLANKS = /[\u115F\u1160\u3164\uFFA0\u2800]/g;

/**
 * What is sent of a typed text: nothing that the server would refuse for its form, so
 * that a pasted tab or an invisible mark costs nobody their request.
 */
export function clean(value: string): string {
  const tidied = value
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replaceAll("\t", " ")
    .replace(HIDDEN, "")
    .replace(UNKNOWN, "\uFFFD")
    .normalize("NFC")
    .replace(PILED_MARKS, "$1")
    .trim();
  return /[\p{L}\p{N}\p{P}\p{S}\p{Cn}]/u.test(tidied.replace(BLANKS, "")) ? tidied : "";
}

export const cleanLine = (value: string): string => clean(value.replace(/[\r\n\u2028\u2029]+/g, " "));

/** The window that was typed, in the given time zone; or the fields at fault. */
export function readWindow(
  answers: Pick<Answers, "date" | "from" | "to">,
  zone: string,
): AskedWindow | Faults {
  const from = parseWall(answers.date, answers.from);
  const sameDay = parseWall(answers.date, answers.to);
  if (from === null || sameDay === null) return missing(answers);
  if (from === sameDay) return { to: "window_short" };
  const nextDay = sameDay < from;
  if (nextDay && sameDay + DAY - from > LIMITS.windowMax) return { to: "end_before_start" };
  const starts = momentsOf(zone, from);
  const ends = momentsOf(zone, nextDay ? sameDay + DAY : sameDay);
  const start = starts[0];
  const end = ends.at(-1);
  if (start === undefined) return { from: "skipped_hour" };
  if (end === undefined) return { to: "skipped_hour" };
  return { start, end, nextDay, twice: starts.length > 1 || ends.length > 1 };
}

function missing(answers: Pick<Answers, "date" | "from" | "to">): Faults {
  const faults: Faults = {};
  if (parseWall(answers.date, "00:00") === null) faults.date = "required";
  if (parseWall("2000-01-01", answers.from) === null) faults.from = "required";
  if (parseWall("2000-01-01", answers.to) === null) faults.to = "required";
  return faults;
}

export function isWindow(window: AskedWindow | Faults): window is AskedWindow {
  return "start" in window;
}

/** `today` is the date now in the zone of the typed times. */
function windowFaults(window: AskedWindow, date: string, today: string, now: number): Faults {
  if (window.start < now - LIMITS.age) return { date: "too_old" };
  if (window.start > now) return date > today ? { date: "future" } : { from: "future" };
  if (window.end > now) return { to: "future" };
  if (window.end - window.start > LIMITS.windowMax) return { to: "window_long" };
  return {};
}

function textFault(value: string, limit: number, required: boolean): Fault | undefined {
  if (required && value === "") return "required";
  return characters(value) > limit ? "too_long" : undefined;
}

/** Check everything: what to send, or what is wrong at which field. */
export function checkForm(
  answers: Answers,
  zone: string,
  now: number,
): { readonly body: AskBody } | { readonly faults: Faults } {
  const window = readWindow(answers, zone);
  const today = wallDate(wallOf(zone, now));
  const faults: Faults = isWindow(window) ? windowFaults(window, answers.date, today, now) : window;
  const kind = KINDS.find((known) => known === answers.kind);
  const police = kind === "police";
  const sent = {
    text: clean(answers.text),
    name: cleanLine(answers.name),
    contact: cleanLine(answers.contact),
    case_number: police ? cleanLine(answers.caseNumber) : "",
  };
  const found: Partial<Record<Field, Fault | undefined>> = {
    text: textFault(sent.text, LIMITS.text, true),
    name: textFault(sent.name, LIMITS.name, true),
    kind: kind ? undefined : "required",
    contact: textFault(sent.contact, LIMITS.contact, false),
    caseNumber: textFault(sent.case_number, LIMITS.caseNumber, police),
  };
  for (const [field, fault] of Object.entries(found) as [Field, Fault | undefined][]) {
    if (fault) faults[field] = fault;
  }
  if (!isWindow(window) || !kind || Object.keys(faults).length > 0) return { faults };
  return {
    body: {
      version: 1,
      start: wireTime(window.start),
      end: wireTime(window.end),
      ...sent,
      kind,
    },
  };
}
