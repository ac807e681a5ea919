import { describe, expect, it } from "vitest";

import { forAll, isHeld, NOTICE_COMMANDS, noticeFault, noticesTold } from "../src/model/notices";
import { example } from "./examples";

const told = noticesTold(example("notices"));
const [written] = told.written;
const [hub] = told.hubs;
if (!written || !hub) throw new Error("no example");

describe("notices", () => {
  it("are read as the page has them", () => {
    expect(told.notices[0]).toMatchObject({ author: "operator", comments: false });
    expect(written.state).toBe("waiting");
    expect(hub.cell).toBe("u33db");
    expect(NOTICE_COMMANDS.send.type).toBe("clip_consent/send_notice");
  });

  it.each([
    [" ", "Words", "needed"],
    ["Ice", "\n", "needed"],
    ["x".repeat(128), "Words", "titleLong"],
    ["🚲".repeat(127), "x".repeat(2_001), "textLong"],
    ["🚲".repeat(127), "x".repeat(2_000), null],
  ])("that break a limit are named", (title, words, fault) => {
    expect(noticeFault(title, words)).toBe(fault);
  });

  it("can be for all of a hub that is small enough", () => {
    expect(forAll(hub)).toBe(true);
    expect(forAll({ ...hub, cells: ["u33db"] })).toBe(false);
    expect(forAll({ ...hub, cells: Array.from({ length: 10 }, (_, n) => `u33d${n}`) })).toBe(false);
  });

  it("can be taken back while they are held", () => {
    expect(isHeld(written, written.due_at - 1)).toBe(true);
    expect(isHeld(written, written.due_at)).toBe(false);
    expect(isHeld({ ...written, state: "sent" }, 0)).toBe(false);
  });
});
