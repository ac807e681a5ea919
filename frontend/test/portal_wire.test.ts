/** The examples of docs/portal-protocol.md are read as they stand there. */

import { describe, expect, it } from "vitest";

import { coverage, desk, info, logPage, readItem } from "../src/model/portal_wire";
import { example } from "./examples";

describe("the protocol's examples", () => {
  it("info", () => {
    expect(info(example("portal_info"))).toMatchObject({ name: "Lindenstraße", counts: { refused: { no_reason_given: 1 } } });
  });

  it("log", () => {
    const [line] = logPage(example("portal_log")).entries;
    expect(line?.entry.fields["hash"]).toBe(line?.entry.hash);
  });

  it("item", () => {
    expect(readItem(example("portal_item"))).toMatchObject({ type: "request", case_number: "2026-1187" });
  });

  it("desk", () => {
    expect(desk(example("portal_desk"))).toMatchObject({ left_this_week: 2, requests: [{ state: "open" }] });
  });
});

it("what was added is told with its state", () => {
  const said = example("portal_desk") as { requests: object[] };
  const [one] = said.requests;
  const note = { state: "moderation", submitted_at: "2026-11-24T09:00:00Z", text: "a", refused: null };
  const answer = desk({ ...said, requests: [{ ...one, notes: [note] }] });
  expect(answer.requests[0]?.notes).toEqual([{ ...note, submitted_at: Date.parse(note.submitted_at) }]);
});

it("coverage, and counts that are none", () => {
  expect(coverage({ version: 1, cells: [{ cell: "u33db", homes: 5 }] }).cells).toEqual([{ cell: "u33db", homes: 5 }]);
  expect(() => info({ ...example("portal_info"), counts: { published: 1, refused: { x: "1" } } })).toThrow("number");
});
