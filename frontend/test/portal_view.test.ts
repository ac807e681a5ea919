import { expect, it } from "vitest";

import { fitted, pixelOf, placeOf, pushed, rounded, shifted, zoomed } from "../src/model/portal_view";

const BOX = { width: 400, height: 300 };
const view = { middle: { latitude: 52.52, longitude: 13.4 }, scale: 10 };
const corner = { x: 40, y: 60 };

it("a pixel and its place are the same, both ways", () => {
  const { x, y } = pixelOf(view, placeOf(view, corner, BOX), BOX);
  expect(x).toBeCloseTo(40, 1);
  expect(y).toBeCloseTo(60, 1);
});

it("what is under the hand stays there when it comes nearer", () => {
  const nearer = zoomed(view, 4, corner, BOX);
  expect(nearer.scale).toBe(2.5);
  const { x, y } = pixelOf(nearer, placeOf(view, corner, BOX), BOX);
  expect(x).toBeCloseTo(40, 0);
  expect(y).toBeCloseTo(60, 0);
  expect([zoomed(view, 1e9, corner, BOX).scale, zoomed(view, 1e-9, corner, BOX).scale]).toEqual([0.1, 500]);
});

it("what is pushed to the right goes there", () => {
  const { x, y } = pixelOf(pushed(view, { x: 30, y: -20 }), view.middle, BOX);
  expect(x).toBeCloseTo(230, 1);
  expect(y).toBeCloseTo(130, 1);
});

it("all of a box is in view", () => {
  const bounds = { south: 52, north: 52.1, west: 13, east: 13.1 };
  const all = fitted(bounds, BOX);
  const north = pixelOf(all, { latitude: 52.1, longitude: 13 }, BOX);
  const south = pixelOf(all, { latitude: 52, longitude: 13.1 }, BOX);
  expect(Math.min(north.x, north.y)).toBeGreaterThan(10);
  expect(south.x).toBeLessThan(390);
  expect(south.y).toBeLessThan(290);
  expect(fitted({ south: 52, north: 52, west: 13, east: 13 }, BOX).scale).toBe(0.1);
});

it("the globe has two ends and a seam", () => {
  expect(shifted({ latitude: 89.999, longitude: 0 }, { x: 0, y: -1e6 }).latitude).toBe(90);
  expect(shifted({ latitude: 0, longitude: 179.999 }, { x: 1112, y: 0 }).longitude).toBeCloseTo(-179.991, 3);
});

it("places are as fine as the hub keeps them", () => {
  expect(rounded({ latitude: 52.123456789, longitude: -13.00000004 })).toEqual({ latitude: 52.1234568, longitude: -13 });
});
