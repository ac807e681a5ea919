import { describe, expect, it } from "vitest";

import type { Choice, Limits } from "../src/model/picker";
import { momentAt, shifted, stretchesOf, ticksOf, viewOf } from "../src/model/timeline";
import { at } from "./cases_of";

const LIMITS: Limits = { start: at("18:00:00"), end: at("19:00:00"), maxSeconds: 600 };
const CHOICE: Choice = { camera: "a", start: at("18:10:00"), end: at("18:15:00"), audio: false, exact: false, masks: [] };
const span = (start: string, end: string) => ({ start: at(start), end: at(end) });

describe("what the timeline shows", () => {
  it.each([
    ["18:10:00", "18:15:00", "18:05:00", "18:20:00"], // three times as long as the clip
    ["18:10:00", "18:10:10", "18:09:05", "18:11:05"], // two minutes at least
    ["18:00:00", "18:05:00", "18:00:00", "18:15:00"], // up to the window's start
    ["18:59:50", "19:00:00", "18:58:00", "19:00:00"], // and to its end
    ["18:00:00", "18:20:00", "18:00:00", "19:00:00"], // all of the window
    ["18:00:00", "19:00:00", "18:00:00", "19:00:00"], // never more than that
  ])("of a clip from %s to %s is %s to %s", (start, end, first, last) => {
    expect(viewOf(span(start, end), LIMITS)).toEqual(span(first, last));
  });

  it("begins on a whole second", () => {
    const odd = { start: at("18:10:00") + 400, end: at("18:15:00") };
    expect(viewOf(odd, LIMITS).start % 1000).toBe(0);
  });
});

describe("a drag", () => {
  it.each([
    [0, "18:00:00"],
    [0.5, "18:30:00"],
    [1, "19:00:00"],
    [0.50001, "18:30:00"],
    [-0.2, "18:00:00"],
    [1.2, "19:00:00"],
  ])("to %f of the width is %s", (part, moment) => {
    expect(momentAt(part, LIMITS)).toBe(at(moment));
  });

  it.each([
    ["18:30:00", "18:30:00", "18:35:00"],
    ["17:00:00", "18:00:00", "18:05:00"],
    ["18:58:00", "18:55:00", "19:00:00"],
  ])("of the whole clip to %s keeps its length", (to, start, end) => {
    expect(shifted(CHOICE, at(to), LIMITS)).toEqual({ ...CHOICE, ...span(start, end) });
  });
});

describe("the times beside it", () => {
  const AMSTERDAM = 3_600_000;
  const KATHMANDU = 20_700_000; // 5 h 45 min

  it.each([
    ["18:00:00", "19:00:00", AMSTERDAM, ["18:00:00", "18:15:00", "18:30:00", "18:45:00", "19:00:00"]],
    ["18:09:05", "18:11:05", AMSTERDAM, ["18:09:30", "18:10:00", "18:10:30", "18:11:00"]],
    ["18:00:01", "18:00:04", AMSTERDAM, ["18:00:01", "18:00:02", "18:00:03", "18:00:04"]],
    ["12:00:00", "23:59:59", KATHMANDU, ["12:15:00", "15:15:00", "18:15:00", "21:15:00"]],
  ])("from %s to %s are round where the camera is", (start, end, ahead, expected) => {
    expect(ticksOf(span(start, end), 5, ahead)).toEqual(expected.map(at));
  });

  it("are few on the longest day, and none where none is round", () => {
    expect(ticksOf({ start: 0, end: 30 * 3_600_000 }, 5, 0)).toHaveLength(6);
    expect(ticksOf({ start: 100, end: 900 }, 5, 0)).toEqual([]);
  });
});

describe("what a camera has and lacks", () => {
  const told = (runs: readonly (readonly [string, string])[]) =>
    stretchesOf(
      runs.map(([start, end]) => span(start, end)),
      span("18:00:00", "19:00:00"),
    ).map(({ start, end, there }) => `${new Date(start).toISOString().slice(11, 16)}-${new Date(end).toISOString().slice(11, 16)} ${there ? "+" : "-"}`);

  it.each<[string, (readonly [string, string])[], string[]]>([
    ["nothing", [], ["18:00-19:00 -"]],
    ["all", [["18:00:00", "19:00:00"]], ["18:00-19:00 +"]],
    ["more than the window", [["17:00:00", "20:00:00"]], ["18:00-19:00 +"]],
    ["a gap between", [["18:00:00", "18:20:00"], ["18:30:00", "19:00:00"]], ["18:00-18:20 +", "18:20-18:30 -", "18:30-19:00 +"]],
    ["a part", [["18:10:00", "18:20:00"]], ["18:00-18:10 -", "18:10-18:20 +", "18:20-19:00 -"]],
    ["runs that touch or overlap", [["18:00:00", "18:20:00"], ["18:20:00", "18:40:00"], ["18:30:00", "18:35:00"]], ["18:00-18:20 +", "18:20-18:40 +", "18:40-19:00 -"]],
    ["only what lies outside", [["17:00:00", "18:00:00"], ["19:00:00", "20:00:00"]], ["18:00-19:00 -"]],
  ])("%s", (_, runs, stretches) => {
    expect(told(runs)).toEqual(stretches);
  });
});
