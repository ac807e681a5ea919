import { describe, expect, it, vi } from "vitest";

import { call } from "../src/model/call";
import { COMMANDS } from "../src/model/commands";
import { secondsLeft } from "../src/model/countdown";
import { faultOf, faultText } from "../src/model/errors";
import { details, namesOf, shortId, withPage } from "../src/model/ledger";
import { canPlay, codecName, fileName, played } from "../src/model/playback";
import { ShapeError } from "../src/model/shape";
import { ledgerAnswer, type Entry } from "../src/model/answers";
import { at } from "./cases_of";
import { example } from "./examples";

describe("the countdown", () => {
  it("counts whole seconds to zero", () => {
    const until = at("19:01:10");
    expect([at("19:01:00"), at("19:01:09") + 1, at("19:01:10"), at("19:02:00")].map((now) => secondsLeft(until, now))).toEqual([10, 1, 0, 0]);
  });
});

describe("playing", () => {
  it("asks the browser for codecs that are known, and tries the others", () => {
    const canPlayType = vi.fn((type: string) => (type.includes("avc1") ? "probably" : ""));
    expect(["h264", "hevc", "cinepak", ""].map((codec) => canPlay(codec, canPlayType))).toEqual([true, false, true, true]);
    expect(canPlayType).toHaveBeenCalledTimes(2);
  });

  it("tells which of the codecs that cameras record a browser plays", () => {
    const knows = (...parts: string[]) => (type: string) => (parts.some((part) => type.includes(part)) ? "maybe" : "");
    expect(played(knows("avc1", "hvc1", "av01"))).toEqual(["H.264", "H.265 (HEVC)", "AV1"]);
    expect(played(knows("av01", "avc1"))).toEqual(["H.264", "AV1"]);
    expect(played(() => "")).toEqual([]);
  });

  it("names codecs and files", () => {
    expect([codecName("hevc"), codecName("mjpeg")]).toEqual(["H.265 (HEVC)", "MJPEG"]);
    expect(fileName("clip", at("18:01:58"))).toBe("clip-2026-11-23T18-01-58Z.mp4");
    expect(fileName("answer", 0)).toBe("answer-1970-01-01T00-00-00Z.txt");
    expect(fileName("manifest", 0)).toBe("manifest-1970-01-01T00-00-00Z.jws");
  });
});

describe("what a call was rejected with", () => {
  const texts = { unknown: "That did not work.", no_connection: "No connection." };
  it.each([
    [3, "no_connection", "No connection."],
    [{ code: 3, message: "x" }, "no_connection", "No connection."],
    [{ code: "offer_void", message: "Das Angebot gilt nicht mehr." }, "offer_void", "Das Angebot gilt nicht mehr."],
    [{ code: "unknown", message: "Whatever." }, "unknown", "Whatever."],
    [{ code: "strange" }, "strange", "That did not work."],
    [{ message: "Only words." }, "unknown", "Only words."],
    [new ShapeError("x", "y"), "strange_answer", "That did not work."],
    ["text", "unknown", "That did not work."],
    [null, "unknown", "That did not work."],
    [{ code: "toString", message: "" }, "toString", "That did not work."],
  ])("%j is told", (error, code, text) => {
    const fault = faultOf(error);
    expect([fault.code, faultText(fault, texts)]).toEqual([code, text]);
  });
});

describe("a call", () => {
  it("names the command and reads the answer", async () => {
    const callWS = vi.fn(() => Promise.resolve({ undo_until: "2026-11-23T19:01:10Z", later: 1 }));
    const fields = { offer_id: "m4n5p6q7r2s3t4u5v6w7x2y3za", sha256: "0".repeat(64) };
    expect(await call({ callWS }, COMMANDS.approve, fields, "de")).toEqual({ undo_until: at("19:01:10") });
    expect(callWS).toHaveBeenCalledWith({
      type: "clip_consent/approve",
      language: "de",
      ...fields,
    });
  });

  it("refuses an answer that is not as promised", async () => {
    const callWS = () => Promise.resolve({ case: null });
    await expect(call({ callWS }, COMMANDS.undo, { case_id: "x" }, "en")).rejects.toThrow(ShapeError);
  });
});

describe("the names of the ledger's lines", () => {
  const line = (seq: number, kind: string, id: string | null, what?: string): Entry => ({
    seq,
    at: at("19:00:00"),
    kind,
    case_id: id,
    data: what === undefined ? {} : { what },
    digest: "0".repeat(64),
  });

  it("tell an answer in words from a clip, for each request", () => {
    const lines = [
      line(1, "drafted", "one"),
      line(2, "chosen", "one", "answer"),
      line(3, "chosen", "two", "clip"),
      line(4, "drafted", "two"),
      line(5, "draft_failed", "one"),
      line(6, "drafted", "one"),
      line(7, "offered", "one"),
      line(8, "chosen", "one", "clip"),
      line(9, "drafted", "one"),
      line(10, "accepting", null),
    ].reverse();
    const names = namesOf(lines);
    expect(lines.map(({ seq }) => names.get(seq)).reverse()).toEqual([
      ...["drafted", "answer_chosen", "chosen", "drafted", "answer_draft_failed"],
      ...["answer_drafted", "offered", "chosen", "drafted", "accepting"],
    ]);
  });

  it("have short ids for requests", () => {
    expect(shortId("k5x2mzq7w3d4a6bnt2h5c7e3ya")).toBe("k5x2mz");
  });
});

describe("the ledger", () => {
  const head = { seq: 9, digest: "0".repeat(64) };
  const page = (next: number | null, ...seqs: number[]) => {
    const entries = seqs.map((seq) => ({ ...example("ledger_entry"), seq }));
    return ledgerAnswer({ entries, next, names: { [`id${next}`]: "Sam" }, head, fault: null });
  };

  it("is put together from pages, newest first", () => {
    const first = withPage(null, page(8, 9, 8));
    expect(first).toMatchObject({ before: 8, fault: null });
    const second = withPage(first, page(7, 8, 7));
    expect(second.entries.map((entry) => entry.seq)).toEqual([9, 8, 7]);
    expect(second.names).toEqual({ id8: "Sam", id7: "Sam" });
    expect(withPage(second, page(null, 2, 1)).before).toBeNull();
    expect(withPage(null, page(null)).entries).toEqual([]);
  });

  it("shows what an entry holds", () => {
    const data = { user_id: "2f6c0e", seconds: 182, empty: "", none: null, list: ["a"] };
    const entry = { ...page(null, 1).entries[0], data } as Entry;
    expect(details(entry)).toEqual([["user_id", "2f6c0e"], ["seconds", "182"], ["list", '["a"]']]);
  });
});
