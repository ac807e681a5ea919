import { describe, expect, it } from "vitest";

import { COMMANDS } from "../src/model/call";
import { KINDS } from "../src/model/ask_form";
import { publicStatus } from "../src/model/status";
import { oneCase, readEvent, type Snapshot } from "../src/model/wire";
import { at } from "./cases_of";
import { example } from "./examples";

describe("the documented messages are read", () => {
  it("snapshot, with cases in it", () => {
    const message = { ...example("subscribe_snapshot"), cases: [example("case")] };
    const event = readEvent(message) as Snapshot & { event: string };
    expect(event.event).toBe("snapshot");
    expect(event.invites[0]?.url).toContain("/api/clip_consent/ask/");
    expect(event.cases[0]?.request.start).toBe(at("18:02:00"));
  });

  it("case and progress", () => {
    expect(readEvent(example("subscribe_case"))).toMatchObject({ event: "case", case: null });
    expect(readEvent(example("subscribe_progress"))).toMatchObject({ doing: "draft", done: 0.42 });
  });

  it("kinds that a later version may add are passed over", () => {
    expect(readEvent({ event: "weather" })).toBeNull();
  });

  it("a page of history, whatever marks the next one", () => {
    const { answer } = COMMANDS.history;
    const marks = [null, "abc", 1764010800.5];
    expect(marks.map((next) => answer({ cases: [], next }).next)).toEqual(marks);
  });

  it("a case with consent and deliveries", () => {
    const read = oneCase({
      ...example("case"),
      consent: example("consent"),
      deliveries: [example("delivery")],
    });
    expect(read.consent?.user).toBe("Sam");
    expect(read.deliveries[0]?.package_size).toBe(2097608);
  });

  it("the ledger", () => {
    const page = { entries: [example("ledger_entry")], head: { seq: 7, digest: "0".repeat(64) }, fault: null };
    expect(COMMANDS.ledger.answer(page).entries[0]?.kind).toBe("approved");
  });

  it("the public status", () => {
    const status = { ...example("status"), deliveries: [example("status_delivery")] };
    expect(publicStatus(status).deliveries[0]?.size).toBe(2097608);
  });

  it("every kind of requester", () => {
    const kinds = KINDS.map((kind) => {
      const request = { ...(example("case")["request"] as object), kind };
      return oneCase({ ...example("case"), request }).request.kind;
    });
    expect(kinds).toEqual(KINDS);
  });
});

it("a draft's paths never lead to another server", () => {
  const draft = { ...(example("case")["draft"] as object), video: "https://evil.example/x" };
  expect(() => oneCase({ ...example("case"), draft })).toThrow("draft.video");
});
