import { describe, expect, it, vi } from "vitest";

import { exportLedger } from "../src/model/call";
import { collect, type Found } from "../src/model/history";
import { ShapeError } from "../src/model/shape";
import type { Case } from "../src/model/wire";

function found(count: number, next: number | null): Found {
  return { cases: Array.from({ length: count }, () => ({}) as Case), next };
}

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
