import { describe, expect, it } from "vitest";

import { characters, checkForm, clean, isWindow, readWindow, type Answers } from "../src/model/ask_form";
import { at } from "./cases_of";
import { example } from "./examples";

const ZONE = "Europe/Amsterdam";
const NOW = at("20:00:00");
const GOOD: Answers = {
  date: "2026-11-23",
  from: "19:02",
  to: "19:05",
  text: "Somebody drove into my bicycle",
  name: "Anna",
  kind: "neighbour",
  contact: "",
  caseNumber: "",
};
const faults = (changes: Partial<Answers>) => {
  const checked = checkForm({ ...GOOD, ...changes }, ZONE, NOW);
  return "faults" in checked ? checked.faults : null;
};
const body = (changes: Partial<Answers>) => {
  const checked = checkForm({ ...GOOD, ...changes }, ZONE, NOW);
  return "body" in checked ? checked.body : null;
};

describe("the form", () => {
  it("sends the documented body, but for the key", () => {
    const { recipient, ...documented } = example("ask");
    expect(recipient).toMatch(/^age1/);
    expect(body({})).toEqual(documented);
  });

  it.each([
    [{ date: "" }, { date: "required" }],
    [{ from: "" }, { from: "required" }],
    [{ to: "" }, { to: "required" }],
    [{ date: "2025-11-22" }, { date: "too_old" }],
    [{ date: "2026-11-24" }, { date: "future" }],
    [{ from: "21:05", to: "21:10" }, { from: "future" }],
    [{ from: "20:50", to: "21:10" }, { to: "future" }],
    [{ to: "19:02" }, { to: "window_short" }],
    [{ to: "07:30" }, { to: "end_before_start" }],
    [{ from: "01:00", to: "14:00" }, { to: "window_long" }],
    [{ date: "2026-03-29", from: "02:30", to: "03:10" }, { from: "skipped_hour" }],
    [{ date: "2026-03-29", from: "01:30", to: "02:10" }, { to: "skipped_hour" }],
    [{ text: "  \n " }, { text: "required" }],
    [{ text: "x".repeat(2001) }, { text: "too_long" }],
    [{ name: "" }, { name: "required" }],
    [{ name: "\u3164" }, { name: "required" }],
    [{ name: "x".repeat(128) }, { name: "too_long" }],
    [{ kind: "" }, { kind: "required" }],
    [{ kind: "king" }, { kind: "required" }],
    [{ contact: "x".repeat(256) }, { contact: "too_long" }],
    [{ kind: "police" }, { caseNumber: "required" }],
    [{ kind: "police", caseNumber: "x".repeat(65) }, { caseNumber: "too_long" }],
    [{ name: "", text: "" }, { name: "required", text: "required" }],
  ])("finds what is wrong with %j", (changes, expected) => {
    expect(faults(changes)).toEqual(expected);
  });

  it.each([
    [{ text: "x".repeat(2000), name: "x".repeat(127), contact: "x".repeat(255) }],
    [{ text: "🚲".repeat(2000) }],
    [{ kind: "police", caseNumber: "x".repeat(64) }],
    [{ date: "2025-11-23" }],
    [{ from: "08:00", to: "20:00" }],
  ])("takes what is just within the limits", (changes) => {
    expect(faults(changes)).toBeNull();
  });

  it("leaves the case number out for all but the police", () => {
    expect(body({ caseNumber: "77" })?.case_number).toBe("");
    expect(body({ kind: "police", caseNumber: " 77 " })?.case_number).toBe("77");
  });

  it("keeps single lines single", () => {
    expect(body({ name: "Anna\r\nB.", contact: "a\u2028b" })).toMatchObject({ name: "Anna B.", contact: "a b" });
  });
});

describe("the window", () => {
  const window = (date: string, from: string, to: string) => {
    const read = readWindow({ date, from, to }, ZONE);
    if (!isWindow(read)) throw new Error("no window");
    return read;
  };

  it("ends the next day if the end is earlier", () => {
    const { start, end, nextDay } = window("2026-11-22", "23:50", "00:20");
    expect([end - start, nextDay]).toEqual([30 * 60_000, true]);
  });

  it("holds both hours of the night the clock is put back", () => {
    const { start, end, twice } = window("2026-10-25", "02:10", "02:20");
    expect([end - start, twice]).toEqual([70 * 60_000, true]);
    expect(window("2026-10-25", "02:10", "04:00").twice).toBe(true);
    expect(window("2026-10-25", "01:10", "02:20").twice).toBe(true);
    expect(window("2026-10-25", "04:10", "04:20").twice).toBe(false);
  });
});

describe("texts are tidied so that the server takes them", () => {
  it.each([
    ["a\tb\r\nc\rd\u2028e", "a b\nc\nd\ne"],
    ["a\u0000b\u0007c\u202Ed\uFEFF", "abcd"],
    ["\uD800x\uE000", "\uFFFDx\uFFFD"],
    ["\u{1FAEA}\u{3FFFD}", "\u{1FAEA}\u{3FFFD}"],
    ["\u0378", "\u0378"],
    ["x\uFFFF\u{50000}\u2065", "x\uFFFD\uFFFD\uFFFD"],
    ["👨\u200D👩 na\u00ADme", "👨\u200D👩 na\u00ADme"],
    ["e\u0301", "é"],
    [`z${"\u0335".repeat(9)}a`, `z${"\u0335".repeat(3)}a`],
    ["<img src=x>", "<img src=x>"],
    ["\u2800\u115F", ""],
  ])("%j", (typed, sent) => {
    expect(clean(typed)).toBe(sent);
  });

  it("and counted by characters", () => {
    expect(characters("🚲é")).toBe(2);
  });
});
