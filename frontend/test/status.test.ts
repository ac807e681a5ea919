import { describe, expect, it } from "vitest";

import { look, looksAgain, LOOK_EVERY, type Looked } from "../src/model/status";
import { at } from "./cases_of";
import { example } from "./examples";

const get = (answer: Response | Error) => () =>
  answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);

describe("looking", () => {
  it.each([
    [new Response(JSON.stringify(example("status"))), "status"],
    [new Response("{}", { status: 404 }), "not_found"],
    [new Response("", { status: 502 }), "unreachable"],
    [new Response("<html>"), "unreachable"],
    [new TypeError("network"), "unreachable"],
  ])("tells what came", async (answer, kind) => {
    expect((await look("/x", get(answer))).kind).toBe(kind);
  });
});

describe("looking again by itself", () => {
  const status: Looked = {
    kind: "status",
    status: { status: "received", look_again_until: at("20:00:00"), deliveries: [] },
  };
  const then = at("19:00:00");

  it("happens at most once a minute", () => {
    expect(LOOK_EVERY).toBeGreaterThanOrEqual(60_000);
    expect(looksAgain(status, then, then + LOOK_EVERY - 1, true)).toBe(false);
    expect(looksAgain(status, then, then + LOOK_EVERY, true)).toBe(true);
  });

  it("only while somebody sees the page and there is something to come", () => {
    expect(looksAgain(status, then, then + LOOK_EVERY, false)).toBe(false);
    expect(looksAgain(status, then, at("20:00:00"), true)).toBe(false);
    expect(looksAgain({ kind: "not_found" }, then, then + LOOK_EVERY, true)).toBe(false);
    expect(looksAgain({ kind: "unreachable" }, then, then + LOOK_EVERY, true)).toBe(true);
  });
});
