/** Languages: every text, with the same places for values; none that nobody shows. */

import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { KINDS } from "../src/model/ask_form";
import { LANGUAGES } from "../src/model/language";
import { ANSWER_STATES, NOTE_STATES, OWN_STATES } from "../src/model/neighbours";
import { TRUSTS } from "../src/model/rules";
import * as pagesDe from "../src/strings/pages.de";
import * as pagesEn from "../src/strings/pages.en";
import * as pagesEs from "../src/strings/pages.es";
import * as pagesFr from "../src/strings/pages.fr";
import * as pagesNl from "../src/strings/pages.nl";
import * as panelDe from "../src/strings/panel.de";
import * as panelEn from "../src/strings/panel.en";
import * as panelEs from "../src/strings/panel.es";
import * as panelFr from "../src/strings/panel.fr";
import * as panelNl from "../src/strings/panel.nl";
import * as portalDe from "../src/strings/portal.de";
import * as portalEn from "../src/strings/portal.en";
import * as portalEs from "../src/strings/portal.es";
import * as portalFr from "../src/strings/portal.fr";
import * as portalNl from "../src/strings/portal.nl";
import { PART_TEXTS } from "../src/strings/part_texts";
import { findTexts, loadedWith, readProgram } from "./text_use";

type Tree = Readonly<{ [key: string]: Tree | string }>;

function texts(tree: object, path = ""): [string, string][] {
  return Object.entries(tree as Tree).flatMap(([key, inner]): [string, string][] =>
    typeof inner === "string" ? [[`${path}${key}`, inner]] : texts(inner, `${path}${key}.`),
  );
}

const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([one]) => one).sort();

const en = { ...pagesEn, ...panelEn, ...portalEn };
const english = texts(en);
const others = {
  de: { ...pagesDe, ...panelDe, ...portalDe },
  es: { ...pagesEs, ...panelEs, ...portalEs },
  fr: { ...pagesFr, ...panelFr, ...portalFr },
  nl: { ...pagesNl, ...panelNl, ...portalNl },
};

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

describe.each(Object.entries({ en, ...others }))("one thing has one name in %s", (name, language) => {
  const { panel } = language;

  it("the ledger, on its tab and on the button that saves it", () => {
    expect(panel.ledger.save.toLowerCase()).toContain(panel.tabs.ledger.toLowerCase());
  });

  it("what is sealed for the one who asks", () => {
    const word = { en: /seal/i, de: /verschlüssel/i, es: /cifr/i, fr: /chiffr/i, nl: /versleutel/i }[name] ?? /$^/;
    const said = [panel.progress.seal, panel.draft.gone, panel.deliveries.size, panel.ledger.kinds.sealed];
    expect(said.filter((text) => !word.test(text))).toEqual([]);
  });
});

const program = readProgram();
const { texts: uses, lookedUp } = findTexts(program);

/** The words in the documentation from one that is named to another. */
function documented(first: string, last: string): string[] {
  const page = readFileSync("../docs/interfaces.md", "utf8");
  const begin = page.indexOf(first);
  const part = page.slice(begin, page.indexOf(last, begin) + last.length);
  return [...part.matchAll(/`([a-z_]+)`/g)].map(([, one = ""]) => one);
}

/** Words that come from elsewhere, and in which group their texts are looked up. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  "common.changes": documented("`stream_copy`, or `re_encoded`", "`clock_corrected`"),
  "common.kinds": KINDS,
  "panel.faults": [
    ...["unauthorized", "unknown_command", "invalid_format", "timeout"], // Home Assistant's own codes
    ...["no_connection", "strange_answer", "key", "download", "unknown"], // the panel's
  ],
  "panel.ledger.kinds": [
    ...documented("`received` `screened` `matched`", "`portal_trusted_anew`"),
    ...["answer_chosen", "answer_drafted", "answer_draft_failed"], // `namesOf` calls them so
  ],
  "panel.closed": [
    ...["declined", "expired", "withdrawn", "screened_out", "switched_off", "over_limit"],
  ],
  "panel.seen.labels": [
    ...["person", "face", "car", "vehicle", "truck", "bus", "bicycle", "motorcycle"],
    ...["license_plate", "package", "animal", "pet", "dog", "cat", "bird", "motion"],
  ],
  "panel.ledger.facts.means": ["panel", "push"],
  "panel.ledger.facts.portals": ["direct", "http", "service", "test"],
  "panel.ledger.facts.ways": ["drop", "tus", "put", "hand_over"],
  "panel.ledger.facts.accepting": ["true", "false"],
  "panel.ledger.facts.flags": ["may_have_left", "withdrawn_too_late", "given_up", "lost"],
  "panel.ledger.facts.values": [
    ...["rule_id", "invite_id", "cameras", "count", "pushed", "later", "open"],
    ...["regions_before", "regions_after", "storage"],
  ],
  "panel.neighbours.states": OWN_STATES,
  "panel.neighbours.noteStates": NOTE_STATES,
  "panel.neighbours.answerStates": ANSWER_STATES.filter((state) => state !== "here"),
  "panel.notices.atHub": OWN_STATES.filter((state) => !["sending", "refused"].includes(state)),
  "panel.links.kinds": ["personal", "public"],
  "panel.rules.verdicts": ["ask", "list", "ignore"],
  "panel.trust": TRUSTS,
  "desk.faults.caseNumber": ["required", "too_long"],
  "desk.faults.contact": ["required", "too_long"],
  "desk.faults.date": ["required", "too_old", "future"],
  "desk.faults.from": ["required", "future", "skipped_hour"],
  "desk.faults.text": ["required", "too_long"],
  "desk.faults.title": ["required", "too_long"],
  "desk.faults.to": [
    ...["required", "future", "skipped_hour"],
    ...["window_short", "window_long", "end_before_start"],
  ],
  "desk.refusals": [
    ...["too_many_week", "too_many_case_number", "too_many_today", "too_many_waiting"],
    ...["too_many_notes"],
    ...["unknown", "not_found", "unreachable", "key"],
  ],
  "portal.counts.reasons": [
    ...["no_reason_given", "too_broad", "names_people", "unlawful"],
    ...["abusive", "duplicate", "not_here", "against_rules"],
    ...["no_reason_told", "not_looked_at"],
  ],
  "ask.faults.date": ["required", "too_old", "future"],
  "ask.faults.from": ["required", "future", "skipped_hour"],
  "ask.faults.to": [
    ...["required", "future", "skipped_hour"],
    ...["window_short", "window_long", "end_before_start"],
  ],
  "ask.faults.text": ["required", "too_long"],
  "ask.faults.name": ["required", "too_long"],
  "ask.faults.kind": ["required"],
  "ask.faults.contact": ["too_long"],
  "ask.faults.caseNumber": ["required", "too_long"],
};

describe("English", () => {
  const paths = english.map(([path]) => path);

  it("has no text that nobody shows", () => {
    expect(paths.filter((path) => !uses.has(path))).toEqual([]);
  });

  it("has the text of each word that is looked up, and of no other", () => {
    expect([...lookedUp].sort()).toEqual(Object.keys(WORDS).sort());
    for (const [group, words] of Object.entries(WORDS)) {
      const there = paths.filter((path) => path.startsWith(`${group}.`));
      expect(there.sort(), group).toEqual(words.map((one) => `${group}.${one}`).sort());
    }
  });
});

/** The groups of texts in panel and card that are shown by these files. */
function groupsOf(files: ReadonlySet<string>): Set<string> {
  const shown = [...uses].filter(([, where]) => [...where].some((file) => files.has(file)));
  const groups = shown.map(([path]) => path.split(".").slice(0, 2).join("."));
  return new Set(groups.filter((path) => /^(common|panel)\./.test(path)));
}

describe("parts of panel and card", () => {
  const first = loadedWith(program, ["src/panel.ts", "src/card.ts", "src/card_body.ts"]);
  const later = Object.entries(PART_TEXTS).map(([part, of]) => [part, groups(of)] as const);
  const entries = new Map(
    [...readFileSync("src/parts.ts", "utf8").matchAll(/(\w+): \(\) => import\("\.\/(\S+)"\)/g)].map(
      ([, part = "", file = ""]) => [part, `src/${file}.ts`],
    ),
  );

  function groups(of: Readonly<Partial<Record<"common" | "panel", readonly string[]>>>): string[] {
    return Object.entries(of).flatMap(([name, inner]) => inner.map((one) => `${name}.${one}`));
  }

  it("come with their texts", () => {
    expect([...entries.keys()].sort()).toEqual(Object.keys(PART_TEXTS).sort());
  });

  it("leave to the first what comes first", () => {
    const late = new Set(later.flatMap(([, of]) => of));
    expect([...groupsOf(first)].filter((group) => late.has(group))).toEqual([]);
  });

  it.each(later)("%s has all texts it shows, and none besides", (part, of) => {
    const files = [...loadedWith(program, [entries.get(part) ?? ""])].filter(
      (file) => !first.has(file),
    );
    const shown = groupsOf(new Set(files));
    const firstOnes = groupsOf(first);
    const missing = [...shown].filter((group) => !firstOnes.has(group) && !of.includes(group));
    expect(missing).toEqual([]);
    expect(of.filter((group) => !shown.has(group))).toEqual([]);
  });
});
