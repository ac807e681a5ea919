import { describe, expect, it } from "vitest";

import { abilities, copyHelps } from "../src/model/abilities";
import { grouped, isBusy, isHere, isOver, learn, mediaOf, type Known } from "../src/model/cases";
import { oneCase, readEvent, type Case, type Event } from "../src/model/wire";
import { aCase, at } from "./cases_of";
import { example } from "./examples";

const event = (message: Record<string, unknown>): Event => {
  const read = readEvent(message);
  if (!read) throw new Error("no event");
  return read;
};
const snapshot = () => event({ ...example("subscribe_snapshot"), cases: [example("case")] });
const HERE = at("19:00:00"); // this device's clock
const ID = aCase().case_id;
const consent = oneCase({ ...example("case"), consent: example("consent") }).consent;
const delivery = oneCase({ ...example("case"), deliveries: [example("delivery")] }).deliveries;

function after(...messages: Record<string, unknown>[]): Known {
  const known = messages.reduce<Known | null>((so, message) => learn(so, event(message), HERE), learn(null, snapshot(), HERE));
  if (!known) throw new Error("nothing known");
  return known;
}

describe("what is known", () => {
  it("begins with the snapshot", () => {
    expect(learn(null, event(example("subscribe_progress")), HERE)).toBeNull();
    const known = after();
    expect(known.snapshot).toMatchObject({ approver: true, waiting: 1 });
    expect([...known.cases.keys()]).toEqual([ID]);
  });

  it("counts notices as they come and go", () => {
    expect(after().snapshot.notices).toBeNull();
    expect(after(example("subscribe_notices")).snapshot.notices).toBe(1);
  });

  it("counts what is told of neighbours, who are there from then on", () => {
    expect([after().heard, after().snapshot.neighbours]).toEqual([1, false]);
    const told = after({ event: "neighbours", now: "2026-11-23T19:00:30Z" });
    expect([told.heard, told.snapshot.neighbours]).toEqual([2, true]);
  });

  it("has the home's clock, by what came with the least delay", () => {
    const told = (known: Known | null, here: number) => learn(known, event(example("subscribe_case")), here);
    const first = learn(null, snapshot(), HERE);
    expect(first?.skew).toBe(30_250);
    expect(told(first, HERE + 9_000)?.skew).toBe(30_250);
    expect(told(first, HERE - 100)?.skew).toBe(30_350);
    expect(learn(told(first, HERE - 100), snapshot(), HERE)?.skew).toBe(30_250);
  });

  it("follows counts, for those who see no cases", () => {
    const known = after({ ...example("subscribe_case"), waiting: 4, accepting: false });
    expect(known.snapshot).toMatchObject({ waiting: 4, accepting: false });
    expect(known.cases.size).toBe(1);
  });

  it("follows a case and its progress", () => {
    const drafting = { ...example("case"), state: "drafting" };
    const known = after(
      { ...example("subscribe_case"), case: drafting },
      example("subscribe_progress"),
    );
    expect(known.cases.get(ID)?.state).toBe("drafting");
    expect(known.progress.get(ID)?.done).toBe(0.42);
    const done = learn(known, event({ ...example("subscribe_case"), case: example("case") }), HERE);
    expect(done?.progress.size).toBe(0);
    const still = learn(known, event({ ...example("subscribe_case"), case: drafting }), HERE);
    expect(still?.progress.size).toBe(1);
    // the line broke, and all is told anew
    expect(learn(known, snapshot(), HERE)?.progress.size).toBe(0);
    const anew = event({ ...example("subscribe_snapshot"), cases: [drafting] });
    expect(learn(known, anew, HERE)?.progress.get(ID)?.done).toBe(0.42);
  });
});

it("cases are grouped by whether they want something, newest first", () => {
  const request = aCase().request;
  const make = (case_id: string, state: Case["state"], received_at: number) =>
    aCase({ case_id, state, request: { ...request, received_at } });
  const groups = grouped([
    make("a", "waiting", 1),
    make("b", "shared", 2),
    make("c", "waiting", 3),
    make("d", "sealed", 4),
    make("e", "closed", 5),
    make("f", "received", 6),
  ]);
  const ids = Object.values(groups).map((group: Case[]) => group.map((one) => one.case_id));
  expect(ids).toEqual([["c", "a"], ["f", "d"], ["e", "b"]]);
  expect([isBusy(make("a", "waiting", 1)), isBusy(make("a", "drafting", 1))]).toEqual([false, true]);
});

describe("what can be done", () => {
  const now = at("20:00:00");
  const late = aCase().request.expires_at;
  const able = (one: Case, when = now) =>
    Object.entries(abilities(one, when))
      .filter(([, can]) => can)
      .map(([name]) => name);

  const half = (first_is_you: boolean): Partial<Case> => {
    const { offer } = aCase();
    return { offer: offer && { ...offer, first: { user: "Ben", at: now }, first_is_you } };
  };

  it.each<[string, Partial<Case>, string[]]>([
    ["waiting with an offer", {}, ["approve", "decline", "pick", "answer"]],
    ["without an offer", { offer: null }, ["decline", "pick", "answer"]],
    ["without footage", { offer: null, draft: null, findings: [] }, ["decline", "answer"]],
    ["before anything was looked for", { state: "received", findings: null }, ["decline"]],
    ["while nothing is known of footage", { offer: null, findings: null }, ["decline", "answer"]],
    ["being drafted", { state: "drafting", offer: null }, ["decline", "pick", "answer"]],
    ["approved", { state: "consented", offer: null, consent }, ["undo", "stop"]],
    ["on its way", { state: "sealed", offer: null, consent }, ["stop"]],
    ["half approved by another", half(false), ["approve", "takeBack", "decline", "pick", "answer"]],
    ["half approved by oneself", half(true), ["takeBack", "decline", "pick", "answer"]],
    ["shared", { state: "shared", offer: null, deliveries: delivery }, ["pick", "answer"]],
    ["closed", { state: "closed", offer: null, draft: null }, []],
  ])("%s", (_name, changes, expected) => {
    expect(able(aCase(changes))).toEqual(expected);
  });

  it("is undo, not stop, while the undo window runs", () => {
    const approved = aCase({ state: "consented", offer: null, consent });
    expect(able(approved, at("19:01:09"))).toEqual(["undo"]);
  });

  it("is no second clip for an address that takes one file", () => {
    const request = { ...aCase().request, way: "put" as const };
    const shared = aCase({ state: "shared", offer: null, deliveries: delivery, request });
    expect(able(shared)).toEqual([]);
  });

  it("ends with the request", () => {
    expect(able(aCase({ offer: null }), late)).toEqual(["decline"]);
  });

  it("includes a key where one is due", () => {
    const request = { ...aCase().request, needs_key: true };
    expect(able(aCase({ offer: null, request }))).toContain("makeKey");
  });
});

it("a delivery is here until it ends or is taken back", () => {
  const [one] = delivery;
  if (!one) throw new Error("no delivery");
  const until = one.available_until ?? 0;
  expect([isHere(one, until - 1), isHere(one, until)]).toEqual([true, false]);
  expect(isHere({ ...one, revoked_at: 1 }, until - 1)).toBe(false);
  expect(isHere({ ...one, available_until: null }, until - 1)).toBe(false);
});

it("a playable copy helps where the recording is at fault", () => {
  const helps = (problem: string | null) => copyHelps(aCase({ problem }));
  expect([helps("media_failed"), helps("disk_full"), helps(null)]).toEqual([true, false, false]);
  expect(helps("pieces_differ")).toBe(true);
});

describe("a film that plays keeps its address", () => {
  const now = at("20:00:00");
  const one = aCase();
  const draft = one.draft;
  if (!draft) throw new Error("no draft");
  const again = aCase({ draft: { ...draft, video: "/api/clip_consent/draft/x?authSig=2" } });

  it("while it is the same draft and the address is good", () => {
    const first = mediaOf(null, one, now);
    expect(first).toMatchObject({ video: draft.video, since: now });
    expect(mediaOf(first, again, now + 60_000)).toBe(first);
  });

  it("no longer when the address is stale, or the draft is another", () => {
    const first = mediaOf(null, one, now);
    expect(mediaOf(first, again, now + 14 * 60_000)?.video).toContain("authSig=2");
    const other = aCase({ draft: { ...draft, sha256: "1".repeat(64) } });
    expect(mediaOf(first, other, now)?.sha256).toBe("1".repeat(64));
    expect(mediaOf(first, aCase({ draft: { ...draft, video: null } }), now)?.video).toBeNull();
    expect(mediaOf(first, aCase({ draft: null }), now)).toBeNull();
  });
});

describe("a case that is over", () => {
  const soon = at("19:00:00");
  const late = Date.parse("2027-06-01T00:00:00Z");

  it("is closed, or shared and no longer to be answered", () => {
    expect(isOver(aCase({ state: "closed" }), soon)).toBe(true);
    expect(isOver(aCase({ state: "shared" }), soon)).toBe(false);
    expect(isOver(aCase({ state: "shared" }), late)).toBe(true);
    expect(isOver(aCase({ state: "waiting" }), late)).toBe(false);
  });

  it("is not over while something of it can be fetched", () => {
    const closed = aCase({ state: "closed", deliveries: delivery });
    expect([isOver(closed, soon), isOver(closed, late)]).toEqual([false, true]);
  });
});
