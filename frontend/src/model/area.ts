/** Areas as they come over a wire: a circle, or a polygon of at least three corners. */

import { list, number, object, oneOf, record, ShapeError, type Check, type Checked } from "./shape";

/** Degrees of WGS 84. */
export const spot = object({ latitude: number, longitude: number });
const corner: Check<Checked<typeof spot>> = (value, at) => {
  const [latitude, longitude] = list(number)(value, at);
  return spot({ latitude, longitude }, at);
};
type Corners = [Checked<typeof spot>, ...Checked<typeof spot>[]];
const corners: Check<Corners> = (value, at = "points") => {
  const [first, ...more] = list(corner)(value, at);
  if (first === undefined || more.length < 2) throw new ShapeError(at, "three points");
  return [first, ...more];
};
/** The radius is in metres. */
const circle = object({
  kind: oneOf(["circle"]),
  latitude: number,
  longitude: number,
  radius: number,
});
const polygon = object({ kind: oneOf(["polygon"]), points: corners });
export type Area = Checked<typeof circle> | Checked<typeof polygon>;
export const area: Check<Area> = (value, at) =>
  record(value, at)["kind"] === "polygon" ? polygon(value, at) : circle(value, at);
