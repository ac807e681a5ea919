import { describe, expect, it } from "vitest";

import { byRule, FAR, firstTrial, isOfArea, madeUp, RADIUS, withCamera } from "../src/model/rules";
import { triedAnswer } from "../src/model/answers";
import { at } from "./cases_of";
import { example } from "./examples";

const ZONE = "Europe/Amsterdam";
const trial = firstTrial(ZONE, at("19:02:30"));

describe("a made-up request", () => {
  it("begins with five minutes of yesterday, on the home's clock", () => {
    expect(trial).toMatchObject({ start: "2026-11-22T20:00", end: "2026-11-22T20:05" });
    expect(madeUp(trial, ZONE)).toEqual({
      trust: "invited",
      kind: "neighbour",
      case_number: "",
      text: "",
      start: "2026-11-22T19:00:00Z",
      end: "2026-11-22T19:05:00Z",
      received_at: null,
      cameras: null,
      area_radius: null,
      distance: 0,
    });
  });

  it("is asked as it was typed; what is not known is taken for the least", () => {
    const typed = { ...trial, trust: "?", kind: "?", caseNumber: " 7 ", text: "a <b>" };
    expect(madeUp(typed, ZONE)).toMatchObject({
      trust: "unverified",
      kind: "other",
      case_number: "7",
      text: "a <b>",
    });
  });

  it("comes when it is said to, by an invite for some cameras", () => {
    const all = ["a", "b"];
    const cameras = withCamera(trial, "a", false, all);
    expect(cameras).toEqual(["b"]);
    const typed = { ...trial, received: "2026-11-23T02:30", cameras };
    expect(madeUp(typed, ZONE)).toMatchObject({ received_at: "2026-11-23T01:30:00Z", cameras: ["b"] });
    expect(withCamera(typed, "b", false, all)).toEqual([]);
    expect(withCamera(typed, "a", true, all)).toBeNull();
    expect(madeUp({ ...trial, received: "soon" }, ZONE)).toBe("time");
  });

  it("has an area as large and as far away as was typed, to its edge as in a rule", () => {
    const of = (areaRadius: string, distance: string) => madeUp({ ...trial, areaRadius, distance }, ZONE);
    expect(of(" 250 ", "0")).toMatchObject({ area_radius: 250, distance: 0 });
    expect(of("250", "")).toMatchObject({ area_radius: 250, distance: 0 });
    expect(of("144", "1200")).toMatchObject({ area_radius: 144, distance: 1344 });
    expect(of("642", "199000")).toMatchObject({ area_radius: 642, distance: 199_642 });
  });

  it.each(["-1", "1.000", "1,5", "wide", "1e3"])("has no area with a radius of %s", (areaRadius) => {
    expect(madeUp({ ...trial, areaRadius }, ZONE)).toBe("metres");
  });

  it.each(["0", "143", "643"])("has no area of a size no request has: a radius of %s", (areaRadius) => {
    expect(madeUp({ ...trial, areaRadius }, ZONE)).toBe("radius");
  });

  it("has the sizes of a request that comes", () => {
    const km2 = (metres: number) => (Math.PI * metres ** 2) / 1e6;
    expect(km2(RADIUS.least - 1)).toBeLessThan(0.065);
    expect(km2(RADIUS.least)).toBeGreaterThan(0.065);
    expect(km2(RADIUS.most)).toBeLessThan(1.295);
    expect(km2(RADIUS.most + 1)).toBeGreaterThan(1.295);
    expect(FAR + RADIUS.most).toBeLessThanOrEqual(200_000);
  });

  it.each(["-1", "1.000", "far"])("has no area %s away", (distance) => {
    expect(madeUp({ ...trial, areaRadius: "250", distance }, ZONE)).toBe("metres");
  });

  it("is not asked farther away than the home counts", () => {
    expect(madeUp({ ...trial, areaRadius: "250", distance: "199001" }, ZONE)).toBe("far");
  });

  it.each(["0", "1200"])("has no distance of %s without an area", (distance) => {
    expect(madeUp({ ...trial, distance }, ZONE)).toBe("needsRadius");
  });

  it("tells what is wrong where it is: with the area or with a time", () => {
    const wrongs = ["time", "order", "metres", "radius", "needsRadius", "far"] as const;
    expect(wrongs.filter(isOfArea)).toEqual(["metres", "radius", "needsRadius", "far"]);
    expect(isOfArea(null)).toBe(false);
  });

  it("needs two times that exist, in their order", () => {
    expect(madeUp({ ...trial, start: "" }, ZONE)).toBe("time");
    expect(madeUp({ ...trial, end: "soon" }, ZONE)).toBe("time");
    expect(madeUp({ ...trial, start: "2026-03-29T02:30" }, ZONE)).toBe("time"); // skipped
    expect(madeUp({ ...trial, end: trial.start }, ZONE)).toBe("order");
  });
});

it("results stand under the rule that decided, those of none at the end", () => {
  const answer = triedAnswer(example("try_rules_answer"));
  const [result] = answer.results;
  if (!result) throw new Error("no result");
  const other = { ...result, rule_id: null, verdict: "list" as const };
  const decided = byRule({ ...answer, results: [other, result] });
  expect(decided).toEqual([
    { rule: answer.rules[0], results: [result] },
    { rule: null, results: [other] },
  ]);
});
