import { describe, expect, it } from "vitest";

import {
  bytes,
  clock,
  dayAndClock,
  duration,
  listText,
  metres,
  percent,
  spanText,
  wireTime,
} from "../src/model/format";
import { count, fill, word } from "../src/model/fill";
import { utcSpanText, utcText, zoneText } from "../src/model/zone_text";
import { at } from "./cases_of";

const manner = { locale: "en-GB", zone: "Europe/Amsterdam" };
/** Intl puts in spaces that are not plain ones. */
const plain = (text: string): string => text.replace(/\s/g, " ");

it("lists are told as the language tells them", () => {
  const codecs = ["H.264", "H.265 (HEVC)", "AV1"];
  expect(["en-GB", "de"].map((locale) => listText(codecs, locale))).toEqual([
    "H.264, H.265 (HEVC) and AV1",
    "H.264, H.265 (HEVC) und AV1",
  ]);
});

describe("times", () => {
  it("are told in the zone", () => {
    expect(dayAndClock(at("18:02:00"), manner)).toBe("Mon, 23 November 2026, 19:02");
    expect(clock(at("18:02:30"), manner, true)).toBe("19:02:30");
    expect(plain(clock(at("18:02:00"), { ...manner, locale: "en-US", hour12: true }))).toBe("07:02 PM");
    expect(clock(at("18:02:00"), { ...manner, locale: "en-US", hour12: false })).toBe("19:02");
  });

  it("of a span name the second day only where it differs", () => {
    expect(spanText(at("18:02:00"), at("18:05:00"), manner)).toBe(
      "Mon, 23 November 2026, 19:02 – 19:05",
    );
    expect(spanText(at("22:50:00"), at("23:20:00"), manner)).toBe(
      "Mon, 23 November 2026, 23:50 – Tue, 24 November 2026, 00:20",
    );
  });

  it("of a span have seconds where both ends would read alike", () => {
    expect(spanText(at("18:02:10"), at("18:02:40"), manner)).toBe(
      "Mon, 23 November 2026, 19:02:10 – 19:02:40",
    );
    expect(spanText(at("18:02:59"), at("18:03:00"), manner)).toBe(
      "Mon, 23 November 2026, 19:02 – 19:03",
    );
  });

  it("are told in UTC", () => {
    expect(utcText(at("18:02:00"))).toBe("2026-11-23 18:02:00 UTC");
    expect(utcSpanText(at("18:02:00"), at("18:05:00"))).toBe("2026-11-23 18:02:00 – 18:05:00 UTC");
    expect(utcSpanText(at("23:50:00"), at("23:50:00") + 1_800_000)).toBe(
      "2026-11-23 23:50:00 – 2026-11-24 00:20:00 UTC",
    );
  });

  it("name their zone", () => {
    expect(zoneText("America/New_York", at("18:02:00"))).toBe("America/New York, UTC−5");
    expect(zoneText("UTC", at("18:02:00"))).toBe("UTC");
  });

  it("go over the wire", () => {
    expect(wireTime(at("18:02:00"))).toBe("2026-11-23T18:02:00Z");
    expect(wireTime(at("18:02:00") + 250)).toBe("2026-11-23T18:02:00.250Z");
  });
});

describe("numbers", () => {
  // Versions of Unicode's data differ in "sec" and "secs".
  it.each([
    [0, /^0 secs?$/],
    [45.4, /^45 secs?$/],
    [182, /^3 mins? 2 secs?$/],
    [3900, /^1 hr 5 mins?$/],
  ])("%d seconds", (seconds, text) => {
    expect(plain(duration(seconds, "en-GB"))).toMatch(text);
  });

  it.each([
    [812, "812 byte"],
    [81_200, "81 kB"],
    [1_843_201, "1.8 MB"],
    [4_294_967_296, "4.3 GB"],
  ])("%d bytes", (size, text) => {
    expect(plain(bytes(size, "en-GB"))).toBe(text);
  });

  it.each([
    [0.4, "0 m"],
    [320.4, "320 m"],
    [999.6, "1 km"],
    [1250, "1.25 km"],
    [9994, "9.99 km"],
    [12_345, "12 km"],
  ])("%d metres", (length, text) => {
    expect(plain(metres(length, "en-GB"))).toBe(text);
  });

  it("percent stays within its bounds", () => {
    expect([percent(0.42, "en"), percent(-1, "en"), percent(7, "en")]).toEqual(["42%", "0%", "100%"]);
  });
});

describe("texts", () => {
  it("take values, and only those that are theirs", () => {
    expect(fill("{a} and {b} and {toString}", { a: 1, b: "{a}" })).toBe("1 and {a} and {toString}");
  });

  it("follow the number", () => {
    const texts = { one: "{n} case", other: "{n} cases" };
    expect([count(texts, 1), count(texts, 0)]).toEqual(["1 case", "0 cases"]);
  });

  it("show a word that is not known yet as it is", () => {
    expect([word({ a: "A" }, "a"), word({ a: "A" }, "b"), word({}, "constructor")]).toEqual(["A", "b", "constructor"]);
  });
});
