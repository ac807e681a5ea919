import { describe, expect, it } from "vitest";

import {
  momentsOf,
  offsetAt,
  offsetName,
  parseWall,
  wallClock,
  wallDate,
  wallOf,
  zonesByArea,
} from "../src/model/zone";

const AMSTERDAM = "Europe/Amsterdam";
const utc = (text: string): number => Date.parse(`${text}Z`);

describe("clock time", () => {
  it.each([
    [AMSTERDAM, "2026-11-23T19:02:00", ["2026-11-23T18:02:00"]],
    [AMSTERDAM, "2026-07-01T00:00:00", ["2026-06-30T22:00:00"]],
    // Put forward from 02:00 to 03:00.
    [AMSTERDAM, "2026-03-29T02:30:00", []],
    [AMSTERDAM, "2026-03-29T03:00:00", ["2026-03-29T01:00:00"]],
    // Put back from 03:00 to 02:00.
    [AMSTERDAM, "2026-10-25T02:30:00", ["2026-10-25T00:30:00", "2026-10-25T01:30:00"]],
    // By half an hour.
    ["Australia/Lord_Howe", "2026-04-05T01:45:00", ["2026-04-04T14:45:00", "2026-04-04T15:15:00"]],
    ["Asia/Kathmandu", "2026-01-01T00:00:00", ["2025-12-31T18:15:00"]],
    ["Pacific/Kiritimati", "2026-01-01T12:00:00", ["2025-12-31T22:00:00"]],
    ["UTC", "2026-01-01T12:00:00", ["2026-01-01T12:00:00"]],
  ])("in %s, %s is %j", (zone, wall, moments) => {
    expect(momentsOf(zone, utc(wall))).toEqual(moments.map(utc));
  });

  it("and back", () => {
    expect(wallOf(AMSTERDAM, utc("2026-11-23T23:30:15"))).toBe(utc("2026-11-24T00:30:15"));
    expect(offsetAt(AMSTERDAM, utc("2026-11-23T23:30:15") + 250)).toBe(60);
  });

  it("is read and written", () => {
    expect(parseWall("2026-11-23", "19:02")).toBe(utc("2026-11-23T19:02:00"));
    expect(parseWall("2026-11-23", "19:02:30")).toBe(utc("2026-11-23T19:02:30"));
    expect(parseWall("", "19:02")).toBeNull();
    expect(parseWall("2026-11-23", "")).toBeNull();
    expect(parseWall("2026-13-23", "19:02")).toBeNull();
    expect(wallDate(utc("2026-11-23T19:02:30"))).toBe("2026-11-23");
    expect(wallClock(utc("2026-11-23T19:02:30"))).toBe("19:02:30");
  });

  it.each([
    [AMSTERDAM, "UTC+1"],
    ["UTC", "UTC"],
    ["Asia/Kathmandu", "UTC+5:45"],
    ["America/St_Johns", "UTC−3:30"],
  ])("is named in %s as %s", (zone, name) => {
    expect(offsetName(zone, utc("2026-01-01T00:00:00"))).toBe(name);
  });
});

describe("the zones to choose from", () => {
  it("stand by area, so that typing the first letters of a town finds it", () => {
    const known = ["Africa/Abidjan", "America/Argentina/Buenos_Aires", "America/New_York", "Asia/Tokyo"];
    expect(zonesByArea(known)).toEqual([
      { area: "Africa", zones: [{ zone: "Africa/Abidjan", town: "Abidjan" }] },
      {
        area: "America",
        zones: [
          { zone: "America/Argentina/Buenos_Aires", town: "Buenos Aires, Argentina" },
          { zone: "America/New_York", town: "New York" },
        ],
      },
      { area: "Asia", zones: [{ zone: "Asia/Tokyo", town: "Tokyo" }] },
    ]);
  });

  it("are places: no offsets with a turned sign, no abbreviations", () => {
    expect(zonesByArea(["CET", "Etc/GMT+5", "UTC"])).toEqual([]);
  });
});
