import { describe, expect, it } from "vitest";

import { byRule, firstTrial, madeUp } from "../src/model/rules";
import { triedAnswer } from "../src/model/wire";
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
