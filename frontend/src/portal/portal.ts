/**
 * A hub's public page. It shows the whole record and checks it here, in the reader's
 * browser: what the hub says of itself is believed for nothing.
 */

import { render } from "lit/html.js";

import { wireTime } from "../model/format";
import { callHub } from "../model/portal_call";
import { checkLog, checkTerms, published, restorations } from "../model/portal_log";
import { checkSeen, KeptHead } from "../model/portal_seen";
import { checkKeys, rotationsIn } from "../model/portal_key_line";
import { HubError, keyRing, readHead } from "../model/portal_keys";
import { coverage, info, logPage, type Info, type Recorded, type SignedHead } from "../model/portal_wire";
import { record as recordShape, type Check } from "../model/shape";
import { loadVerify } from "../public/beside";
import { page, speakTheirs } from "../public/page";
import { saveFile } from "../save";
import { portal } from "../strings/of_portal";
import { api } from "./parts";
import { portalView, type Loaded, type Verdict, type View } from "./portal_view";

const SHOWN = 20; // earlier requests

interface Log {
  readonly log: readonly Recorded[];
  readonly head: string;
}

const main = page();
let trouble: View["trouble"] = null;
let loaded: Loaded | null = null;
let verdict: Verdict = { kind: "checking" };
let shown = SHOWN;
let record: Log = { log: [], head: "" };
const kept = new KeptHead(() => localStorage);
let before = kept.read();
let rawInfo: Readonly<Record<string, unknown>> = {};

/** What could not be had, and why. */
class Missing extends Error {
  readonly why: "not_found" | "unreachable";

  constructor(why: Missing["why"]) {
    super(why);
    this.why = why;
  }
}

async function get<T>(path: string, check: Check<T>): Promise<T> {
  const called = await callHub({ url: api(path), check }, fetch.bind(globalThis));
  if (called.kind === "done") return called.value;
  throw new Missing(called.kind === "not_found" ? "not_found" : "unreachable");
}

/** All entries, and the head that came with the last of them. */
async function wholeLog(): Promise<Log> {
  const log: Recorded[] = [];
  for (;;) {
    const { entries, head } = await get(`log?from=${log.length + 1}`, logPage);
    log.push(...entries);
    if (entries.length === 0) return { log, head };
  }
}

function draw(): void {
  document.title = loaded ? loaded.info.name : portal.title;
  render(
    portalView({
      trouble,
      loaded,
      verdict,
      shown,
      more: () => {
        shown += SHOWN;
        draw();
      },
      retry: () => void load(),
      save,
      believe,
    }),
    main,
  );
}

/** As `script/verify_portal.py` reads it. */
function save(): void {
  const said = {
    version: 1,
    at: wireTime(Date.now()),
    info: rawInfo,
    entries: record.log.map(asItCame),
    head: record.head,
  };
  saveFile(new Blob([JSON.stringify(said, null, 1)], { type: "application/json" }), "portal-record.json");
}

function asItCame({ entry, beside }: Recorded): object {
  return { entry: entry.fields, beside };
}

async function load(): Promise<void> {
  before = kept.read(); // first: another tab may be ahead of what is loaded here
  trouble = null;
  loaded = null;
  draw();
  try {
    const said = await get("info", (value, at) => {
      rawInfo = recordShape(value, at);
      return info(value, at);
    });
    record = await wholeLog();
    const homes = await get("coverage", coverage).catch(() => null);
    loaded = { info: said, coverage: homes, all: [], restored: [] };
    show(said);
  } catch (error) {
    trouble = error instanceof Missing ? error.why : "unreachable";
    draw();
  }
}

/** What cannot be read is as bad as what was changed. */
function show(said: Info): void {
  verdict = { kind: "checking" };
  try {
    if (loaded) {
      loaded = { ...loaded, all: published(record.log, Date.now()), restored: restorations(record.log) };
    }
    void check(said);
  } catch {
    verdict = { kind: "bad", why: "strange", n: 0 };
  }
  draw();
  openNamed();
}

async function check(said: Info): Promise<void> {
  verdict = await judged(said);
  if (verdict.kind === "good" && verdict.head.n >= (kept.read()?.n ?? 0)) kept.write(verdict.head);
  draw();
}

/** Its reader has heard why the record is another one: from now on this one counts. */
function believe(head: SignedHead): void {
  kept.write(head);
  verdict = { kind: "good", head, before: null };
  draw();
}

async function judged(said: Info): Promise<Verdict> {
  let tools;
  try {
    tools = await loadVerify();
  } catch {
    return { kind: "bad", why: "browser", n: 0 };
  }
  try {
    const ring = await keyRing({ ...said, rotations: rotationsIn(record.log) }, tools);
    const head = await readHead(record.head, ring, tools, Date.now());
    checkLog(record.log, head, tools);
    checkKeys(record.log, said.rotations, await readHead(said.head, ring, tools, Date.now()));
    checkTerms(record.log, rawInfo);
    return continued(said, head);
  } catch (error) {
    if (error instanceof HubError) return { kind: "bad", why: error.why, n: error.n };
    return { kind: "bad", why: "strange", n: 0 };
  }
}

/** Whole in itself: but is it what this browser saw before, with more behind it? */
function continued({ hub }: Info, head: SignedHead): Verdict {
  try {
    checkSeen(before, hub, record.log);
    return { kind: "good", head, before };
  } catch (error) {
    if (error instanceof HubError) return { kind: "bad", why: error.why, n: error.n, head };
    throw error;
  }
}

/** Who comes by a link to one request sees it, open or not. */
function openNamed(): void {
  const id = location.hash.slice(1);
  if (!/^[a-z2-7]{26}$/.test(id)) return;
  if (loaded && !document.getElementById(id) && loaded.all.some((one) => one.id === id)) {
    shown = loaded.all.length;
    draw();
  }
  const found = document.getElementById(id);
  found?.querySelector("details")?.setAttribute("open", "");
  found?.scrollIntoView();
}

await speakTheirs(() => loaded?.info.name ?? portal.title, draw);
addEventListener("hashchange", openNamed);
await load();
