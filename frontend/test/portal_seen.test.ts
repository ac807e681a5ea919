import { describe, expect, it } from "vitest";

import { HubError } from "../src/model/portal_keys";
import { restorations } from "../src/model/portal_log";
import { checkSeen, KeptHead } from "../src/model/portal_seen";
import { headOf, logOf } from "./portal_hub";

const HUB = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
const log = logOf([{ kind: "terms" }, { kind: "key" }, { kind: "key" }]);
const seenOf = (all: typeof log, hub = HUB) => ({ hub, ...headOf(all), at: 1 });

function storage(held: string | null = null): Storage {
  return {
    getItem: () => held,
    setItem: (_: string, value: string) => {
      held = value;
    },
  } as unknown as Storage;
}

const why = (...args: Parameters<typeof checkSeen>): string => {
  try {
    checkSeen(...args);
    return "goes on";
  } catch (error) {
    return error instanceof HubError ? `${error.why} ${error.n}` : "broke";
  }
};

describe("what a browser saw of a record", () => {
  it("is kept as data", () => {
    const kept = new KeptHead(storage.bind(null, null));
    expect(kept.read()).toBeNull();
    const one = storage();
    const again = new KeptHead(() => one);
    again.write(seenOf(log));
    expect(again.read()).toEqual(seenOf(log));
  });

  it.each(["", "[]", '{"hub":"x","n":1,"hash":"<b>","at":1}'])("is not read from %s", (text) => {
    expect(new KeptHead(() => storage(text)).read()).toBeNull();
  });

  it("is nothing where nothing can be kept", () => {
    const kept = new KeptHead(() => {
      throw new Error("SecurityError");
    });
    expect(kept.read()).toBeNull();
    expect(() => kept.write(seenOf(log))).not.toThrow();
  });

  it("has to be a part of what is shown later", () => {
    const other = logOf([{ kind: "terms", text: { a: 1 } }, { kind: "key" }, { kind: "key" }, { kind: "key" }]);
    expect(why(null, HUB, log)).toBe("goes on");
    expect(why(seenOf(log), HUB, log)).toBe("goes on");
    expect(why(seenOf(log.slice(0, 1)), HUB, log)).toBe("goes on");
    expect(why(seenOf([]), HUB, log)).toBe("goes on");
    expect(why(seenOf(log), HUB, log.slice(0, 2))).toBe("rollback 3");
    expect(why(seenOf(log), HUB, other)).toBe("fork 3");
    expect(why(seenOf(log, "another"), HUB, log)).toBe("other 0");
  });
});

describe("a hub that went on from a backup", () => {
  it("says so in its record", () => {
    const said = logOf([
      { kind: "terms" },
      { kind: "restored", at: "2026-11-25T09:00:00Z", text: { n: 7, hash: "a".repeat(64) } },
      { kind: "restored", text: { n: null, hash: null } },
      { kind: "restored", redacted: true },
    ]);
    expect(restorations(said).map(({ n, lost }) => [n, lost])).toEqual([[2, 7], [3, null], [4, null]]);
    expect(restorations(said)[0]?.at).toBe(Date.parse("2026-11-25T09:00:00Z"));
  });
});
