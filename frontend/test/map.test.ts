import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { barOf, distance, draw, flat, middleOf, outside, spansOf, type Place } from "../src/model/map";
import type { Area } from "../src/model/area";

const BOX = { width: 600, height: 280 };
const DEGREE = 111_195; // metres
const home = { latitude: 52, longitude: 5 };

/** A place so many metres from the home. */
function away(east: number, north: number, from: Place = home): Place {
  return {
    latitude: from.latitude + north / DEGREE,
    longitude: from.longitude + east / DEGREE / Math.cos((from.latitude * Math.PI) / 180),
  };
}

const stand = (place: Place, bearing: number | null = null) => ({ ...place, bearing });
const circle = (place: Place, radius: number) => ({ kind: "circle" as const, ...place, radius });

/** A rectangle, its middle so many metres from the home. */
function block(east: number, north: number, width: number, height: number): Area & { kind: "polygon" } {
  const [w, h] = [width / 2, height / 2];
  return {
    kind: "polygon",
    points: [
      away(east - w, north - h),
      away(east + w, north - h),
      away(east + w, north + h),
      away(east - w, north + h),
    ],
  };
}

describe("places", () => {
  it("lie east and south of a middle", () => {
    const { x, y } = flat(home, away(300, -40));
    expect([x, y].map(Math.round)).toEqual([300, 40]);
  });

  it("are near across the antimeridian", () => {
    const [west, east] = [{ latitude: 0, longitude: 179.999 }, { latitude: 0, longitude: -179.999 }];
    expect(flat(west, east).x).toBeCloseTo(222.4, 1);
    expect(flat(east, west).x).toBeCloseTo(-222.4, 1);
    expect(distance(west, east)).toBeCloseTo(222.4, 1);
  });

  it("are never farther apart than half the earth", () => {
    const far = distance({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 180 });
    expect(far / 1000).toBeCloseTo(20_015.1, 1);
  });
});

describe("an area", () => {
  it("has a middle and a size", () => {
    const area = block(500, 0, 400, 200);
    expect(distance(middleOf(area), away(500, 0))).toBeLessThan(1);
    expect(Math.round(spansOf(area).width)).toBe(400);
    expect(Math.round(spansOf(area).height)).toBe(200);
  });

  it("has them across the antimeridian too", () => {
    const corner = (latitude: number, longitude: number) => ({ latitude, longitude });
    const area = {
      kind: "polygon" as const,
      points: [corner(0, 179.999), corner(0, -179.997), corner(0.002, -179.997)] as const,
    };
    const given: Area & { kind: "polygon" } = { ...area, points: [...area.points] };
    expect(middleOf(given).longitude).toBeCloseTo(-179.999, 6);
    expect(Math.round(spansOf(given).width)).toBe(445);
    expect(outside(given, corner(0.0005, -179.998))).toBe(0);
  });

  it("is so far from a place: to its edge, not to its middle", () => {
    const round = circle(away(500, 0), 200);
    expect(outside(round, away(400, 0))).toBe(0);
    expect(Math.round(outside(round, home))).toBe(300);
    const square = block(500, 0, 200, 200);
    expect(outside(square, away(450, 20))).toBe(0);
    expect(Math.round(outside(square, home))).toBe(400);
    expect(Math.round(outside(square, away(500, -130)))).toBe(30);
    expect(Math.round(outside(square, away(370, -140)))).toBe(50); // from a corner
  });

  it("has an inside as its corners say, even where one comes twice", () => {
    const [a, b, c, d] = block(0, 0, 300, 300).points as [Place, Place, Place, Place];
    const notched: Area = { kind: "polygon", points: [a, b, b, c, home, d] };
    expect(outside(notched, away(0, 100))).toBeGreaterThan(60);
    expect(outside(notched, away(0, -100))).toBe(0);
  });
});

interface Known {
  readonly name: string;
  readonly place: [number, number];
  readonly points: [[number, number], ...[number, number][]];
  readonly metres: number;
}

/** The same table that the home's own way is held to. */
const known = JSON.parse(
  readFileSync(new URL("../../tests/core/area_distances.json", import.meta.url), "utf8"),
) as Known[];

it.each(known)("a polygon is as far as the home says: $name", ({ place, points, metres }) => {
  const at = ([latitude, longitude]: [number, number]): Place => ({ latitude, longitude });
  const [first, ...more] = points;
  const area: Area = { kind: "polygon", points: [at(first), ...more.map(at)] };
  expect(Math.abs(outside(area, at(place)) - metres)).toBeLessThan(0.05);
});

it.each([
  [1, 100],
  [0.1, 1000],
  [0.04, 2000],
  [0.6, 100],
  [0.3, 200],
  [2.1, 50],
])("the scale bar is of a round length: %d pixels for a metre", (scale, metres) => {
  expect(barOf(scale)).toEqual({ metres, pixels: metres * scale });
});

describe("the drawing", () => {
  const drawn = (area: Area, at: Place | null, cameras = [stand(away(10, 10), 45)], box = BOX) =>
    draw(area, at, cameras, box);

  it("has north at the top and east at the right, all within its margins", () => {
    const { area, home: at, cameras } = drawn(circle(away(400, 300), 100), home);
    if (!at) throw new Error("no home");
    expect(area.middle.x).toBeGreaterThan(at.x);
    expect(area.middle.y).toBeLessThan(at.y);
    for (const { x, y } of [at, ...cameras, ...cameras.map(({ label }) => label)]) {
      expect(x).toBeGreaterThan(12);
      expect(x).toBeLessThan(BOX.width - 12);
      expect(y).toBeGreaterThan(12);
      expect(y).toBeLessThan(BOX.height - 50);
    }
    expect(area.middle.y - area.radius).toBeCloseTo(40, 0);
    expect(area).toMatchObject({ path: null, tiny: false });
  });

  it("keeps the area's form", () => {
    const { area, bar } = drawn(block(0, 0, 400, 200), null, []);
    const corners = [...(area.path ?? "").matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(corners).toHaveLength(4);
    const [[left = 0, bottom = 0] = [], [right = 0] = [], [, top = 0] = []] = corners;
    expect((right - left) / (bottom - top)).toBeCloseTo(2, 1);
    expect(((right - left) * bar.metres) / bar.pixels).toBeCloseTo(400, -1);
  });

  it("comes no nearer than places are true, and marks an area that is hardly seen", () => {
    const near = drawn(circle(home, 2), home, []);
    expect(near.bar).toEqual({ metres: 20, pixels: (20 * 188) / 60 });
    expect(near.area.tiny).toBe(false);
    expect(drawn(circle(away(9000, 0), 20), home).area.tiny).toBe(true);
    expect(drawn(block(9000, 0, 20, 20), home).area.tiny).toBe(true);
    expect(drawn(circle(home, 250), null, [], { width: 20, height: 20 }).area.radius).toBeGreaterThan(0);
  });

  it("shows what a camera faces", () => {
    const { cameras } = drawn(circle(home, 100), null, [stand(home, 90), stand(away(60, 0))]);
    const [east, blind] = cameras;
    const [, x, y, left, top, right, bottom] =
      /^M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)A46 46 0 0 1 ([\d.]+) ([\d.]+)Z$/.exec(east?.cone ?? "")?.map(Number) ?? [];
    expect(left).toBe(right);
    expect(left).toBeGreaterThan(x ?? Infinity);
    expect(top).toBeLessThan(y ?? 0);
    expect(bottom).toBeGreaterThan(y ?? Infinity);
    expect(blind?.cone).toBeNull();
  });

  it("finds room for every number beside the others and the home", () => {
    const crowd = Array.from({ length: 9 }, (_, n) => stand(away(n, 0), n * 40));
    const { cameras, home: at } = drawn(circle(away(400, 0), 300), home, crowd);
    if (!at) throw new Error("no home");
    const labels = [at, ...cameras.map(({ label }) => label)];
    labels.forEach((one, index) => {
      for (const other of labels.slice(index + 1)) {
        expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(22);
      }
    });
    const [first] = drawn(circle(home, 100), null, [stand(home)]).cameras;
    expect(first?.label).toEqual({ x: first?.x, y: first?.y });
  });

  it("leaves room for the arrow and the scale bar", () => {
    const corners = [stand(away(250, 250), 0), stand(away(-250, -250), 0)];
    const { cameras, north } = drawn(block(0, 0, 500, 500), null, corners, { width: 256, height: 280 });
    for (const { label } of cameras) {
      expect(Math.hypot(label.x - north.x, label.y - north.y)).toBeGreaterThan(22);
      expect(label.y).toBeLessThan(280 - 34 - 11);
    }
  });

  it("puts a number on its camera where there is no room at all", () => {
    const crowd = Array.from({ length: 60 }, () => stand(home));
    const last = drawn(circle(home, 100), home, crowd, { width: 120, height: 120 }).cameras.at(-1);
    expect(last?.label).toEqual({ x: last?.x, y: last?.y });
  });

  it("has a grid as wide as the bar is long, through the middle", () => {
    const { grid, bar, area } = drawn(circle(home, 250), home);
    const columns = [...grid.matchAll(/M([\d.]+) 0V280/g)].map(([, x]) => Number(x));
    expect(columns).toContain(Math.round(area.middle.x * 10) / 10);
    expect((columns[1] ?? 0) - (columns[0] ?? 0)).toBeCloseTo(bar.pixels, 0);
    expect(grid).toMatch(/M0 [\d.]+H600/);
  });
});
