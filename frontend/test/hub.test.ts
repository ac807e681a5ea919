/** What the moderators' panel is told. */

import { expect, it } from "vitest";

import { hubCommand, readComments, readHub, wantedItem } from "../src/model/hub";
import { HUB } from "../src/strings/hub";
import { example } from "./examples";

const shown = example("hub_snapshot") as Record<string, unknown> & {
  waiting: Record<string, unknown>[];
};

function withArea(area: unknown): unknown {
  return { ...shown, waiting: [{ ...shown.waiting[0], area }] };
}

it("reads what docs/interfaces.md shows", () => {
  const hub = readHub(shown);
  expect(hub.waiting[0]?.requester?.name).toBe("PC Meier");
  expect(hub.counts.waiting).toBe(1);
  expect(hub.notices[0]?.comments).toBe(1);
  expect(readComments(example("hub_comments")).comments[0]?.identity).toBe("");
});

it("reads polygons, and takes no corner that is none", () => {
  const points = [[52, 13], [52.1, 13], [52, 13.1]];
  const [one] = readHub(withArea({ kind: "polygon", points })).waiting;
  expect(one?.area).toEqual({ kind: "polygon", points: points.map(([latitude, longitude]) => ({ latitude, longitude })) });
  expect(() => readHub(withArea({ kind: "polygon", points: [[52]] }))).toThrow("number");
  expect(() => readHub(withArea(7))).toThrow("object");
});

it("finds what a push led to", () => {
  expect(wantedItem("?item=abc")).toBe("abc");
  expect(wantedItem("")).toBeNull();
});

it("calls commands of the hub", () => {
  expect(hubCommand("publish")).toBe("clip_consent/hub/publish");
});

it("has every text in every language, with the same places for values", () => {
  const flat = (tree: object): [string, string][] =>
    Object.entries(tree).flatMap(([key, value]: [string, string | object]) =>
      typeof value === "string"
        ? [[key, value] as [string, string]]
        : flat(value).map(([path, text]): [string, string] => [`${key}.${path}`, text]),
    );
  const places = (text: string): string => [...text.matchAll(/\{\w+\}/g)].sort().join();
  const english = flat(HUB.en);
  for (const [name, texts] of Object.entries(HUB)) {
    const theirs = new Map(flat(texts));
    expect([...theirs.keys()], name).toEqual(english.map(([path]) => path));
    for (const [path, text] of english) {
      expect(places(theirs.get(path) ?? ""), `${name} ${path}`).toBe(places(text));
    }
    if (name === "en") continue;
    const alike = english.filter(([path, text]) => theirs.get(path) === text);
    expect(alike.length, name).toBeLessThan(english.length / 8);
  }
});
