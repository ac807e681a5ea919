import { describe, expect, it } from "vitest";

import { absolute, readAddress, searchOf, tabsFor, type Address } from "../src/model/address";
import { mannerOf } from "../src/model/manner";

const ID = "k5x2mzq7w3d4a6bnt2h5c7e3ya";

describe("the address", () => {
  it.each<[string, Address]>([
    ["", { tab: "requests", caseId: null }],
    [`?case=${ID}`, { tab: "requests", caseId: ID }],
    ["?tab=ledger", { tab: "ledger", caseId: null }],
    [`?tab=history&case=${ID}`, { tab: "history", caseId: ID }],
  ])("%j is read and written", (search, address) => {
    expect(readAddress(search)).toEqual(address);
    expect(searchOf(address)).toBe(search);
  });

  it.each(["?case=<img>", "?case=", "?tab=admin", `?case=${ID}x`])("%j leads nowhere", (search) => {
    expect(readAddress(search)).toEqual({ tab: "requests", caseId: null });
  });

  it("has tabs for each role", () => {
    const tabs = (approver: boolean, admin: boolean, neighbours = false, notices: number | null = null) =>
      tabsFor({ approver, admin, neighbours, notices });
    expect(tabs(true, false)).toHaveLength(5);
    expect(tabs(true, false, true)).toContain("neighbours");
    expect(tabs(true, false, true)).not.toContain("notices");
    expect(tabs(true, false, false, 0)).toContain("notices");
    expect(tabs(false, true)).toEqual(["requests", "rules", "ledger"]);
    expect(tabs(false, true, true, 0)).toEqual(["requests", "neighbours", "rules", "ledger"]);
    expect(tabs(false, false, true, 0)).toEqual(["requests"]);
  });

  it("of a link is made whole", () => {
    expect(absolute("/api/x", "http://home:8123")).toBe("http://home:8123/api/x");
    expect(absolute("https://a.example/x", "http://home:8123")).toBe("https://a.example/x");
  });
});

describe("times are told", () => {
  it.each([
    [{ language: "en-US", time_format: "12" }, { locale: "en-US", zone: "Europe/Amsterdam", hour12: true }],
    [{ language: "nl", time_format: "24" }, { locale: "nl", zone: "Europe/Amsterdam", hour12: false }],
    [{ language: "en", time_format: "language" }, { locale: "en", zone: "Europe/Amsterdam" }],
    [undefined, { locale: "en-GB", zone: "Europe/Amsterdam" }],
  ])("as the user set it up: %j", (user, manner) => {
    expect(mannerOf(user, "Europe/Amsterdam")).toEqual(manner);
  });

  it("in UTC where the browser does not know the zone", () => {
    expect(mannerOf(undefined, "Mars/Olympus").zone).toBe("UTC");
  });
});
