import { expect, it } from "vitest";

import { identityOf, wordsOf } from "../src/model/identity";
import { aCase } from "./cases_of";

const { draft } = aCase();
const named = aCase({ draft: draft && { ...draft, identity: "Sam, number 12" } });

it("begins with what goes along with the draft", () => {
  expect(identityOf({ draft: null, state: "waiting" }, undefined)).toEqual({ said: false, text: "" });
  expect(identityOf(aCase(), "Sam")).toEqual({ said: false, text: "" });
  expect(identityOf(named, undefined)).toEqual({ said: true, text: "Sam, number 12" });
});

it("is kept where no clip could be made of what was tried", () => {
  expect(identityOf({ draft: null, state: "waiting" }, "Sam")).toEqual({ said: true, text: "Sam" });
  expect(identityOf({ draft: null, state: "waiting" }, "")).toEqual({ said: false, text: "" });
});

it("says nothing unless it is ticked", () => {
  expect(wordsOf({ said: false, text: "Sam" })).toBe("");
  expect(wordsOf({ said: true, text: "  Sam, number 12 " })).toBe("Sam, number 12");
});

it("wants words where it is ticked", () => {
  expect(wordsOf({ said: true, text: "  " })).toBeNull();
});

it("words of what was shared are not ticked for what comes next", () => {
  expect(identityOf({ ...named, state: "shared" }, undefined)).toEqual({ said: false, text: "" });
  expect(identityOf({ ...named, state: "shared" }, "Sam")).toEqual({ said: false, text: "Sam" });
});
