/** What the sharing rules would say: of the last requests, and of one that is made up. */

import { KINDS, type Kind } from "./ask_form";
import { wireTime } from "./format";
import type { Tried, TriedRule } from "./answers";
import { momentsOf, parseWall, wallClock, wallDate, wallOf } from "./zone";

export const TRUSTS = ["invited", "unverified", "verified"] as const;
export type Trust = (typeof TRUSTS)[number];

/** A made-up request as typed: `start` and `end` are 2026-11-23T19:02 on the home's clock. */
export interface Trial {
  readonly trust: string;
  readonly kind: string;
  readonly caseNumber: string;
  readonly text: string;
  readonly start: string;
  readonly end: string;
  /** When it comes; empty means now. */
  readonly received: string;
  /** The cameras that its invite is for; null means all. */
  readonly cameras: readonly string[] | null;
  /** Of the area, in metres; empty means no area. */
  readonly areaRadius: string;
  /** From the home to the nearest place of the area, in metres, as in a rule; empty means 0. */
  readonly distance: string;
}

export interface MadeUp {
  readonly trust: Trust;
  readonly kind: Kind;
  readonly case_number: string;
  readonly text: string;
  readonly start: string;
  readonly end: string;
  readonly received_at: string | null;
  readonly cameras: readonly string[] | null;
  readonly area_radius: number | null;
  /** From the home to the middle of the area, in metres. */
  readonly distance: number;
}

/** What may be wrong with a made-up request. */
export type Wrong = "time" | "order" | AreaWrong;
export type AreaWrong = "metres" | "radius" | "needsRadius" | "far";

/** What a request may ask about: core/limits.py SERVICE, 0.065 to 1.295 km², as a circle; in metres. */
export const RADIUS = { least: 144, most: 642 } as const;
/** Metres: with the widest radius it is less than the 200,000 that the home takes. */
export const FAR = 199_000;

const LENGTH = 5 * 60_000; // milliseconds
const AGO = 24 * 60 * 60_000; // milliseconds

/** What the form begins with: five minutes of yesterday, asked for by a neighbour. */
export function firstTrial(zone: string, now: number): Trial {
  const local = (moment: number): string => {
    const wall = wallOf(zone, moment);
    return `${wallDate(wall)}T${wallClock(wall).slice(0, 5)}`;
  };
  const start = Math.floor((now - AGO) / LENGTH) * LENGTH;
  return {
    trust: "invited",
    kind: "neighbour",
    caseNumber: "",
    text: "",
    start: local(start),
    end: local(start + LENGTH),
    received: "",
    cameras: null,
    areaRadius: "",
    distance: "",
  };
}

/** Read the form; the name of what is wrong with it if it cannot be asked. */
export function madeUp(trial: Trial, zone: string): MadeUp | Wrong {
  const [start, end] = [momentOf(trial.start, zone), momentOf(trial.end, zone)];
  if (start === null || end === null) return "time";
  const received = trial.received === "" ? null : momentOf(trial.received, zone);
  if (trial.received !== "" && received === null) return "time";
  if (end <= start) return "order";
  const area = areaOf(metresOf(trial.areaRadius), metresOf(trial.distance));
  if (typeof area === "string") return area;
  return {
    trust: TRUSTS.find((known) => known === trial.trust) ?? "unverified",
    kind: KINDS.find((known) => known === trial.kind) ?? "other",
    case_number: trial.caseNumber.trim(),
    text: trial.text,
    start: wireTime(start),
    end: wireTime(end),
    received_at: received === null ? null : wireTime(received),
    cameras: trial.cameras,
    ...area,
  };
}

/** Without a distance, or with none, the home is the middle of the area. */
function areaOf(
  radius: number | null,
  distance: number | null,
): Pick<MadeUp, "area_radius" | "distance"> | AreaWrong {
  if (Number.isNaN(radius) || Number.isNaN(distance)) return "metres";
  if (radius === null) return distance === null ? { area_radius: null, distance: 0 } : "needsRadius";
  if (radius < RADIUS.least || radius > RADIUS.most) return "radius";
  const away = distance ?? 0;
  if (away > FAR) return "far";
  return { area_radius: radius, distance: away === 0 ? 0 : away + radius };
}

/** Whether it is the area that is wrong, not a time. */
export function isOfArea(wrong: Wrong | null): boolean {
  return wrong !== null && wrong !== "time" && wrong !== "order";
}

/** Whole metres: a point or a comma means thousands to some, and parts to others. */
function metresOf(typed: string): number | null {
  const digits = typed.trim();
  if (digits === "") return null;
  return /^\d{1,8}$/.test(digits) ? Number(digits) : NaN;
}

function momentOf(local: string, zone: string): number | null {
  const [date = "", clock = ""] = local.split("T");
  const wall = parseWall(date, clock);
  return wall === null ? null : (momentsOf(zone, wall)[0] ?? null);
}

/** With a camera ticked or no more; all ticked is all, whatever comes to be added. */
export function withCamera(
  trial: Trial,
  id: string,
  ticked: boolean,
  all: readonly string[],
): readonly string[] | null {
  const before = trial.cameras ?? all;
  const cameras = all.filter((one) => (one === id ? ticked : before.includes(one)));
  return cameras.length === all.length ? null : cameras;
}

/** A rule, or none, with what it decided of the last requests. */
export interface Decided {
  readonly rule: TriedRule | null;
  readonly results: readonly Tried["results"][number][];
}

/** Results by the rule that decided, in the order rules are read; those of no rule last. */
export function byRule({ rules, results }: Tried): readonly Decided[] {
  return [...rules, null].map((rule) => ({
    rule,
    results: results.filter((result) => result.rule_id === (rule?.rule_id ?? null)),
  }));
}
