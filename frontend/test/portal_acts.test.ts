import { expect, it } from "vitest";

import { actsOf } from "../src/model/portal_acts";

it("what is open can be added to, resolved and withdrawn", () => {
  expect(actsOf("open")).toEqual(["note", "resolve", "withdraw"]);
});

it("what waits can be withdrawn", () => {
  expect(actsOf("moderation")).toEqual(["withdraw"]);
});

it("what is over, by its time or otherwise, is offered nothing that the hub would not take", () => {
  for (const over of ["refused", "expired", "resolved", "withdrawn", "redacted"] as const) {
    expect(actsOf(over), over).toEqual([]);
  }
});
