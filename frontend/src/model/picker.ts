/** The arithmetic of choosing a clip: one camera, a start, an end. Times in milliseconds. */

import type { Case, Finding, Region, Span } from "./wire";

export interface Choice {
  readonly camera: string;
  readonly start: number;
  readonly end: number;
  readonly audio: boolean;
  /** Whether it begins where it was asked to, though a copy cannot. */
  readonly exact: boolean;
  /** What is filled. */
  readonly masks: readonly Region[];
}

export interface Limits {
  readonly start: number;
  readonly end: number;
  readonly maxSeconds: number;
}

const SECOND = 1000;

export function limitsOf(one: Case): Limits {
  const { start, end } = one.request;
  return { start, end, maxSeconds: one.screening?.max_seconds ?? 600 };
}

export function withFootage(one: Case): Finding[] {
  return (one.findings ?? []).filter((finding) => finding.runs.length > 0);
}

/** What to begin with: what was chosen for the draft, else the first that a camera has. */
export function firstChoice(one: Case): Choice | null {
  const { draft } = one;
  const before = withFootage(one).find((finding) => finding.camera_id === draft?.camera_id);
  if (draft?.chosen && before) {
    const { audio, exact, masks } = draft;
    const choice = { camera: before.camera_id, ...draft.chosen, audio, exact, masks };
    return within(choice, limitsOf(one));
  }
  const first = withFootage(one)[0];
  return first ? forCamera(one, first.camera_id, false) : null;
}

/** The first run of a camera, as much of it as may be shared; nothing is hidden yet. */
export function forCamera(one: Case, camera: string, audio: boolean): Choice | null {
  const run = runsOf(one, camera)[0];
  const plain = { audio, exact: false, masks: [] };
  return run ? within({ camera, ...run, ...plain }, limitsOf(one)) : null;
}

export function runsOf(one: Case, camera: string): Span[] {
  return (one.findings ?? []).find((finding) => finding.camera_id === camera)?.runs ?? [];
}

function within(choice: Choice, limits: Limits): Choice {
  const start = Math.max(choice.start, limits.start);
  const end = Math.min(choice.end, limits.end, start + limits.maxSeconds * SECOND);
  return { ...choice, start, end };
}

export type End = "start" | "end";
export const ENDS: readonly End[] = ["start", "end"];

/** Move one end; it stays in the window, and the other end makes room. */
export function moved(choice: Choice, which: End, to: number, limits: Limits): Choice {
  const most = limits.maxSeconds * SECOND;
  if (which === "start") {
    const start = clamp(to, limits.start, limits.end - SECOND);
    return { ...choice, start, end: clamp(choice.end, start + SECOND, Math.min(limits.end, start + most)) };
  }
  const end = clamp(to, limits.start + SECOND, limits.end);
  return { ...choice, end, start: clamp(choice.start, Math.max(limits.start, end - most), end - SECOND) };
}

/** What else happened when an end was set: it, or the other one, is not where it should be. */
export interface Correction {
  readonly which: End;
  readonly why: "window" | "length" | "order";
}

/** Compare what was wanted with what became of it. */
export function corrections(
  before: Choice,
  which: End,
  wanted: number,
  after: Choice,
  limits: Limits,
): readonly Correction[] {
  const found: Correction[] = [];
  if (after[which] !== wanted) found.push({ which, why: "window" });
  const other = which === "start" ? "end" : "start";
  if (after[other] !== before[other]) {
    const length = which === "start" ? before.end - after.start : after.end - before.start;
    found.push({ which: other, why: length > limits.maxSeconds * SECOND ? "length" : "order" });
  }
  return found;
}

/**
 * A moment moved by seconds, to a whole one. Recordings end between seconds, so what was not
 * moved may lie there: it is shown as the second that it lies in, and counted from there.
 */
export function stepped(moment: number, seconds: number): number {
  return seconds === 0 ? moment : (Math.floor(moment / SECOND) + seconds) * SECOND;
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** How many seconds of the choice the camera has. */
export function covered(choice: Span, runs: readonly Span[]): number {
  const total = runs.reduce(
    (sum, run) => sum + Math.max(0, Math.min(run.end, choice.end) - Math.max(run.start, choice.start)),
    0,
  );
  return total / SECOND;
}

/** What a camera has of the choice, part by part: one clip can be made of one of them. */
export function partsOf(choice: Choice, runs: readonly Span[]): readonly Choice[] {
  return runs
    .map(({ start, end }) => ({
      ...choice,
      start: Math.max(start, choice.start),
      end: Math.min(end, choice.end),
    }))
    .filter(({ start, end }) => end > start);
}

/** Times of `count` pictures, spread evenly over what the camera has of the window. */
export function pictureTimes(runs: readonly Span[], limits: Limits, count: number): number[] {
  const parts = runs
    .map((run) => ({ start: Math.max(run.start, limits.start), end: Math.min(run.end, limits.end) }))
    .filter((run) => run.end > run.start);
  const total = parts.reduce((sum, run) => sum + run.end - run.start, 0);
  const wanted = Math.min(count, Math.floor(total / SECOND));
  return Array.from({ length: wanted }, (_, index) => at(parts, (total * (index + 0.5)) / wanted));
}

/** The moment `offset` milliseconds into the parts, on a whole second. */
function at(parts: readonly Span[], offset: number): number {
  let left = offset;
  for (const part of parts) {
    const length = part.end - part.start;
    if (left < length) return Math.max(part.start, Math.floor((part.start + left) / SECOND) * SECOND);
    left -= length;
  }
  /* v8 ignore next */
  throw new RangeError("offset lies behind the last part");
}

/** Where a span lies in what is shown, in thousandths of its width. */
export function place(span: Span, limits: Span): { readonly x: number; readonly width: number } {
  const scale = 1000 / (limits.end - limits.start);
  const start = clamp(span.start, limits.start, limits.end);
  const end = clamp(span.end, limits.start, limits.end);
  return { x: (start - limits.start) * scale, width: (end - start) * scale };
}
