import { describe, expect, it, vi } from "vitest";

import { exportLedger } from "../src/model/commands";
import { BEGINNING, collect, isAll, soughtBy, type Found } from "../src/model/history";
import { ShapeError } from "../src/model/shape";
import type { Case } from "../src/model/wire";

function found(count: number, next: number | null): Found {
  return { cases: Array.from({ length: count }, () => ({}) as Case), next };
}

describe("what is looked for", () => {
  const { wanted } = BEGINNING;

  it("is everything to begin with", () => {
    expect(isAll(wanted)).toBe(true);
    expect(soughtBy(wanted, "Europe/Amsterdam")).toEqual({ search: "", only: "all" });
    const narrow = [{ search: "a" }, { only: "shared" as const }, { camera: "a" }, { day: "2026-11-23" }];
    expect(narrow.map((one) => isAll({ ...wanted, ...one }))).toEqual([false, false, false, false]);
  });

  it("is of a camera, and of a day on the home's clock", () => {
    const sought = soughtBy({ search: "x", only: "shared", camera: "a", day: "2026-10-25" }, "Europe/Amsterdam");
    expect(sought).toEqual({
      search: "x",
      only: "shared",
      camera_id: "a",
      since: "2026-10-24T22:00:00Z",
      until: "2026-10-25T23:00:00Z", // 25 hours
    });
  });
});

describe("looking through the history", () => {
  it("asks on while too little was found", async () => {
    const ask = vi
      .fn<(before: unknown) => Promise<Found>>()
      .mockResolvedValueOnce(found(0, 500))
      .mockResolvedValueOnce(found(2, 300))
      .mockResolvedValueOnce(found(3, 100));
    const page = await collect(ask, null, 4);
    expect([page.cases.length, page.next]).toEqual([5, 100]);
    expect(ask.mock.calls.map(([before]) => before)).toEqual([null, 500, 300]);
  });

  it("ends where there is no more", async () => {
    const ask = vi.fn<() => Promise<Found>>().mockResolvedValueOnce(found(1, null));
    expect(await collect(ask, 7, 50)).toEqual(found(1, null));
    expect(ask).toHaveBeenCalledExactlyOnceWith(7);
  });

  it("gives up for now where nothing is found for long", async () => {
    const ask = vi.fn<() => Promise<Found>>().mockResolvedValue(found(0, 9));
    expect(await collect(ask, null, 50)).toEqual(found(0, 9));
    expect(ask).toHaveBeenCalledTimes(20);
  });
});

describe("exporting the ledger", () => {
  it("is an action, whose answer is taken out of what is around it", async () => {
    const callWS = vi.fn().mockResolvedValue({ context: {}, response: { entries: [], head: {} } });
    expect(await exportLedger({ callWS })).toEqual({ entries: [], head: {} });
    expect(callWS).toHaveBeenCalledExactlyOnceWith({
      type: "call_service",
      domain: "clip_consent",
      service: "export_ledger",
      return_response: true,
    });
  });

  it("is no file if it is something else", async () => {
    const callWS = vi.fn().mockResolvedValue({ response: null });
    await expect(exportLedger({ callWS })).rejects.toBeInstanceOf(ShapeError);
  });
});
