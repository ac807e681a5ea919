import { describe, expect, it } from "vitest";

import {
  corrections,
  covered,
  firstChoice,
  forCamera,
  limitsOf,
  moved,
  partsOf,
  pictureTimes,
  place,
  runsOf,
  stepped,
  withFootage,
  type Choice,
} from "../src/model/picker";
import type { Finding } from "../src/model/wire";
import { aCase, at } from "./cases_of";

const CAMERA = "01K9ZQ3V7C2M4N5P6Q7R8S9T0V";
const LIMITS = { start: at("18:00:00"), end: at("19:00:00"), maxSeconds: 600 };
const CHOICE: Choice = { camera: CAMERA, start: at("18:10:00"), end: at("18:15:00"), audio: false, exact: false, masks: [] };
const run = (start: string, end: string) => ({ start: at(start), end: at(end) });
const finding = (camera_id: string, ...runs: Finding["runs"]): Finding => ({ camera_id, camera: null, runs });

describe("the first choice", () => {
  it("is what was chosen for the draft, wherever that could begin and end", () => {
    const chosen = { start: at("18:02:30"), end: at("18:04:59") + 966 };
    const { draft } = aCase();
    const made = draft && { ...draft, chosen, start: at("18:02:28"), end: at("18:04:57") };
    expect(firstChoice(aCase({ draft: made }))).toEqual({ camera: CAMERA, ...chosen, audio: false, exact: false, masks: [] });
  });

  it("is within what was asked for", () => {
    const { draft } = aCase();
    const chosen = { start: at("18:01:58"), end: at("18:05:02") };
    const within = { start: at("18:02:00"), end: at("18:05:00") };
    const one = aCase({ draft: draft && { ...draft, chosen } });
    expect(firstChoice(one)).toEqual({ camera: CAMERA, ...within, audio: false, exact: false, masks: [] });
  });

  it("is the first run where the draft is words", () => {
    const { draft } = aCase();
    const words = draft && { ...draft, chosen: null };
    expect(firstChoice(aCase({ draft: words }))?.start).toBe(at("18:02:00"));
  });

  it("is else the first run that there is, as long as the rules allow", () => {
    const request = { ...aCase().request, start: at("18:00:00"), end: at("20:00:00") };
    const findings = [finding("a"), finding("b", run("18:20:00", "19:00:00"))];
    const one = aCase({ draft: null, findings, request });
    expect(firstChoice(one)).toEqual({ camera: "b", start: at("18:20:00"), end: at("18:30:00"), audio: false, exact: false, masks: [] });
    expect(withFootage(one).map((found) => found.camera_id)).toEqual(["b"]);
    expect(firstChoice(aCase({ findings }))?.camera).toBe("b");
  });

  it("is nothing where nothing is", () => {
    expect(firstChoice(aCase({ draft: null, findings: null }))).toBeNull();
    expect(forCamera(aCase(), "unknown", true)).toBeNull();
    expect(runsOf(aCase({ findings: null }), CAMERA)).toEqual([]);
  });

  it("knows the limits before the rules were asked", () => {
    expect(limitsOf(aCase({ screening: null })).maxSeconds).toBe(600);
    expect(limitsOf(aCase()).start).toBe(at("18:02:00"));
  });
});

describe("moving an end", () => {
  it.each([
    ["start", "18:12:30", "18:12:30", "18:15:00"],
    ["start", "17:00:00", "18:00:00", "18:10:00"],
    ["start", "18:20:00", "18:20:00", "18:20:01"],
    ["start", "19:30:00", "18:59:59", "19:00:00"],
    ["end", "18:12:30", "18:10:00", "18:12:30"],
    ["end", "18:30:00", "18:20:00", "18:30:00"],
    ["end", "18:05:00", "18:04:59", "18:05:00"],
    ["end", "17:00:00", "18:00:00", "18:00:01"],
    ["end", "20:00:00", "18:50:00", "19:00:00"],
  ] as const)("the %s to %s", (which, to, start, end) => {
    expect(moved(CHOICE, which, at(to), LIMITS)).toEqual({ ...CHOICE, start: at(start), end: at(end) });
  });
});

describe("a step", () => {
  const odd = at("18:04:59") + 966;

  it.each([
    [0, odd],
    [1, at("18:05:00")],
    [-1, at("18:04:58")],
    [10, at("18:05:09")],
    [Infinity, Infinity],
  ])("of %i seconds goes to a whole one, as it is shown", (seconds, to) => {
    expect(stepped(odd, seconds)).toBe(to);
  });
});

describe("what was changed of what was set", () => {
  it.each([
    ["start", "18:12:30", []],
    ["start", "17:00:00", ["start window", "end length"]],
    ["start", "18:20:00", ["end order"]],
    ["start", "19:30:00", ["start window", "end order"]],
    ["end", "18:12:30", []],
    ["end", "18:30:00", ["start length"]],
    ["end", "18:05:00", ["start order"]],
    ["end", "20:00:00", ["end window", "start length"]],
  ] as const)("is told: the %s to %s", (which, to, told) => {
    const after = moved(CHOICE, which, at(to), LIMITS);
    const found = corrections(CHOICE, which, at(to), after, LIMITS);
    expect(found.map((one) => `${one.which} ${one.why}`)).toEqual(told);
  });
});

describe("pictures and places", () => {
  const runs = [run("18:00:00", "18:10:00"), run("18:40:00", "18:50:00")];

  it("are spread over what the camera has", () => {
    expect(pictureTimes(runs, LIMITS, 4)).toEqual(["18:02:30", "18:07:30", "18:42:30", "18:47:30"].map(at));
  });

  it("stay within the window and are not more than seconds", () => {
    expect(pictureTimes([run("17:00:00", "18:00:02")], LIMITS, 4)).toEqual(["18:00:00", "18:00:01"].map(at));
    expect(pictureTimes([run("17:00:00", "17:30:00")], LIMITS, 4)).toEqual([]);
    expect(pictureTimes([{ start: at("18:00:00") + 700, end: at("18:00:02") }], LIMITS, 1)).toEqual([at("18:00:01")]);
    expect(pictureTimes([{ start: at("18:00:00") + 900, end: at("18:00:01") + 950 }], LIMITS, 1)).toEqual([at("18:00:01")]);
    expect(pictureTimes([{ start: at("18:00:00") + 100, end: at("18:00:01") + 100 }], LIMITS, 1)).toEqual([at("18:00:00") + 100]);
  });

  it("tell how much of a choice there is", () => {
    expect(covered(CHOICE, runs)).toBe(0);
    expect(covered({ ...CHOICE, start: at("18:09:00"), end: at("18:41:00") }, runs)).toBe(120);
  });

  it("lie where they lie in the window", () => {
    expect(place(run("18:15:00", "18:30:00"), LIMITS)).toEqual({ x: 250, width: 250 });
    expect(place(run("17:00:00", "20:00:00"), LIMITS)).toEqual({ x: 0, width: 1000 });
  });
});

describe("the parts of a choice", () => {
  it.each([
    [[run("18:00:00", "19:00:00")], ["18:10-18:15"]],
    [[run("18:00:00", "18:11:00"), run("18:12:00", "19:00:00")], ["18:10-18:11", "18:12-18:15"]],
    [[run("18:00:00", "18:10:00"), run("18:12:00", "18:13:00")], ["18:12-18:13"]],
    [[run("17:00:00", "18:10:00"), run("18:15:00", "19:00:00")], []],
    [[], []],
  ])("of %j", (runs, told) => {
    const parts = partsOf(CHOICE, runs);
    const clock = (moment: number) => new Date(moment).toISOString().slice(11, 16);
    expect(parts.map(({ start, end }) => `${clock(start)}-${clock(end)}`)).toEqual(told);
    expect(parts.every(({ camera }) => camera === CAMERA)).toBe(true);
  });
});
