/** What is being drawn on the map: a circle, or a polygon's corners, and how hands change it. */

import type { Area } from "./area";
import { distance, type Place, type Point } from "./map";
import { areaFault, placeText, readPlace, type AreaFault } from "./portal_area";
import { rounded, shifted } from "./portal_view";
import type { Limits } from "./portal_wire";

export const RADIUS = 250; // metres, before anybody chose: 0.2 square kilometres
const RADIUS_MIN = 1; // metres
const RADIUS_MAX = 5000;

export interface Draft {
  readonly kind: "circle" | "polygon";
  readonly center: Place | null;
  /** In metres. */
  readonly radius: number;
  readonly corners: readonly Place[];
}

/** What can be taken hold of. */
export type Handle = "center" | "edge" | number;

export const EMPTY: Draft = { kind: "circle", center: null, radius: RADIUS, corners: [] };

/** The area, or null while there is none. */
export function areaOf({ kind, center, radius, corners }: Draft): Area | null {
  if (kind === "circle") return center && { kind, ...center, radius };
  const [first, ...more] = corners;
  return first && more.length >= 2 ? { kind, points: [first, ...more] } : null;
}

/** Why a hub with these limits, which covers these cells, would not take it; or null. */
export function faultOf(draft: Draft, limits: Limits, cells: readonly string[]): AreaFault | null {
  const area = areaOf(draft);
  if (area) return areaFault(area, limits, cells);
  return draft.kind === "polygon" && draft.corners.length > 0 ? "few" : "none";
}

export function edgeOf({ center, radius }: Draft): Place | null {
  return center && shifted(center, { x: radius, y: 0 });
}

export function placeAt(draft: Draft, handle: Handle): Place | null {
  if (handle === "center") return draft.center;
  return handle === "edge" ? edgeOf(draft) : (draft.corners[handle] ?? null);
}

export function handlesOf({ kind, center, corners }: Draft): Handle[] {
  if (kind === "polygon") return corners.map((_, index) => index);
  return center ? ["center", "edge"] : [];
}

const withRadius = (draft: Draft, radius: number): Draft => ({
  ...draft,
  radius: Math.min(RADIUS_MAX, Math.max(RADIUS_MIN, Math.round(radius))),
});

/** Take a handle to a place. */
export function moved(draft: Draft, handle: Handle, to: Place): Draft {
  const place = rounded(to);
  if (handle === "center") return { ...draft, center: place };
  if (handle === "edge") return draft.center ? withRadius(draft, distance(draft.center, place)) : draft;
  return { ...draft, corners: draft.corners.map((one, index) => (index === handle ? place : one)) };
}

/** Push a handle by so many metres; the edge of a circle goes in and out. */
export function nudged(draft: Draft, handle: Handle, by: Point): Draft {
  if (handle === "edge") return withRadius(draft, draft.radius + by.x - by.y);
  const place = placeAt(draft, handle);
  return place ? moved(draft, handle, shifted(place, by)) : draft;
}

/** A tap on the map: the middle of the circle, or one more corner. */
export function tapped(draft: Draft, to: Place): Draft {
  if (draft.kind === "circle") return moved(draft, "center", to);
  return { ...draft, corners: spliced(draft.corners, rounded(to)) };
}

/** A corner comes where the way around grows least: so nobody has to go round in order. */
function spliced(corners: readonly Place[], place: Place): Place[] {
  if (corners.length < 3) return [...corners, place];
  const detours: number[] = [];
  for (const last of corners.slice(-1)) {
    corners.reduce((before, one) => {
      detours.push(distance(before, place) + distance(place, one) - distance(before, one));
      return one;
    }, last);
  }
  const index = detours.indexOf(Math.min(...detours));
  return corners.toSpliced(index === 0 ? corners.length : index, 0, place);
}

export function without(draft: Draft, handle: Handle): Draft {
  if (typeof handle !== "number") return { ...draft, center: null };
  return { ...draft, corners: draft.corners.toSpliced(handle, 1) };
}

/** A circle to begin the other way with: what is there is not thrown away. */
export function turned(draft: Draft, kind: Draft["kind"]): Draft {
  const { center, radius, corners } = draft;
  if (kind === "circle" || corners.length > 0 || !center) return { ...draft, kind };
  const square = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([x = 0, y = 0]) =>
    rounded(shifted(center, { x: x * radius, y: y * radius })),
  );
  return { ...draft, kind, corners: square };
}

/** The corners as lines of text, and back; null if a line is no place. */
export const cornersText = (corners: readonly Place[]): string => corners.map(placeText).join("\n");

export function readCorners(typed: string): Place[] | null {
  const lines = typed.split("\n").filter((line) => line.trim() !== "");
  const places = lines.map(readPlace);
  return places.every((one) => one !== null) ? places : null;
}

/** The step of a key press in pixels, or null if it moves nothing. */
export function stepOf(key: string, far: boolean): Point | null {
  const by = far ? 40 : 8;
  const steps = new Map<string, Point>([
    ["ArrowLeft", { x: -by, y: 0 }],
    ["ArrowRight", { x: by, y: 0 }],
    ["ArrowUp", { x: 0, y: -by }],
    ["ArrowDown", { x: 0, y: by }],
  ]);
  return steps.get(key) ?? null;
}
