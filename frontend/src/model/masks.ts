/** Regions of a picture that are filled: how they are drawn, moved and sized. */

import { clamp } from "./picker";
import type { Case, Region, Snapshot } from "./wire";

export const SCALE = 10_000; // of each side: a region's numbers are whole
export const MOST = 16; // regions of one picture
const LEAST = 200; // of each side: what is thinner cannot be taken hold of
const NEAR = 150; // fingers seldom reach an edge: this near it is meant
const STEP = 100;

/** A place in the picture, in ten-thousandths of its sides. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

export type Side = "left" | "top" | "width" | "height";
export const SIDES: readonly Side[] = ["left", "top", "width", "height"];
/** The corner at the upper left, or the one across. */
export type Corner = "first" | "last";
export const CORNERS: readonly Corner[] = ["first", "last"];

export function covers(one: Region, other: Region): boolean {
  return (
    one.left <= other.left &&
    one.top <= other.top &&
    one.right >= other.right &&
    one.bottom >= other.bottom
  );
}

/** What is filled beside what is always. */
export function beside(masks: readonly Region[], always: readonly Region[]): readonly Region[] {
  return masks.filter((mask) => !always.some((one) => covers(one, mask)));
}

/** What a camera always hides. */
export function alwaysOn(cameras: Snapshot["cameras"], camera: string): readonly Region[] {
  return cameras.find((one) => one.camera_id === camera)?.masks ?? [];
}

/** Whether the rules want something hidden, and nothing is. */
export function needed(
  { screening }: Case,
  masks: readonly Region[],
  always: readonly Region[],
): boolean {
  return screening?.masked === true && masks.length + always.length === 0;
}

/** As the home takes them. */
export function cornersOf(masks: readonly Region[]): [number, number, number, number][] {
  return masks.map(({ left, top, right, bottom }) => [left, top, right, bottom]);
}

/** Whole, within the picture, and at its edge where that is meant. */
function caught(value: number): number {
  if (value < NEAR) return 0;
  return value > SCALE - NEAR ? SCALE : Math.round(value);
}

/** The region between two places; null if it is too small to be meant. */
export function drawn(from: Spot, to: Spot): Region | null {
  const region = {
    left: caught(Math.min(from.x, to.x)),
    top: caught(Math.min(from.y, to.y)),
    right: caught(Math.max(from.x, to.x)),
    bottom: caught(Math.max(from.y, to.y)),
  };
  const { left, top, right, bottom } = region;
  return right - left < LEAST || bottom - top < LEAST ? null : region;
}

/** A new region, a little further on for each that there is: none hides another. */
export function another(count: number): Region {
  const at = 3_000 + 500 * (count % 8);
  return { left: at, top: at - 500, right: at + 2_500, bottom: at + 2_000 };
}

/** Moved as it is, as far as the picture goes. */
export function movedTo({ left, top, right, bottom }: Region, to: Spot): Region {
  const width = right - left;
  const height = bottom - top;
  const x = clamp(Math.round(to.x), 0, SCALE - width);
  const y = clamp(Math.round(to.y), 0, SCALE - height);
  return { left: x, top: y, right: x + width, bottom: y + height };
}

/** Moved by hand: near an edge of the picture, to it. */
export function dragged(region: Region, to: Spot): Region {
  const end = { x: region.right - region.left, y: region.bottom - region.top };
  const x = caught(to.x + end.x) === SCALE ? SCALE - end.x : caught(to.x);
  const y = caught(to.y + end.y) === SCALE ? SCALE - end.y : caught(to.y);
  return movedTo(region, { x, y });
}

/** With one corner at another place; it stays a region. */
export function cornerTo(region: Region, corner: Corner, to: Spot): Region {
  const { left, top, right, bottom } = region;
  return corner === "first"
    ? {
        ...region,
        left: clamp(caught(to.x), 0, Math.max(0, right - LEAST)),
        top: clamp(caught(to.y), 0, Math.max(0, bottom - LEAST)),
      }
    : {
        ...region,
        right: clamp(caught(to.x), left + LEAST, SCALE),
        bottom: clamp(caught(to.y), top + LEAST, SCALE),
      };
}

export function cornerOf({ left, top, right, bottom }: Region, corner: Corner): Spot {
  return corner === "first" ? { x: left, y: top } : { x: right, y: bottom };
}

const ARROWS: ReadonlyMap<string, Spot> = new Map([
  ["ArrowLeft", { x: -STEP, y: 0 }],
  ["ArrowRight", { x: STEP, y: 0 }],
  ["ArrowUp", { x: 0, y: -STEP }],
  ["ArrowDown", { x: 0, y: STEP }],
]);

/** What an arrow key makes of a region; null for other keys. With `sizing`, its far corner. */
export function pressed(region: Region, key: string, sizing: boolean): Region | null {
  const by = ARROWS.get(key);
  if (!by) return null;
  const { left, top, right, bottom } = region;
  if (!sizing) return movedTo(region, { x: left + by.x, y: top + by.y });
  return {
    ...region,
    right: clamp(right + by.x, left + LEAST, SCALE),
    bottom: clamp(bottom + by.y, top + LEAST, SCALE),
  };
}

/** One of its four numbers, in per cent of the picture's side. */
export function percentOf({ left, top, right, bottom }: Region, side: Side): number {
  const all = { left, top, width: right - left, height: bottom - top };
  return Math.round(all[side] / 10) / 10;
}

/** With another number, in per cent; what is no number changes nothing. */
export function withPercent(region: Region, side: Side, percent: number): Region {
  if (!Number.isFinite(percent)) return region;
  const value = Math.round(percent * 100);
  const { left, top } = region;
  switch (side) {
    case "left":
      return movedTo(region, { x: value, y: top });
    case "top":
      return movedTo(region, { x: left, y: value });
    case "width":
      return { ...region, right: clamp(left + value, left + LEAST, SCALE) };
    case "height":
      return { ...region, bottom: clamp(top + value, top + LEAST, SCALE) };
  }
}
