import { describe, expect, it } from "vitest";

import type { Area } from "../src/model/area";
import {
  areaFault,
  boundsOf,
  cellBounds,
  km2,
  km2Text,
  middleOfCells,
  placeText,
  readPlace,
  touched,
} from "../src/model/portal_area";
import type { Limits } from "../src/model/portal_wire";

const LIMITS = { area_min_km2: 0.065, area_max_km2: 1.295, vertices_max: 5 } as Limits;
const circle = (latitude: number, longitude: number, radius: number): Area => ({ kind: "circle", latitude, longitude, radius });
const polygon = (...points: [number, number][]): Area => {
  const [first, ...more] = points.map(([latitude, longitude]) => ({ latitude, longitude }));
  if (!first) throw new Error("no points");
  return { kind: "polygon", points: [first, ...more] };
};
const BLOCK = polygon([52.52, 13.4], [52.525, 13.4], [52.525, 13.41]);
const DATELINE = polygon([-17.8, 179.998], [-17.8, -179.998], [-17.795, -179.998], [-17.795, 179.998]);

/** As core/geo.py and core/geohash.py have them. */
it.each([
  [circle(52.52, 13.4, 200), 0.12566370614359174, ["u33db"], ["u33d"]],
  [BLOCK, 0.18807710439019945, ["u33db", "u33dc"], ["u33d"]],
  [DATELINE, 0.23545244059280285, ["2hb48", "2hb4b", "ruzfx", "ruzfz"], ["2hb4", "ruzf"]],
  [circle(52.5146, 13.4033, 300), 0.2827433388230814, ["u33d8", "u33d9", "u33db", "u33dc"], ["u33d"]],
] as const)("an area is as large, and in the same cells, as for the hub", (area, size, fine, coarse) => {
  expect(km2(area)).toBeCloseTo(size, 9);
  expect(touched(area, 5).sort()).toEqual(fine);
  expect(touched(area, 4).sort()).toEqual(coarse);
});

it("a box at the pole ends there", () => {
  expect(touched(circle(89.99, 0, 2000), 4).every((cell) => cell.length === 4)).toBe(true);
});

describe("what a hub would not take", () => {
  const cells = ["u33db", "u33dc"];
  it.each([
    [circle(52.52, 13.4, 200), null],
    [BLOCK, null],
    [circle(52.52, 13.4, 100), "small"],
    [circle(52.52, 13.4, 700), "large"],
    [circle(52.52, 13.4, 2501), "wide"],
    [circle(85.1, 13.4, 200), "pole"],
    [circle(52.5146, 13.4033, 300), "outside"],
    [polygon([85.1, 13.4], [52.525, 13.4], [52.525, 13.41]), "pole"],
    [polygon([52.52, 13.4], [52.521, 13.4], [52.522, 13.4], [52.523, 13.4], [52.525, 13.4], [52.525, 13.41]), "many"],
    [polygon([52.52, 13.4], [52.525, 13.4], [52.52, 13.4]), "twice"],
    [polygon([52.52, 13.4], [52.525, 13.41], [52.525, 13.4], [52.52, 13.41]), "crosses"],
    [polygon([52.52, 13.4], [52.525, 13.4], [52.523, 13.4]), "crosses"],
    [polygon([52.52, 13.4], [52.525, 13.4], [52.525, 13.41], [52.523, 13.4]), "crosses"],
    [polygon([52.52, 13.4], [52.5201, 13.5], [52.52, 13.41]), "wide"],
  ] as const)("%#: %j", (area, fault) => {
    expect(areaFault(area, LIMITS, cells)).toBe(fault);
  });

  it("is all of it where a hub covers nothing", () => {
    expect(areaFault(BLOCK, LIMITS, [])).toBe("outside");
  });
});

describe("cells", () => {
  it("are where geohash has them", () => {
    const { south, north, west, east } = cellBounds("u33db");
    expect([south, north, west, east].map((one) => one.toFixed(5))).toEqual(["52.51465", "52.55859", "13.35938", "13.40332"]);
    expect(touched(circle((south + north) / 2, (west + east) / 2, 10), 5)).toEqual(["u33db"]);
  });

  it("have a middle, none has none", () => {
    expect(middleOfCells(["u33db", "u33dc"])?.middle.longitude).toBeCloseTo(13.40332, 4);
    expect(middleOfCells([])).toBeNull();
  });

  it("finds the middle of cells on both sides of the date line", () => {
    const sides = touched({ kind: "circle", latitude: -16.8, longitude: 179.999, radius: 500 }, 5);
    expect(sides.length).toBeGreaterThan(1);
    const { middle, bounds } = middleOfCells(sides) ?? { middle: { longitude: 0 }, bounds: { west: 0, east: 0 } };
    expect(Math.abs(middle.longitude)).toBeGreaterThan(179.9);
    expect(bounds.east - bounds.west).toBeLessThan(0.2);
  });
});

it("the box around a circle has room for it", () => {
  const { south, north, west, east } = boundsOf(circle(52, 13, 1000));
  expect((north - south) * 111.195).toBeCloseTo(2, 2);
  expect((east - west) * 111.195 * Math.cos((52 * Math.PI) / 180)).toBeCloseTo(2, 2);
});

describe("a typed place", () => {
  it.each([
    ["52.52, 13.405", { latitude: 52.52, longitude: 13.405 }],
    [" geo:52.52,13.405 ", { latitude: 52.52, longitude: 13.405 }],
    ["52,52 13,405", { latitude: 52.52, longitude: 13.405 }],
    ["52.52° N, 13.405° E", { latitude: 52.52, longitude: 13.405 }],
    ["33.86 S 70.5 W", { latitude: -33.86, longitude: -70.5 }],
    ["−33.86; 151.2", { latitude: -33.86, longitude: 151.2 }],
    ["91, 13", null],
    ["52, 181", null],
    ["Lindenstraße 12", null],
    ["", null],
  ])("%j", (typed, place) => {
    expect(readPlace(typed)).toEqual(place);
  });

  it("is told so that it can be typed again", () => {
    expect(readPlace(placeText({ latitude: -33.8600001, longitude: 151.2 }))).toEqual({ latitude: -33.86, longitude: 151.2 });
  });
});

it("sizes are told to the thousandth, as the limits are", () => {
  expect([0.06512, 1.2951].map((size) => km2Text(size, "de"))).toEqual(["0,065 km²", "1,295 km²"]);
});
