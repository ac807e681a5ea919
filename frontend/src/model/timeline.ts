/** The arithmetic of the timeline: what it shows, what a drag means. Times in milliseconds. */

import { clamp, type Choice, type Limits } from "./picker";
import type { Span } from "./wire";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const ROOM = 3; // how many clips as long as the chosen one the fine timeline has room for
const LEAST = 2 * MINUTE;
const STEPS = [
  ...[1, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3].map((count) => count * HOUR),
];

/** A part of a window that a camera has whole, or lacks whole. */
export interface Stretch extends Span {
  readonly there: boolean;
}

/**
 * What the fine timeline shows: the whole window, or so much of it around the chosen clip
 * that a finger can set its ends.
 */
export function viewOf(choice: Span, limits: Limits): Span {
  const width = Math.max(LEAST, ROOM * (choice.end - choice.start));
  if (limits.end - limits.start <= width) return { start: limits.start, end: limits.end };
  const around = (choice.start + choice.end - width) / 2;
  const start = clamp(Math.round(around / SECOND) * SECOND, limits.start, limits.end - width);
  return { start, end: start + width };
}

/** The whole second at a part of the view's width: 0 is its start, 1 its end. */
export function momentAt(part: number, view: Span): number {
  const moment = view.start + part * (view.end - view.start);
  return clamp(Math.round(moment / SECOND) * SECOND, view.start, view.end);
}

/** The clip moved as it is, as near to `start` as the window lets it. */
export function shifted(choice: Choice, start: number, limits: Limits): Choice {
  const length = choice.end - choice.start;
  const first = clamp(start, limits.start, limits.end - length);
  return { ...choice, start: first, end: first + length };
}

/** What a camera has of a window and what it lacks, in turn, from the window's start to its end. */
export function stretchesOf(runs: readonly Span[], window: Span): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let at = window.start;
  for (const run of runs) {
    const start = clamp(run.start, at, window.end);
    const end = clamp(run.end, at, window.end);
    if (end === start) continue;
    if (start > at) stretches.push({ start: at, end: start, there: false });
    stretches.push({ start, end, there: true });
    at = end;
  }
  if (at < window.end) stretches.push({ start: at, end: window.end, there: false });
  return stretches;
}

/** Round times within the view, `most` at most; `ahead` is the zone's offset from UTC. */
export function ticksOf(view: Span, most: number, ahead: number): number[] {
  const length = view.end - view.start;
  const step = STEPS.find((one) => length / one <= most) ?? 6 * HOUR;
  const first = Math.ceil((view.start + ahead) / step) * step - ahead;
  const count = Math.max(0, Math.floor((view.end - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => first + index * step);
}
