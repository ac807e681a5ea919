import { describe, expect, it } from "vitest";

import { isSilent, soundOf } from "../src/model/sound";
import { standingOf } from "../src/model/standing";
import { oneCase } from "../src/model/wire";
import { aCase, at } from "./cases_of";
import { example } from "./examples";

const consent = { user: "Sam", means: "panel", at: at("19:01:00"), undo_until: at("19:01:10") } as const;
const delivery = oneCase({ ...(example("case") as object), deliveries: [example("delivery")] }).deliveries;
const shown = aCase().draft;
if (shown === null) throw new Error("the documented case has a draft");
const draft = shown;

describe("what is said of a draft", () => {
  it("is that it would be sent, as long as nobody agreed", () => {
    for (const state of ["drafted", "waiting"] as const) expect(standingOf(aCase({ state }))).toBe("would");
  });

  it("is that it will be sent, once somebody did", () => {
    for (const state of ["consented", "sealed"] as const) {
      expect(standingOf(aCase({ state, consent }))).toBe("will");
    }
  });

  it("is that it was sent, if it is the one that was", () => {
    const shared = aCase({ state: "shared", deliveries: delivery });
    expect(standingOf(shared)).toBe("was");
    expect(standingOf({ ...shared, request: { ...shared.request, way: "hand_over" } })).toBe("handed");
    expect(standingOf({ ...shared, draft: { ...draft, sha256: "1".repeat(64) } })).toBe("over");
    expect(standingOf(aCase({ state: "closed" }))).toBe("over");
    const never = delivery.map((one) => ({ ...one, delivered_at: null }));
    expect(standingOf({ ...shared, deliveries: never })).toBe("over");
  });
});

describe("whether there is sound", () => {
  const mute = { ...draft, changes: ["stream_copy"] };
  const choice = { camera: draft.camera_id ?? "", start: draft.start, end: draft.end, audio: false, exact: false, masks: [] };

  it("is known of a draft", () => {
    expect(soundOf({ ...draft, audio: true })).toBe("with");
    expect(soundOf(draft)).toBe("without");
    expect(soundOf(mute)).toBe("none");
  });

  it("is known of a choice that lies in a draft, and of no other", () => {
    expect(isSilent(choice, mute)).toBe(true);
    expect(isSilent(choice, draft)).toBe(false);
    expect(isSilent(choice, null)).toBe(false);
    expect(isSilent(choice, { ...mute, text: "No" })).toBe(false);
    expect(isSilent({ ...choice, camera: "another" }, mute)).toBe(false);
    expect(isSilent({ ...choice, start: draft.start - 1 }, mute)).toBe(false);
    expect(isSilent({ ...choice, end: draft.end + 1 }, mute)).toBe(false);
  });
});
