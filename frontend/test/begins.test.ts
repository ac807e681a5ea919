import { describe, expect, it } from "vitest";

import { beginsOf, beginsThere, reaches } from "../src/model/begins";
import type { Choice, Limits } from "../src/model/picker";
import { at } from "./cases_of";

const LIMITS: Limits = { start: at("18:00:00"), end: at("19:00:00"), maxSeconds: 600 };
const CHOICE: Choice = { camera: "a", start: at("18:10:10"), end: at("18:15:00"), audio: false, exact: false, masks: [] };
const TIMES = ["18:10:04", "18:10:08", "18:10:12"].map(at);

describe("where a copy begins", () => {
  it("is the last point before the chosen start; that and the next are offered", () => {
    const offers = [at("18:10:08"), at("18:10:12")];
    expect(beginsOf(CHOICE, TIMES, LIMITS)).toEqual({ copy: at("18:10:08"), offers });
  });

  it.each([
    ["it begins as chosen", "18:10:08", TIMES],
    ["it begins within the second", "18:10:08", [at("18:10:07") + 1]],
    ["nothing is known of what is before", "18:10:00", TIMES],
    ["nothing is known", "18:10:00", []],
  ])("is not told where %s", (_, start, times) => {
    expect(beginsOf({ ...CHOICE, start: at(start) }, times, LIMITS)).toBeNull();
  });

  it("is known to be there or elsewhere, or not known", () => {
    const start = (clock: string) => beginsThere({ ...CHOICE, start: at(clock) }, TIMES);
    expect(["18:10:08", "18:10:10", "18:10:03"].map(start)).toEqual([true, false, null]);
  });

  it("is offered only within the window and before the end", () => {
    const early = { ...LIMITS, start: at("18:10:10") };
    expect(beginsOf(CHOICE, TIMES, early)?.offers).toEqual([at("18:10:12")]);
    const short = { ...CHOICE, end: at("18:10:12") };
    expect(beginsOf(short, TIMES, LIMITS)?.offers).toEqual([at("18:10:08")]);
    expect(beginsOf(CHOICE, TIMES.slice(0, 2), LIMITS)?.offers).toEqual([at("18:10:08")]);
  });

  it("is asked again for another camera and farther away", () => {
    const known = { camera: "a", at: at("18:10:00"), times: TIMES };
    expect(reaches(null, CHOICE)).toBe(false);
    expect(reaches(known, CHOICE)).toBe(true);
    expect(reaches(known, { ...CHOICE, camera: "b" })).toBe(false);
    expect(reaches(known, { ...CHOICE, start: at("18:10:16") })).toBe(false);
  });
});
