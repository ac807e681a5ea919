/** What recorders saw, in groups that a timeline has room for. Times in milliseconds. */

import type { Detection } from "./answers";
import { clamp, type Choice, type Limits } from "./picker";
import type { Span } from "./wire";

const SECOND = 1000;
const TOGETHER = 30 * SECOND; // apart at most, where there is room for all
const ROOM = 5 * SECOND; // before and after what was seen

/** What was seen in a row: each word of the recorder, and how often. */
export interface Sight extends Span {
  readonly labels: readonly (readonly [label: string, times: number])[];
}

function joined(seen: readonly Detection[], apart: number): Detection[][] {
  const groups: Detection[][] = [];
  let end = -Infinity;
  for (const one of seen) {
    const last = groups.at(-1);
    if (last && one.start - end <= apart) last.push(one);
    else groups.push([one]);
    end = Math.max(end, one.end);
  }
  return groups;
}

function sightOf(group: readonly Detection[]): Sight {
  const labels = new Map<string, number>();
  for (const { label } of group) labels.set(label, (labels.get(label) ?? 0) + 1);
  return {
    start: Math.min(...group.map(({ start }) => start)),
    end: Math.max(...group.map(({ end }) => end)),
    labels: [...labels],
  };
}

/** What lies within a window, in time's order, in `most` groups at most. */
export function sightsOf(
  detections: readonly Detection[],
  window: Span,
  most: number,
): readonly Sight[] {
  const seen = detections
    .filter(({ start, end }) => end >= window.start && start < window.end)
    .map((one) => ({
      label: one.label,
      start: Math.max(one.start, window.start),
      end: Math.min(Math.max(one.start, one.end), window.end),
    }))
    .sort((one, other) => one.start - other.start);
  let apart = TOGETHER;
  let groups = joined(seen, apart);
  while (groups.length > most) groups = joined(seen, (apart *= 2));
  return groups.map(sightOf);
}

/** The clip that shows what was seen: whole seconds, with a little before and after it. */
export function around(choice: Choice, camera: string, sight: Span, limits: Limits): Choice {
  const first = Math.floor(sight.start / SECOND) * SECOND - ROOM;
  const last = Math.ceil(sight.end / SECOND) * SECOND + ROOM;
  const start = clamp(first, limits.start, limits.end - SECOND);
  const end = Math.min(last, limits.end, start + limits.maxSeconds * SECOND);
  return { ...choice, camera, start, end };
}
