import { describe, expect, it } from "vitest";

import type { Choice, Limits } from "../src/model/picker";
import { around, sightsOf } from "../src/model/seen";
import { at } from "./cases_of";

const LIMITS: Limits = { start: at("18:00:00"), end: at("19:00:00"), maxSeconds: 600 };
const CHOICE: Choice = {
  camera: "a",
  start: at("18:00:00"),
  end: at("18:10:00"),
  audio: true,
  exact: false,
  masks: [],
};
const seen = (label: string, start: string, end = start) => ({ label, start: at(start), end: at(end) });

describe("what was seen", () => {
  it("is put together where it is close in time, in time's order", () => {
    const sights = sightsOf(
      [
        seen("car", "18:20:00", "18:20:10"),
        seen("person", "18:10:00", "18:10:50"),
        seen("car", "18:10:05", "18:10:06"),
        seen("person", "18:11:20", "18:11:25"),
      ],
      LIMITS,
      12,
    );
    expect(sights).toEqual([
      { start: at("18:10:00"), end: at("18:11:25"), labels: [["person", 2], ["car", 1]] },
      { start: at("18:20:00"), end: at("18:20:10"), labels: [["car", 1]] },
    ]);
  });

  it("is put together further where there are too many for the room", () => {
    const often = Array.from({ length: 60 }, (_, minute) =>
      seen("dog", `18:${String(minute).padStart(2, "0")}:00`),
    );
    expect(sightsOf(often, LIMITS, 60)).toHaveLength(60);
    const [all, ...more] = sightsOf(often, LIMITS, 12);
    expect(more).toEqual([]);
    expect(all?.labels).toEqual([["dog", 60]]);
    const some = often.filter((_, minute) => minute % 3 < 2);
    expect(sightsOf(some, LIMITS, 20)).toHaveLength(20);
  });

  it("lies within the window, and ends after it begins", () => {
    const found = [
      seen("car", "17:50:00", "18:00:05"),
      seen("car", "18:59:50", "19:10:00"),
      seen("cat", "18:30:00", "18:29:00"),
      seen("person", "19:00:00"),
      seen("person", "17:50:00", "17:59:59"),
    ];
    expect(sightsOf(found, LIMITS, 12).map(({ start, end }) => [start, end])).toEqual([
      [at("18:00:00"), at("18:00:05")],
      [at("18:30:00"), at("18:30:00")],
      [at("18:59:50"), at("19:00:00")],
    ]);
    expect(sightsOf([], LIMITS, 12)).toEqual([]);
  });
});

describe("the clip around it", () => {
  const clip = (start: number, end: number) => around(CHOICE, "b", { start, end }, LIMITS);

  it("is whole seconds, with five before and after", () => {
    const found = clip(at("18:10:00") + 700, at("18:10:07") + 200);
    expect(found).toEqual({ ...CHOICE, camera: "b", start: at("18:09:55"), end: at("18:10:13") });
  });

  it("stays within what was asked for and what may be shared", () => {
    expect(clip(at("18:00:02"), at("18:30:00"))).toMatchObject({ start: at("18:00:00"), end: at("18:10:00") });
    expect(clip(at("18:59:59") + 900, at("19:00:00"))).toMatchObject({ start: at("18:59:54"), end: at("19:00:00") });
  });
});
