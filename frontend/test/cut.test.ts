import { describe, expect, it } from "vitest";

import { cutsOf } from "../src/model/cut";
import { draft as shape } from "../src/model/wire";
import { example } from "./examples";
import { at } from "./cases_of";

const DRAFT = shape((example("case") as { draft: unknown }).draft);
const CHOSEN = { start: at("18:02:10"), end: at("18:05:00") };

function cuts(start: number, end: number): string[] {
  return cutsOf({ ...DRAFT, chosen: CHOSEN, start, end }).map(
    ({ how, chosen, time }) => `${how} ${(time - chosen) / 1000}`,
  );
}

describe("where a film is not as chosen", () => {
  it.each([
    [0, 0, []],
    [-999, -999, []],
    [-1000, 0, ["early -1"]],
    [1000, 0, ["late 1"]],
    [0, -1000, ["short -1"]],
    [-2400, -3500, ["early -2.4", "short -3.5"]],
  ])("is told: by %i and %i ms", (first, last, told) => {
    expect(cuts(CHOSEN.start + first, CHOSEN.end + last)).toEqual(told);
  });

  it("is nowhere in an answer in words", () => {
    expect(cutsOf({ ...DRAFT, chosen: null })).toEqual([]);
  });
});
