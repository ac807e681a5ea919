/** A requester's form: what was typed and drawn, what is wrong with it, what is sent. */

import type { Area } from "./area";
import {
  characters,
  clean,
  cleanLine,
  isWindow,
  readWindow,
  type AskedWindow,
  type Faults as TimeFaults,
} from "./ask_form";
import { wireTime } from "./format";
import type { AreaFault } from "./portal_area";
import { areaOf, faultOf, type Draft } from "./portal_draw";
import type { Info, PublicRequest } from "./portal_wire";
import { wallDate, wallOf } from "./zone";

export interface Typed {
  readonly date: string;
  readonly from: string;
  readonly to: string;
  readonly title: string;
  readonly text: string;
  readonly contact: string;
  readonly caseNumber: string;
}

export type Field = keyof Typed | "area";

export type Fault =
  | "required"
  | "too_long"
  | "skipped_hour"
  | "window_short"
  | "window_long"
  | "end_before_start"
  | "future"
  | "too_old"
  | AreaFault;
export type Faults = Partial<Record<Field, Fault>>;

export interface Body {
  readonly version: 1;
  readonly title: string;
  readonly text: string;
  readonly start: string;
  readonly end: string;
  readonly area: object;
  readonly contact: string;
  readonly case_number: string;
}

/** What a request is held to: the hub's own, and what the requester is. */
export interface Bench {
  readonly info: Pick<Info, "limits" | "cells">;
  readonly kind: PublicRequest["kind"];
  readonly zone: string;
  readonly now: number;
}

/** An area as the wire has it. */
export function wireArea(area: Area): object {
  if (area.kind === "circle") return area;
  return { kind: area.kind, points: area.points.map(({ latitude, longitude }) => [latitude, longitude]) };
}

function windowFaults(window: AskedWindow, date: string, { info, zone, now }: Bench): Faults {
  const { limits } = info;
  const seconds = (window.end - window.start) / 1000;
  if (window.start < now - limits.window_age_max_seconds * 1000) return { date: "too_old" };
  if (window.start > now) return date > wallDate(wallOf(zone, now)) ? { date: "future" } : { from: "future" };
  if (window.end > now) return { to: "future" };
  if (seconds < limits.window_min_seconds) return { to: "window_short" };
  return seconds > limits.window_max_seconds ? { to: "window_long" } : {};
}

/** The faults of the typed times: they are told while somebody types, once all are there. */
export function timeFaults(typed: Typed, bench: Bench): Faults {
  const window = readWindow(typed, bench.zone);
  if (isWindow(window)) return windowFaults(window, typed.date, bench);
  const { date, from, to }: TimeFaults = window;
  return { ...(date && { date }), ...(from && { from }), ...(to && { to }) };
}

function textFault(value: string, most: number, required: boolean): Fault | undefined {
  if (required && value === "") return "required";
  return characters(value) > most ? "too_long" : undefined;
}

/** Check everything: what to send, but for the key; or what is wrong at which field. */
export function checkRequest(
  typed: Typed,
  draft: Draft,
  bench: Bench,
): { readonly body: Body } | { readonly faults: Faults } {
  const { limits, cells } = bench.info;
  const area = areaOf(draft);
  const police = bench.kind === "police";
  const sent = {
    title: cleanLine(typed.title),
    text: clean(typed.text),
    contact: cleanLine(typed.contact),
    case_number: police ? cleanLine(typed.caseNumber) : "",
  };
  const found: Partial<Record<Field, Fault | undefined | null>> = {
    ...timeFaults(typed, bench),
    area: faultOf(draft, limits, cells),
    title: textFault(sent.title, limits.title_max, true),
    text: textFault(sent.text, limits.text_max, true),
    contact: textFault(sent.contact, limits.contact_max, true),
    caseNumber: textFault(sent.case_number, limits.case_number_max, police),
  };
  const faults = Object.fromEntries(Object.entries(found).filter(([, fault]) => fault)) as Faults;
  const window = readWindow(typed, bench.zone);
  if (!isWindow(window) || !area || Object.keys(faults).length > 0) return { faults };
  return {
    body: {
      version: 1,
      ...sent,
      start: wireTime(window.start),
      end: wireTime(window.end),
      area: wireArea(area),
    },
  };
}
