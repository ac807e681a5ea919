import { describe, expect, it } from "vitest";

import { HubError } from "../src/model/portal_keys";
import { checkLog, checkTerms, published } from "../src/model/portal_log";
import type { Recorded } from "../src/model/portal_wire";
import { headOf, logOf, tools } from "./portal_hub";

const ONE = "k5x2mzq7w3d4a6bnt2h5c7e3ya";
const TWO = "t2u3v4w5x6y7z2a3b4c5d6e7f2";
const NOW = Date.parse("2026-11-25T00:00:00Z");
const ITEM = {
  type: "request",
  id: ONE,
  published_at: "2026-11-24T09:00:00Z",
  expires_at: "2026-12-01T09:00:00Z",
  kind: "police",
  name: "PC Meier",
  organisation: "Police station 12",
  verified_how: "Met in person",
  contact: "x",
  case_number: "2026-1187",
  title: "Car scratched",
  text: "A blue van.",
  start: "2026-11-23T18:00:00Z",
  end: "2026-11-23T19:00:00Z",
  area: { kind: "circle", latitude: 52.52, longitude: 13.4, radius: 200 },
};
const NOTICE = {
  ...{ type: "notice", id: TWO, published_at: ITEM.published_at, expires_at: ITEM.expires_at },
  ...{ title: "t", text: "t", cells: ["u33db"], author: "operator" },
};

const head = (log: readonly Recorded[]) => ({ ...headOf(log), hub: "", at: 0 });

function faultOf(log: readonly Recorded[], signed = head(log)): [string, number] {
  try {
    checkLog(log, signed, tools);
    return ["none", 0];
  } catch (error) {
    if (error instanceof HubError) return [error.why, error.n];
    throw error;
  }
}

const whole = (): Recorded[] =>
  logOf([
    { kind: "published", id: ONE, text: { ...ITEM, text: "é 1e-07 \u2028" } },
    { kind: "published", id: TWO, redacted: true },
    { kind: "redacted", id: TWO, target: 2, text: { who: "Ann", why: "It named a child." } },
    { kind: "note", id: ONE, target: 1, text: { text: "It was red." } },
  ]);

describe("a log is held to its chain", () => {
  it("and is whole, also where a text was redacted, also when empty", () => {
    expect(faultOf(whole())).toEqual(["none", 0]);
    expect(faultOf([])).toEqual(["none", 0]);
  });

  it("wherever an entry was changed", () => {
    for (const [name, value] of Object.entries({ at: "2026-11-24T09:00:01Z", kind: "x", id: null, target: 9, digest: "0".repeat(64) })) {
      const log = whole();
      const fields = log[0]?.entry.fields ?? {};
      fields[name] = value;
      expect(faultOf(log), name).toEqual(["chain", 1]);
    }
  });

  it("wherever one was taken out, put in, or moved", () => {
    expect(faultOf(whole().slice(1))).toEqual(["chain", 1]);
    expect(faultOf(whole().toSpliced(1, 1))).toEqual(["chain", 2]);
    const [one, two, ...more] = whole();
    if (!one || !two) throw new Error("too short");
    expect(faultOf([two, one, ...more])).toEqual(["chain", 1]);
    const other = logOf([{ kind: "resolved", id: ONE, target: 1 }, { kind: "resolved", id: ONE, target: 1 }]);
    expect(faultOf([one, ...other.slice(1)])).toEqual(["chain", 2]);
  });

  it("wherever it was cut off", () => {
    const log = whole();
    expect(faultOf(log.slice(0, 3), head(log))).toEqual(["head", 4]);
    expect(faultOf(log, { ...head(log), hash: "1".repeat(64) })).toEqual(["head", 4]);
  });

  it("wherever a text is another, or is gone and nobody says why", () => {
    const log = whole();
    const [one, , , four] = log;
    const changed = { entry: one?.entry, beside: { salt: "0".repeat(32), text: "{}" } } as Recorded;
    expect(faultOf([changed, ...log.slice(1)])).toEqual(["text", 1]);
    const gone = { entry: four?.entry, beside: null } as Recorded;
    expect(faultOf([...log.slice(0, 3), gone])).toEqual(["untold", 4]);
  });

  it("wherever another text than one that somebody wrote is gone, whatever is said of it", () => {
    for (const kind of ["terms", "redacted", "resolved", "withdrawn", "key", "restored", "of_a_later_version"]) {
      const log = logOf([{ kind, redacted: true }, { kind: "redacted", target: 1, text: { who: "", why: "" } }]);
      expect(faultOf(log), kind).toEqual(["untold", 1]);
    }
    for (const kind of ["published", "note"]) {
      const log = logOf([{ kind, id: ONE, redacted: true }, { kind: "redacted", id: ONE, target: 1 }]);
      expect(faultOf(log), kind).toEqual(["none", 0]);
    }
  });

  it("wherever the reason stands before what it is for", () => {
    const why = { who: "Ann", why: "It named a child." };
    const before = [
      { kind: "redacted", id: ONE, target: 2, text: { who: "", why: "" } },
      { kind: "published", id: ONE, redacted: true },
    ];
    expect(faultOf(logOf(before))).toEqual(["untold", 2]);
    const log = logOf([...before, { kind: "redacted", id: ONE, target: 2, text: why }]);
    expect(faultOf(log)).toEqual(["none", 0]);
    expect(published(log, NOW)[0]?.tombstone).toMatchObject(why);
  });
});

describe("rules and limits", () => {
  const terms = {
    ...{ name: "n", operator: "o", contact: "c", cells: ["u33db"], neighbours_may_ask: true, rules: "r" },
    limits: { b: 1, a: 0.065 },
  };
  const fault = (log: readonly Recorded[], info: object): [string, number] | null => {
    try {
      checkTerms(log, { ...info });
      return null;
    } catch (error) {
      if (error instanceof HubError) return [error.why, error.n];
      throw error;
    }
  };

  it("are those that the log has last, in whatever order", () => {
    const log = logOf([{ kind: "terms", text: { ...terms, rules: "old" } }, { kind: "terms", text: terms }]);
    expect(fault(log, { ...terms, limits: { a: 0.065, b: 1 }, hub: "x" })).toBeNull();
    expect(fault(log, { ...terms, rules: "old" })).toEqual(["terms", 2]);
    expect(fault(log, { ...terms, limits: { a: 0.065, b: 2 } })).toEqual(["terms", 2]);
    expect(fault(log, { ...terms, cells: [] })).toEqual(["terms", 2]);
  });

  it("have to be in a log that has anything", () => {
    expect(fault([], terms)).toBeNull();
    expect(fault(whole(), terms)).toEqual(["terms", 0]);
  });
});

describe("what was published", () => {
  const stateOf = (more: Parameters<typeof logOf>[0], now = NOW) =>
    published(logOf([{ kind: "published", id: ONE, text: ITEM }, ...more]), now).at(-1);

  it("comes newest first, with what was added to it", () => {
    const all = published(whole(), NOW);
    expect(all.map(({ n, id, state }) => [n, id, state])).toEqual([
      [2, TWO, "redacted"],
      [1, ONE, "open"],
    ]);
    expect(all[0]?.tombstone).toEqual({ who: "Ann", why: "It named a child.", at: Date.parse("2026-11-24T09:00:00Z") });
    expect(all[0]?.item).toBeNull();
    expect(all[1]?.item?.title).toBe("Car scratched");
    expect(all[1]?.notes).toEqual([{ n: 4, at: Date.parse("2026-11-24T09:00:00Z"), text: "It was red.", tombstone: null }]);
  });

  it("is open until it is over, resolved or withdrawn", () => {
    expect(stateOf([])).toMatchObject({ state: "open", overAt: null });
    expect(stateOf([], Date.parse("2026-12-01T09:00:00Z"))?.state).toBe("expired");
    const over = { id: ONE, target: 1, at: "2026-11-24T12:00:00Z" };
    expect(stateOf([{ kind: "resolved", ...over }])).toMatchObject({ state: "resolved", overAt: Date.parse(over.at) });
    expect(stateOf([{ kind: "withdrawn", ...over }])).toMatchObject({ state: "withdrawn", ending: null });
  });

  it("says where the hub itself took it back, and why", () => {
    const over = { kind: "withdrawn", id: ONE, target: 1 };
    const endingOf = (text: object): unknown => stateOf([{ ...over, text }])?.ending;
    expect(endingOf({ by: "hub", reason: "requester_gone" })).toBe("requester_gone");
    expect(endingOf({ by: "hub", reason: "of a later version" })).toBe("hub");
    expect(endingOf({ by: "hub" })).toBe("hub");
    expect(endingOf({ by: "somebody" })).toBeNull();
  });

  it("also notices; kinds of a later version stand as entries without words", () => {
    const [later, notice] = published(
      logOf([
        { kind: "published", id: TWO, text: NOTICE },
        { kind: "published", id: ONE, text: { type: "poll" } },
        { kind: "published", id: null },
        { kind: "key", text: { rotation: "x" } },
      ]),
      NOW,
    );
    expect(notice?.item?.type).toBe("notice");
    expect(later).toMatchObject({ item: null, tombstone: null, state: "open" });
  });

  it("keeps the place of a note that was redacted, and of a tombstone that was", () => {
    const notes = stateOf([
      { kind: "note", id: ONE, target: 1, redacted: true },
      { kind: "redacted", id: ONE, target: 2, redacted: true },
      { kind: "note", id: ONE, target: 1, redacted: true },
    ])?.notes;
    expect(notes?.map(({ text, tombstone }) => [text, tombstone && [tombstone.who, tombstone.why]])).toEqual([
      [null, ["", ""]],
      [null, null],
    ]);
  });

  it("is refused where its text is no object", () => {
    const [one] = whole();
    const strange = { entry: one?.entry, beside: { salt: "0".repeat(32), text: "[" } } as Recorded;
    expect(() => published([strange], NOW)).toThrow("JSON expected");
  });
});
