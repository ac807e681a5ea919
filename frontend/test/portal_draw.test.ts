import { describe, expect, it } from "vitest";

import { distance } from "../src/model/map";
import {
  areaOf,
  cornersText,
  edgeOf,
  EMPTY,
  faultOf,
  handlesOf,
  moved,
  nudged,
  placeAt,
  RADIUS,
  readCorners,
  stepOf,
  tapped,
  turned,
  without,
  type Draft,
} from "../src/model/portal_draw";
import type { Limits } from "../src/model/portal_wire";

const at = (latitude: number, longitude: number) => ({ latitude, longitude });
const MIDDLE = at(52.52, 13.4);
const LIMITS = { area_min_km2: 0.065, area_max_km2: 1.295, vertices_max: 64 } as Limits;
const polygon: Draft = { ...EMPTY, kind: "polygon" };
const square = [at(52, 13), at(52, 13.01), at(52.01, 13.01), at(52.01, 13)].reduce(tapped, polygon);

describe("a circle", () => {
  const circle = tapped(EMPTY, MIDDLE);

  it("is there with one tap, and goes where the next one is", () => {
    expect(areaOf(EMPTY)).toBeNull();
    expect(areaOf(circle)).toEqual({ kind: "circle", ...MIDDLE, radius: RADIUS });
    expect(areaOf(tapped(circle, at(52.53, 13.41)))).toMatchObject(at(52.53, 13.41));
    expect([handlesOf(EMPTY), handlesOf(circle)]).toEqual([[], ["center", "edge"]]);
  });

  it("grows by its edge", () => {
    const edge = edgeOf(circle);
    expect(edge && distance(MIDDLE, edge)).toBeCloseTo(RADIUS, 0);
    expect(placeAt(circle, "edge")).toEqual(edge);
    expect(moved(circle, "edge", at(52.523, 13.4)).radius).toBe(334);
    expect(nudged(circle, "edge", { x: 10, y: 0 }).radius).toBe(260);
    expect(nudged(circle, "edge", { x: 0, y: -10 }).radius).toBe(260);
    expect(nudged(circle, "edge", { x: -900, y: 0 }).radius).toBe(1);
    expect(nudged(circle, "edge", { x: 9000, y: 0 }).radius).toBe(5000);
    expect(moved(EMPTY, "edge", MIDDLE)).toEqual(EMPTY);
    expect(edgeOf(EMPTY)).toBeNull();
  });

  it("is moved by its middle, and taken away", () => {
    expect(nudged(circle, "center", { x: 0, y: -1112 }).center?.latitude).toBeCloseTo(52.53, 4);
    expect(nudged(EMPTY, "center", { x: 1, y: 1 })).toEqual(EMPTY);
    expect(without(circle, "center")).toEqual(EMPTY);
  });

  it("becomes a square to begin with", () => {
    expect(turned(circle, "polygon").corners).toHaveLength(4);
    expect(turned(EMPTY, "polygon").corners).toEqual([]);
    expect(turned(square, "circle")).toEqual({ ...square, kind: "circle" });
    expect(turned({ ...square, kind: "circle", center: MIDDLE }, "polygon").corners).toBe(square.corners);
  });
});

describe("a polygon", () => {
  it("is there with three corners", () => {
    const two = [at(52, 13), at(52, 13.01)].reduce(tapped, polygon);
    expect(areaOf(two)).toBeNull();
    expect([faultOf(polygon, LIMITS, []), faultOf(two, LIMITS, [])]).toEqual(["none", "few"]);
    expect(areaOf(square)).toMatchObject({ kind: "polygon", points: square.corners });
    expect(faultOf(square, LIMITS, ["u33d8"])).toBe("outside");
    expect(handlesOf(square)).toEqual([0, 1, 2, 3]);
  });

  it("takes a further corner where it is nearest", () => {
    const more = tapped(square, at(52.005, 13.011));
    expect(more.corners.findIndex(({ longitude }) => longitude === 13.011)).toBe(2);
    expect(tapped(square, at(52.005, 12.999)).corners.at(-1)?.longitude).toBe(12.999);
  });

  it("is changed corner by corner", () => {
    expect(moved(square, 1, MIDDLE).corners[1]).toEqual(MIDDLE);
    expect(nudged(square, 0, { x: 0, y: 0 }).corners[0]).toEqual(at(52, 13));
    expect(nudged(square, 9, { x: 0, y: 0 })).toEqual(square);
    expect(without(square, 1).corners).toHaveLength(3);
  });

  it("can be typed", () => {
    expect(readCorners(cornersText(square.corners))).toEqual(square.corners);
    expect(readCorners("52, 13\n\n here")).toBeNull();
    expect(readCorners("")).toEqual([]);
  });
});

it("arrow keys make steps, others none", () => {
  expect(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map((key) => stepOf(key, false))).toEqual([
    { x: -8, y: 0 },
    { x: 8, y: 0 },
    { x: 0, y: -8 },
    { x: 0, y: 8 },
  ]);
  expect(stepOf("ArrowUp", true)).toEqual({ x: 0, y: -40 });
  expect(stepOf("a", false)).toBeNull();
});
