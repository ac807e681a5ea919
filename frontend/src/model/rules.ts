/** What the sharing rules would say: of the last requests, and of one that is made up. */

import { KINDS, type Kind } from "./ask_form";
import { wireTime } from "./format";
import type { Tried, TriedRule } from "./wire";
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
}

export interface MadeUp {
  readonly trust: Trust;
  readonly kind: Kind;
  readonly case_number: string;
  readonly text: string;
  readonly start: string;
  readonly end: string;
}

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
  };
}

/** Read the form; the name of what is wrong with it if it cannot be asked. */
export function madeUp(trial: Trial, zone: string): MadeUp | "time" | "order" {
  const [start, end] = [momentOf(trial.start, zone), momentOf(trial.end, zone)];
  if (start === null || end === null) return "time";
  if (end <= start) return "order";
  return {
    trust: TRUSTS.find((known) => known === trial.trust) ?? "unverified",
    kind: KINDS.find((known) => known === trial.kind) ?? "other",
    case_number: trial.caseNumber.trim(),
    text: trial.text,
    start: wireTime(start),
    end: wireTime(end),
  };
}

function momentOf(local: string, zone: string): number | null {
  const [date = "", clock = ""] = local.split("T");
  const wall = parseWall(date, clock);
  return wall === null ? null : (momentsOf(zone, wall)[0] ?? null);
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
