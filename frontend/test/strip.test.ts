import { describe, expect, it } from "vitest";

import { nearestFirst, nearestTo, picturesOf } from "../src/model/strip";

const MINUTE = 60_000;

describe("a strip of pictures", () => {
  it("has a few of little, one a minute of more, and 100 of twelve hours", () => {
    expect([0, 1, 12].map((minutes) => picturesOf(minutes * MINUTE))).toEqual([12, 12, 12]);
    expect(picturesOf(45 * MINUTE)).toBe(45);
    expect(picturesOf(45 * MINUTE + 1)).toBe(46);
    expect(picturesOf(100 * MINUTE)).toBe(100);
    expect(picturesOf(720 * MINUTE)).toBe(100);
  });

  it("is made from where it is looked at", () => {
    const times = [10, 20, 30, 40];
    expect(nearestFirst(times, 31)).toEqual([30, 40, 20, 10]);
    expect(nearestFirst(times, 0)).toEqual(times);
    expect(times).toEqual([10, 20, 30, 40]);
  });

  it("knows which one is nearest", () => {
    expect(nearestTo([10, 20, 30], 26)).toBe(2);
    expect(nearestTo([10, 20, 30], 25)).toBe(1);
    expect(nearestTo([], 25)).toBe(-1);
  });
});
