import { describe, expect, it } from "vitest";

import { checkKeys, rotationsIn } from "../src/model/portal_key_line";
import { HubError } from "../src/model/portal_keys";
import type { Recorded } from "../src/model/portal_wire";
import { headOf, logOf, newKey, rotationOf } from "./portal_hub";

const [first, second, third] = [newKey(), newKey(), newKey()];
const hub = first.kid;
const FIRST = rotationOf(hub, first, second, "2026-12-01T00:00:00Z");
const SECOND = rotationOf(hub, second, third, "2027-01-01T00:00:00Z");

const log = logOf([
  { kind: "terms" },
  { kind: "key", text: { rotation: FIRST } },
  { kind: "published", id: "k5x2mzq7w3d4a6bnt2h5c7e3ya" },
  { kind: "key", text: { rotation: SECOND } },
]);

function fault(rotations: readonly string[], upTo: number, all: readonly Recorded[] = log, hash?: string): string {
  const head = { ...headOf(log.slice(0, upTo)), hub, at: 0 };
  try {
    checkKeys(all, rotations, { ...head, hash: hash ?? head.hash });
    return "none";
  } catch (error) {
    return error instanceof HubError ? error.why : "strange";
  }
}

describe("what a hub says of its keys", () => {
  it("is what its log has", () => {
    expect(rotationsIn(log)).toEqual([FIRST, SECOND]);
    expect(rotationsIn([])).toEqual([]);
    expect(fault([FIRST, SECOND], 4)).toBe("none");
    expect(fault([], 0, [])).toBe("none");
  });

  it("may be older than the log: then it is what that had by then", () => {
    expect([fault([FIRST], 3), fault([FIRST], 2), fault([], 1), fault([], 0)]).toEqual(Array(4).fill("none"));
    expect([fault([FIRST], 1), fault([FIRST, SECOND], 3), fault([], 2)]).toEqual(Array(3).fill("keys"));
  });

  it("is not less, not more, not others, and in that order", () => {
    expect([fault([], 4), fault([FIRST], 4), fault([SECOND], 4)]).toEqual(Array(3).fill("keys"));
    expect([fault([SECOND, FIRST], 4), fault([FIRST, SECOND, FIRST], 4)]).toEqual(Array(2).fill("keys"));
  });

  it("comes with a head of that log, which is there", () => {
    expect(fault([FIRST], 3, log, "0".repeat(64))).toBe("head");
    expect(fault([FIRST], 4, log.slice(0, 3))).toBe("head");
  });

  it("is not believed where the log lost one, or says none", () => {
    expect(() => rotationsIn(log.map((one) => ({ ...one, beside: null })))).toThrow(new HubError("untold", 2));
    expect(() => rotationsIn(logOf([{ kind: "key" }]))).toThrow();
  });
});
