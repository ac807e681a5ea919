import { describe, expect, it } from "vitest";

import type { Entry } from "../src/model/answers";
import { factsOf, type FactTexts } from "../src/model/ledger_facts";
import { FIND_ALL, GROUP_NAMES, isAll, soughtBy } from "../src/model/ledger_find";
import { panel } from "../src/strings/panel.en";

const texts: FactTexts = {
  ...panel.ledger.facts,
  closed: panel.closed,
  verdicts: panel.rules.verdicts,
};
const facts = (kind: string, data: Record<string, unknown>, names: Record<string, string> = {}) =>
  factsOf({ kind, data } as Entry, names, texts);

describe("what a line says", () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ["received", { portal: "direct", trust: "invited", invite_id: "i1" }, ["by an invite link", "Invite “Anna {x}”"]],
    ["received", { portal: "service", invite_id: null }, ["entered at home"]],
    ["screened", { verdict: "ask", rule_id: "r1", policy: "0".repeat(64), closed: null }, ["You are asked", "Rule “Mine”"]],
    ["screened", { verdict: "ignore", rule_id: "gone", closed: "screened_out" }, ["It is ignored", "Ignored by a rule"]],
    ["matched", { cameras: 2, problem: null }, ["Cameras with footage: 2"]],
    ["matched", { cameras: 0, problem: "folder_gone" }, ["The folder is gone.", "Cameras with footage: 0"]],
    ["draft_failed", { problem: "not_known_here" }, ["not_known_here"]],
    ["draft_failed", { problem: 7 }, []],
    ["asked", { pushed: 1, later: 0 }, ["Approvers pushed: 1", "Left to the digest: 0"]],
    ["approved", { user_id: "u1", means: "push", way: "drop" }, ["to be fetched here", "Sam", "on the phone"]],
    ["approve_rejected", { clause: "expired", user_id: "gone", means: "panel" }, ["it came too late", "in the panel"]],
    ["closed", { reason: "declined", user_id: "u1" }, ["Declined", "Sam"]],
    ["closed", { reason: "expired", user_id: null }, ["Expired without an answer"]],
    ["closed", { reason: "withdrawn", may_have_left: true, user_id: "u1" }, ["Withdrawn", "Sealed bytes may already have left", "Sam"]],
    ["delivery_refused", { given_up: false, may_have_left: false }, []],
    ["chosen", { user_id: null, what: "clip" }, ["an automation"]],
    ["accepting", { accepting: false, user_id: "u1" }, ["Switched off", "Sam"]],
    ["masks_changed", { camera_id: "c1", regions_before: 0, regions_after: 2, user_id: "u1" }, ["Driveway", "Regions hidden before: 0", "Regions hidden now: 2", "Sam"]],
    ["masks_changed", { camera_id: "gone", regions_before: 2, regions_after: 1, user_id: null }, ["Regions hidden before: 2", "Regions hidden now: 1", "in the camera’s settings"]],
    ["one_tap_exposed", { phones: ["Pixel", "iPad"], user_id: "u1" }, ["Pixel, iPad", "Sam"]],
    ["one_tap_exposed", { phones: "x" }, []],
    ["flooded", { invite_id: "i1", count: 40 }, ["Invite “Anna {x}”", "Requests: 40"]],
    ["approved", { way: "tus", storage: "https://s3.example" }, ["by upload", "Kept at https://s3.example"]],
    ["rerouted", { storage: null }, []],
    ["rerouted", { storage: "https://s3.example" }, ["Kept at https://s3.example"]],
    ["shared", { way: "later_way" }, ["later_way"]],
  ])("%s %j", (kind, data, told) => {
    const names = {
      u1: "Sam",
      i1: "Anna {x}",
      c1: "Driveway",
      r1: "Mine",
      folder_gone: "The folder is gone.",
      expired: "it came too late",
    };
    const shown = facts(kind, data, kind === "closed" ? { u1: "Sam" } : names);
    expect([...shown].sort()).toEqual([...told].sort());
  });

  it("takes no word of the engine's for a name", () => {
    expect(facts("draft_failed", { problem: "toString" })).toEqual(["toString"]);
  });
});

describe("which lines are looked for", () => {
  const zone = "Europe/Amsterdam";

  it("is not narrowed by nothing", () => {
    expect(soughtBy(FIND_ALL, zone)).toEqual({});
    expect(isAll({ ...FIND_ALL })).toBe(true);
    const narrowed = [{ group: "sent" }, { caseId: "a" }, { from: "2026-11-23" }, { until: "2026-11-23" }];
    expect(narrowed.map((find) => isAll({ ...FIND_ALL, ...find }))).toEqual([false, false, false, false]);
    expect(soughtBy({ ...FIND_ALL, group: "martian", from: "soon", until: "2026-02-31x" }, zone)).toEqual({});
  });

  it("knows every kind that has a name", () => {
    const kinds = GROUP_NAMES.flatMap((group) => soughtBy({ ...FIND_ALL, group }, zone).kinds ?? []);
    const named = Object.keys(panel.ledger.kinds).filter((kind) => !kind.startsWith("answer_") || kind === "answer_too_late");
    expect([...new Set(kinds)].sort()).toEqual(named.sort());
    expect(GROUP_NAMES).toEqual(Object.keys(panel.ledger.find.groups));
  });

  it("takes whole days of the home's clock", () => {
    expect(soughtBy({ group: "sent", caseId: "k5", from: "2026-11-23", until: "2026-11-23" }, zone)).toMatchObject({
      case_id: "k5",
      since: "2026-11-22T23:00:00Z",
      until: "2026-11-23T23:00:00Z",
    });
    // 25 hours, and a day that begins at one
    const autumn = soughtBy({ ...FIND_ALL, from: "2026-10-25", until: "2026-10-25" }, zone);
    expect(autumn).toEqual({ since: "2026-10-24T22:00:00Z", until: "2026-10-25T23:00:00Z" });
    expect(soughtBy({ ...FIND_ALL, from: "2026-03-29" }, "Asia/Beirut")).toEqual({ since: "2026-03-28T22:00:00Z" });
    // a day that an island skipped
    expect(soughtBy({ ...FIND_ALL, from: "2011-12-30" }, "Pacific/Apia")).toEqual({});
  });
});
