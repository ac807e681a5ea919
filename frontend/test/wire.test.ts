import { describe, expect, it } from "vitest";

import { COMMANDS } from "../src/model/commands";
import { KINDS } from "../src/model/ask_form";
import { ShapeError } from "../src/model/shape";
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

  it("that there is something new of neighbours", () => {
    const now = "2026-11-23T19:00:30Z";
    expect(readEvent({ event: "neighbours", now })).toEqual({ event: "neighbours", now: at("19:00:30") });
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
    expect(Object.keys(read.deliveries[0]?.receipt ?? {})).toEqual([
      ...["delivery_id", "sha256", "delivered_at", "package_sha256", "package_size"],
      ...["manifest_sha256", "signing_key"],
    ]);
  });

  it("the ledger", () => {
    const page = { ...example("ledger_answer"), entries: [example("ledger_entry")] };
    expect(COMMANDS.ledger.answer(page).entries[0]?.kind).toBe("approved");
    expect(COMMANDS.ledger.answer(page).names).toEqual({ "2f6c0e": "Sam" });
  });

  it("regions, and what a home without them says", () => {
    const masks = [[0, 100, 2_500, 10_000]];
    const one = example("case");
    const draft = { ...(one["draft"] as object), exact: true, masks };
    const screening = { ...(one["screening"] as object), masked: true };
    const read = oneCase({ ...one, draft, screening });
    expect(read.draft?.masks).toEqual([{ left: 0, top: 100, right: 2_500, bottom: 10_000 }]);
    expect([read.draft?.exact, read.screening?.masked]).toEqual([true, true]);
    const older = { ...draft, exact: undefined, masks: undefined };
    const plain = oneCase({ ...one, draft: older, screening: { ...screening, masked: undefined } });
    expect(plain.draft).toMatchObject({ exact: false, masks: [] });
    expect(plain.screening?.masked).toBe(false);
    for (const wrong of [[[1, 2, 3]], [["1", 2, 3, 4]], [{}], {}]) {
      expect(() => oneCase({ ...one, draft: { ...draft, masks: wrong } })).toThrow(ShapeError);
    }
  });

  it("what was seen, and an answer that does not matter", () => {
    const seen = { label: "person", start: "2026-11-23T18:02:00Z", end: "2026-11-23T18:02:05Z" };
    const { findClips, setCameraMasks } = COMMANDS;
    expect(findClips.answer({ runs: [], detections: [seen] }).detections[0]?.start).toBe(at("18:02:00"));
    expect(findClips.answer({ runs: [] }).detections).toEqual([]);
    expect(setCameraMasks.answer(null)).toEqual({});
  });

  it("the public status", () => {
    const status = { ...example("status"), deliveries: [example("status_delivery")] };
    expect(publicStatus(status).deliveries[0]?.size).toBe(2097608);
  });

  describe("an area", () => {
    const read = (area: unknown) =>
      oneCase({ ...example("case"), request: { ...(example("case")["request"] as object), area } }).request.area;

    it("is a circle, a polygon or none", () => {
      const circle = { kind: "circle", latitude: 52.1, longitude: 4.3, radius: 250 };
      expect(read(null)).toBeNull();
      expect(read(circle)).toEqual(circle);
      expect(read({ kind: "polygon", points: [[52.1, 4.3], [52.2, 4.3], [52.2, 4.4]] })).toEqual({
        kind: "polygon",
        points: [
          { latitude: 52.1, longitude: 4.3 },
          { latitude: 52.2, longitude: 4.3 },
          { latitude: 52.2, longitude: 4.4 },
        ],
      });
    });

    it.each([
      { kind: "square" },
      { kind: "circle", latitude: 52.1, longitude: 4.3 },
      { kind: "polygon", points: [] },
      { kind: "polygon", points: [[52.1, 4.3], [52.2, 4.3]] },
      { kind: "polygon", points: [[52.1, 4.3], [52.2, 4.3], [52.2]] },
    ])("is never %j", (area) => {
      expect(() => read(area)).toThrow("area");
    });
  });

  it("where the home and its cameras are", () => {
    const message = example("subscribe_snapshot");
    const place = { latitude: 52.37, longitude: 4.895, bearing: 45 };
    const cameras = [{ camera_id: "a", name: "Driveway", place }, { camera_id: "b", name: "Shed", place: null }];
    expect(readEvent({ ...message, cameras })).toMatchObject({
      home: { latitude: 52.1013, longitude: 4.3021 },
      cameras: [{ place }, { place: null }],
    });
    expect(readEvent({ ...message, home: null })).toMatchObject({ home: null });
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
