import { describe, expect, it } from "vitest";

import { localeFor, localeOf, replaceTexts, spokenOf } from "../src/model/language";

describe("the language that is spoken", () => {
  it("is the first wanted one that there is", () => {
    expect(spokenOf(["pt-BR", "fr-CH", "nl"])).toBe("fr");
    expect(spokenOf(["NL"])).toBe("nl");
    expect(spokenOf(["fr-CA"])).toBe("fr");
  });

  it("is English if there is none", () => {
    expect(spokenOf([])).toBe("en");
    expect(spokenOf(["", "pt", "dex"])).toBe("en");
  });

  it("tells dates as its reader does", () => {
    expect(localeOf(["pt", "nl-BE", "en-US"])).toBe("nl-BE");
    expect(localeOf(["en-US"])).toBe("en-US");
    expect(localeOf(["pt"])).toBe("en-GB");
    expect(localeOf([])).toBe("en-GB");
  });
});

describe("texts of another language", () => {
  it("take the place of those that somebody holds already", () => {
    const texts = { title: "Yes", picker: { start: "Start", end: "End" } };
    const held = texts.picker;
    replaceTexts(texts, { title: "Ja", picker: { start: "Beginn" } });
    expect(texts).toEqual({ title: "Ja", picker: { start: "Beginn", end: "End" } });
    expect(held.start).toBe("Beginn");
  });

  it("are put where none were, without tying the two together", () => {
    const texts = {};
    const german = { picker: { start: "Beginn" } };
    replaceTexts(texts, german);
    replaceTexts(texts, { picker: { start: "Start" } });
    expect(texts).toEqual({ picker: { start: "Start" } });
    expect(german.picker.start).toBe("Beginn");
  });
});

it("a chosen language keeps the reader's own kind of it", () => {
  expect(localeFor("de", ["en-US", "de-AT"])).toBe("de-AT");
  expect(localeFor("fr", ["en-US"])).toBe("fr");
  expect(localeFor("en", ["de"])).toBe("en-GB");
});
