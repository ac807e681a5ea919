/** Languages: every text, with the same places for values; none that nobody shows. */

import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { LANGUAGES } from "../src/model/language";
import * as de from "../src/strings/de";
import * as en from "../src/strings/en";
import * as es from "../src/strings/es";
import * as fr from "../src/strings/fr";
import * as nl from "../src/strings/nl";

type Tree = Readonly<{ [key: string]: Tree | string }>;

function texts(tree: object, path = ""): [string, string][] {
  return Object.entries(tree as Tree).flatMap(([key, inner]): [string, string][] =>
    typeof inner === "string" ? [[`${path}${key}`, inner]] : texts(inner, `${path}${key}.`),
  );
}

const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([one]) => one).sort();

const english = texts(en);
const others = { de, es, fr, nl };

it("there is a file for every language", () => {
  expect(["en", ...Object.keys(others)].sort()).toEqual([...LANGUAGES].sort());
});

describe.each(Object.entries(others))("%s", (_name, language) => {
  const theirs = new Map(texts(language));

  it("has every text and no other", () => {
    expect([...theirs.keys()].sort()).toEqual(english.map(([path]) => path).sort());
  });

  it("puts the same values in", () => {
    const differing = english.filter(
      ([path, text]) => places(text).join() !== places(theirs.get(path) ?? "").join(),
    );
    expect(differing).toEqual([]);
  });

  it("is another language", () => {
    const alike = english.filter(([path, text]) => theirs.get(path) === text);
    expect(alike.length).toBeLessThan(english.length / 10);
  });
});

describe("English", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.startsWith("strings"))
    .map((name) => readFileSync(`src/${name}`, "utf8"))
    .join("\n");
  /** A text that is chosen by a word stands under a name that is. */
  const shown = (path: string): boolean =>
    path
      .split(".")
      .slice(-2)
      .some((name) => new RegExp(`\\b${name}\\b`).test(sources));

  it("has no text that nobody shows", () => {
    expect(english.map(([path]) => path).filter((path) => !shown(path))).toEqual([]);
  });
});
