import { describe, expect, it } from "vitest";

import {
  CORNERS,
  SCALE,
  SIDES,
  alwaysOn,
  another,
  beside,
  cornerOf,
  cornerTo,
  cornersOf,
  covers,
  dragged,
  drawn,
  movedTo,
  needed,
  percentOf,
  pressed,
  withPercent,
} from "../src/model/masks";
import type { Region } from "../src/model/wire";
import { aCase } from "./cases_of";

const region = (left: number, top: number, right: number, bottom: number): Region => ({
  left,
  top,
  right,
  bottom,
});
const DOOR = region(1_000, 2_000, 4_000, 6_000);

describe("what is hidden", () => {
  it("is told by the camera it belongs to", () => {
    const camera = { camera_id: "a", name: "A", place: null, masks: [DOOR] };
    expect(alwaysOn([camera], "a")).toEqual([DOOR]);
    expect(alwaysOn([camera], "b")).toEqual([]);
  });

  it("is all that no region that always is covers whole", () => {
    const inside = region(1_000, 2_500, 3_000, 6_000);
    const over = [
      region(999, 2_000, 4_000, 6_000),
      region(1_000, 1_999, 4_000, 6_000),
      region(1_000, 2_000, 4_001, 6_000),
      region(1_000, 2_000, 4_000, 6_001),
    ];
    expect(covers(DOOR, DOOR)).toBe(true);
    expect(beside([DOOR, inside, ...over], [region(0, 0, 1, 1), DOOR])).toEqual(over);
    expect(beside([DOOR], [])).toEqual([DOOR]);
  });

  it("is wanted where the rules say so and nothing is", () => {
    const { screening } = aCase();
    const wanted = aCase({ screening: screening && { ...screening, masked: true } });
    expect(needed(wanted, [], [])).toBe(true);
    expect(needed(wanted, [DOOR], [])).toBe(false);
    expect(needed(wanted, [], [DOOR])).toBe(false);
    expect(needed(aCase(), [], [])).toBe(false);
    expect(needed(aCase({ screening: null }), [], [])).toBe(false);
  });

  it("is sent as the home takes it", () => {
    expect(cornersOf([DOOR])).toEqual([[1_000, 2_000, 4_000, 6_000]]);
  });
});

describe("a region that is drawn", () => {
  it("lies between two places, whichever comes first", () => {
    const places = [{ x: 4_000.4, y: 2_000 }, { x: 1_000, y: 5_999.6 }] as const;
    expect(drawn(...places)).toEqual(DOOR);
    expect(drawn(places[1], places[0])).toEqual(DOOR);
  });

  it("reaches the edge that it was meant to reach, and no further", () => {
    expect(drawn({ x: 149, y: -500 }, { x: 9_851, y: 20_000 })).toEqual(region(0, 0, SCALE, SCALE));
    expect(drawn({ x: 150, y: 150 }, { x: 9_850, y: 9_850 })).toEqual(region(150, 150, 9_850, 9_850));
  });

  it("is none where it is too small to be meant", () => {
    expect(drawn({ x: 500, y: 500 }, { x: 699, y: 5_000 })).toBeNull();
    expect(drawn({ x: 500, y: 500 }, { x: 5_000, y: 699 })).toBeNull();
    expect(drawn({ x: 500, y: 500 }, { x: 700, y: 700 })).not.toBeNull();
  });

  it("is a new one that hides none of those before", () => {
    const several = [0, 1, 2, 7, 8, 15].map(another);
    expect(several[0]).toEqual(region(3_000, 2_500, 5_500, 5_000));
    expect(several.every((one) => one.left >= 0 && one.right <= SCALE && one.bottom <= SCALE)).toBe(true);
    expect(new Set(several.slice(0, 4).map(({ left }) => left)).size).toBe(4);
  });
});

describe("a region that is moved", () => {
  it("stays as large as it is, within the picture", () => {
    expect(movedTo(DOOR, { x: 500.4, y: 0 })).toEqual(region(500, 0, 3_500, 4_000));
    expect(movedTo(DOOR, { x: -1, y: 9_999 })).toEqual(region(0, 6_000, 3_000, SCALE));
  });

  it("is caught by an edge that it comes near", () => {
    expect(dragged(DOOR, { x: 100, y: 3_000 })).toEqual(region(0, 3_000, 3_000, 7_000));
    expect(dragged(DOOR, { x: 6_900, y: 5_900 })).toEqual(region(7_000, 6_000, SCALE, SCALE));
    expect(dragged(DOOR, { x: 2_000, y: -900 })).toEqual(region(2_000, 0, 5_000, 4_000));
  });

  it("is moved and sized by arrow keys", () => {
    const keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Enter", "constructor"];
    expect(keys.map((key) => pressed(DOOR, key, false))).toEqual([
      region(900, 2_000, 3_900, 6_000),
      region(1_100, 2_000, 4_100, 6_000),
      region(1_000, 1_900, 4_000, 5_900),
      region(1_000, 2_100, 4_000, 6_100),
      null,
      null,
    ]);
    expect(keys.slice(0, 4).map((key) => pressed(DOOR, key, true))).toEqual([
      region(1_000, 2_000, 3_900, 6_000),
      region(1_000, 2_000, 4_100, 6_000),
      region(1_000, 2_000, 4_000, 5_900),
      region(1_000, 2_000, 4_000, 6_100),
    ]);
    const least = region(0, 0, 200, 200);
    expect(pressed(least, "ArrowLeft", true)).toEqual(least);
    const all = region(0, 0, SCALE, SCALE);
    expect(pressed(all, "ArrowDown", true)).toEqual(all);
  });

  it("has two corners to be taken hold of, and stays a region", () => {
    expect(CORNERS.map((corner) => cornerOf(DOOR, corner))).toEqual([{ x: 1_000, y: 2_000 }, { x: 4_000, y: 6_000 }]);
    expect(cornerTo(DOOR, "first", { x: 100, y: 3_000.2 })).toEqual(region(0, 3_000, 4_000, 6_000));
    expect(cornerTo(DOOR, "first", { x: 9_000, y: 9_000 })).toEqual(region(3_800, 5_800, 4_000, 6_000));
    expect(cornerTo(DOOR, "last", { x: 0, y: 9_900 })).toEqual(region(1_000, 2_000, 1_200, SCALE));
    const thin = region(0, 0, 100, 100); // as a form lets it be
    expect(cornerTo(thin, "first", { x: 5_000, y: 5_000 })).toEqual(thin);
  });
});

describe("a region in numbers", () => {
  it("is told in per cent", () => {
    expect(SIDES.map((side) => percentOf(DOOR, side))).toEqual([10, 20, 30, 40]);
    expect(percentOf(region(1_234, 0, 5_000, 5_000), "left")).toBe(12.3);
  });

  it("takes what is typed, as far as it can be", () => {
    expect(withPercent(DOOR, "left", 5.5)).toEqual(region(550, 2_000, 3_550, 6_000));
    expect(withPercent(DOOR, "top", 90)).toEqual(region(1_000, 6_000, 4_000, SCALE));
    expect(withPercent(DOOR, "width", 0)).toEqual(region(1_000, 2_000, 1_200, 6_000));
    expect(withPercent(DOOR, "height", 100)).toEqual(region(1_000, 2_000, 4_000, SCALE));
    expect(withPercent(DOOR, "width", NaN)).toBe(DOOR);
  });
});
