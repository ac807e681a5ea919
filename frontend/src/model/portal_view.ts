/** A map that can be moved: which place is at which pixel, and back. */

import { flat, type Box, type Place, type Point } from "./map";
import type { Bounds } from "./portal_area";

const EARTH = 6_371_008.8; // metres, as in `map`
const NEAREST = 0.1; // metres to the pixel
const FARTHEST = 500;

/** What is in the middle, and how many metres a pixel is. */
export interface View {
  readonly middle: Place;
  readonly scale: number;
}

export function pixelOf(view: View, place: Place, box: Box): Point {
  const { x, y } = flat(view.middle, place);
  return { x: box.width / 2 + x / view.scale, y: box.height / 2 + y / view.scale };
}

/** The place so many metres east and south of another. */
export function shifted({ latitude, longitude }: Place, { x, y }: Point): Place {
  const degree = (EARTH * Math.PI) / 180; // metres
  const north = latitude - y / degree;
  const east = longitude + x / (degree * Math.cos((latitude * Math.PI) / 180));
  return { latitude: Math.max(-90, Math.min(90, north)), longitude: ((((east + 180) % 360) + 360) % 360) - 180 };
}

export function placeOf(view: View, { x, y }: Point, box: Box): Place {
  return shifted(view.middle, { x: (x - box.width / 2) * view.scale, y: (y - box.height / 2) * view.scale });
}

/** Nearer for a factor above 1; the place under that pixel stays there. */
export function zoomed(view: View, factor: number, at: Point, box: Box): View {
  const scale = Math.max(NEAREST, Math.min(FARTHEST, view.scale / factor));
  const held = placeOf(view, at, box);
  const back = { x: (box.width / 2 - at.x) * scale, y: (box.height / 2 - at.y) * scale };
  return { middle: shifted(held, back), scale };
}

/** The map pushed by so many pixels to the right and down. */
export function pushed(view: View, { x, y }: Point): View {
  return { ...view, middle: shifted(view.middle, { x: -x * view.scale, y: -y * view.scale }) };
}

/** All of it in view, with some air around it. */
export function fitted({ south, north, west, east }: Bounds, box: Box): View {
  const middle = { latitude: (south + north) / 2, longitude: (west + east) / 2 };
  const corner = flat(middle, { latitude: south, longitude: east });
  const scale = 1.15 * Math.max((2 * corner.x) / box.width, (2 * corner.y) / box.height);
  return { middle, scale: Math.max(NEAREST, Math.min(FARTHEST, scale)) };
}

/** Places rounded to a ten-millionth of a degree, as the hub keeps them. */
export function rounded({ latitude, longitude }: Place): Place {
  const to = (degrees: number): number => Math.round(degrees * 1e7) / 1e7;
  return { latitude: to(latitude), longitude: to(longitude) };
}
