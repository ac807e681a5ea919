import { describe, expect, it } from "vitest";

import { EMPTY, tapped, turned } from "../src/model/portal_draw";
import { checkRequest, timeFaults, type Bench, type Typed } from "../src/model/portal_form";
import type { Info } from "../src/model/portal_wire";

const limits: Info["limits"] = {
  ...{ area_min_km2: 0.065, area_max_km2: 1.295, vertices_max: 64, window_min_seconds: 900 },
  ...{ window_max_seconds: 14_400, window_age_max_seconds: 31_622_400, title_max: 20, text_max: 30 },
  ...{ contact_max: 20, case_number_max: 10, per_case_number: 2, per_week: 3, open_seconds: 1, drop_max_bytes: 1 },
};
const bench: Bench = {
  info: { limits, cells: ["u33db", "u33dc"] },
  kind: "police",
  zone: "Europe/Amsterdam",
  now: Date.parse("2026-11-24T12:00:00Z"),
};
const typed: Typed = {
  ...{ date: "2026-11-23", from: "19:00", to: "20:00", title: " Car\nscratched ", text: "A blue van.\r\nAt night." },
  ...{ contact: "station@example", caseNumber: "2026-1187" },
};
const circle = tapped(EMPTY, { latitude: 52.52, longitude: 13.4 });

const faults = (changes: Partial<Typed>, more: Partial<Bench> = {}, draft = circle) => {
  const checked = checkRequest({ ...typed, ...changes }, draft, { ...bench, ...more });
  return "faults" in checked ? checked.faults : {};
};

describe("a request", () => {
  it("is sent as the protocol has it", () => {
    expect(checkRequest(typed, circle, bench)).toEqual({
      body: {
        version: 1,
        title: "Car scratched",
        text: "A blue van.\nAt night.",
        start: "2026-11-23T18:00:00Z",
        end: "2026-11-23T19:00:00Z",
        area: { kind: "circle", latitude: 52.52, longitude: 13.4, radius: 250 },
        contact: "station@example",
        case_number: "2026-1187",
      },
    });
  });

  it("has a polygon's corners as pairs", () => {
    const checked = checkRequest(typed, turned(circle, "polygon"), bench);
    const area = "body" in checked ? (checked.body.area as { points: number[][] }) : { points: [] };
    expect(area.points).toHaveLength(4);
    expect(area.points[0]).toHaveLength(2);
  });

  it("has a case number from police only", () => {
    const checked = checkRequest(typed, circle, { ...bench, kind: "insurer" });
    expect(checked).toMatchObject({ body: { case_number: "" } });
    expect(faults({ caseNumber: "" }, { kind: "insurer" })).toEqual({});
  });

  it.each([
    [{ title: "" }, { title: "required" }],
    [{ title: "x".repeat(21) }, { title: "too_long" }],
    [{ text: " " }, { text: "required" }],
    [{ text: "x".repeat(31) }, { text: "too_long" }],
    [{ contact: "" }, { contact: "required" }],
    [{ caseNumber: "" }, { caseNumber: "required" }],
    [{ caseNumber: "x".repeat(11) }, { caseNumber: "too_long" }],
    [{ date: "" }, { date: "required" }],
    [{ from: "", to: "" }, { from: "required", to: "required" }],
    [{ to: "19:00" }, { to: "window_short" }],
    [{ to: "19:10" }, { to: "window_short" }],
    [{ to: "23:01" }, { to: "window_long" }],
    [{ from: "12:00", to: "04:00" }, { to: "end_before_start" }],
    [{ date: "2025-11-20" }, { date: "too_old" }],
    [{ date: "2026-11-25" }, { date: "future" }],
    [{ date: "2026-11-24" }, { from: "future" }],
    [{ date: "2026-11-24", from: "12:30", to: "13:30" }, { to: "future" }],
  ])("with %j is told what is wrong", (changes, expected) => {
    expect(faults(changes)).toEqual(expected);
  });

  it("needs an area that the hub takes", () => {
    expect(faults({}, {}, EMPTY)).toEqual({ area: "none" });
    expect(faults({}, {}, { ...circle, radius: 10 })).toEqual({ area: "small" });
  });
});

it("times can be judged by themselves", () => {
  expect(timeFaults(typed, bench)).toEqual({});
  expect(timeFaults({ ...typed, to: "19:05" }, bench)).toEqual({ to: "window_short" });
});
