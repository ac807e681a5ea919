/**
 * A requester's desk on a hub.
 *
 * The token of the sign-in link is taken out of the address at once and kept in memory,
 * and so is the desk secret; both are kept in the browser's storage, which is shared with
 * Home Assistant's own login page, only where the requester ticked that.
 */

import { html, render, type TemplateResult } from "lit/html.js";

import type { ActKind } from "../model/portal_acts";
import { callHub, tokenOf } from "../model/portal_call";
import { KeptDesk } from "../model/portal_session";
import { PublishedCheck } from "../model/portal_published";
import { desk as deskShape, info as infoShape, type DeskRequest } from "../model/portal_wire";
import { page, speakTheirs } from "../public/page";
import { desk } from "../strings/of_portal";
import { Acts } from "./acts";
import { listView, signInView, topView, type ListView, type SignIn } from "./desk_view";
import { RequestForm, type Signed } from "./form";
import { formView } from "./form_view";
import { Inbox } from "./inbox";
import { api } from "./parts";
import { DeskSecret } from "./secret";
import { secretView } from "./secret_view";

const LOOK_EVERY = 120_000; // milliseconds

const main = page();
const kept = new KeptDesk(() => localStorage);
const secret = new DeskSecret(secretChanged);
const inbox = new Inbox(draw);
const published = new PublishedCheck(api);
const form = new RequestForm(draw);
const acts = new Acts(() => token ?? "", (kind) => void done(kind), draw);

let token: string | null = null;
let remembered = false;
let signed: Signed | null = null;
let trouble: SignIn["trouble"] = null;
let looking = false;
let lookedAt = 0;
let at: "list" | "form" = "list";
let said: string | null = null;
/** The secret that the browser's storage has to keep, where anything is kept. */
let keptSecret: string | null = null;

function draw(): void {
  render(signed ? signedView(signed) : signInView({ trouble, waiting: looking, submit: signIn, retry: () => void refresh() }), main);
}

function signedView(now: Signed): TemplateResult {
  const view = viewOf(now);
  const box = secretView({
    secret,
    hub: now.info.name,
    asked: now.answer.requests.length > 0,
    changed: secretChanged,
    forget: forgetSecret,
  });
  if (at === "list") return html`${topView(view)} ${box} ${listView(view)}`;
  const ready = secret.ready;
  const asked = formView({ form, signed: now, ready, submit, changed, cancel: () => go("list") });
  return html`${topView(view)} ${ready ? "" : box} ${asked}`;
}

function viewOf(now: Signed): ListView {
  return {
    signed: now,
    inbox,
    published,
    acts,
    remembered,
    lookedAt,
    looking,
    trouble: trouble !== null,
    said,
    remember: (event) => {
      remembered = event.target instanceof HTMLInputElement && event.target.checked;
      keep();
      draw();
    },
    signOut,
    refresh: () => void refresh(),
    fresh,
  };
}

/** In the browser's storage only what was ticked; else nothing, also of before. */
function keep(): void {
  if (!remembered || token === null) kept.forget();
  else remembered = kept.write({ token, secret: keptSecret });
}

function secretChanged(): void {
  if (secret.ready) keptSecret = secret.text;
  if (signed) keep();
  void learn().then(draw);
  draw();
}

function forgetSecret(): void {
  keptSecret = null;
  inbox.forget();
  secret.forget();
}

async function learn(): Promise<void> {
  try {
    if (signed && token !== null) await inbox.learn(signed.answer.requests, secret.bytes, token);
  } catch {
    // The script with the keys could not be loaded; with the next look it is tried again.
  }
}

function go(where: typeof at): void {
  at = where;
  said = null;
  draw();
  main.querySelector<HTMLElement>(':is([data-testid="list"] > h2, [data-testid="form-title"])')?.focus();
  scrollTo(0, 0);
}

function fresh(from: DeskRequest | null): void {
  if (signed) form.map.cover(signed.info.cells, signed.info.map);
  go("form");
  form.start(from);
  draw();
}

function signIn(event: Event): void {
  event.preventDefault();
  const data = new FormData(event.target as HTMLFormElement);
  const typed = data.get("token");
  token = tokenOf(typeof typed === "string" ? typed : "");
  remembered = data.get("remember") !== null;
  trouble = token === null ? "missing" : null;
  if (token === null) draw();
  else void refresh();
}

/** The link works no more: a new one may come, and what was asked is opened by the same secret. */
function turnedAway(): void {
  const secretToKeep = remembered ? keptSecret : null;
  signOut();
  if (secretToKeep !== null) kept.write({ token: null, secret: secretToKeep });
}

function signOut(): void {
  kept.forget();
  [token, remembered, signed, trouble, said] = [null, false, null, null, null];
  at = "list";
  forgetSecret();
  form.clear();
  draw();
}

async function refresh(): Promise<void> {
  if (looking || token === null) return;
  looking = true;
  draw();
  const get = fetch.bind(globalThis);
  const info = signed?.info ?? (await callHub({ url: api("info"), check: infoShape }, get));
  const told = "kind" in info ? (info.kind === "done" ? info.value : info.kind) : info;
  if (typeof told === "string") trouble = told === "not_found" ? "not_found" : "unreachable";
  else await look(told, get);
  lookedAt = Date.now();
  looking = false;
  draw();
}

async function look(info: Signed["info"], get: typeof fetch): Promise<void> {
  if (token === null) return;
  const answer = await callHub({ url: api("desk"), check: deskShape, token }, get);
  if (answer.kind === "done") {
    trouble = null;
    signed = { token, info, answer: answer.value };
    keep();
    await learn();
    void published.look(answer.value.requests, get).then(draw);
    return;
  }
  if (answer.kind === "not_found") turnedAway();
  trouble = answer.kind === "not_found" ? "refused" : "unreachable";
}

async function done(kind: ActKind): Promise<void> {
  said = kind === "note" ? desk.act.sent : null;
  await refresh();
}

function changed(event: Event): void {
  if (form.phase !== "filling") return;
  const element = main.querySelector<HTMLFormElement>("form:has([name=title])");
  if (element && event.target instanceof Element) form.read(element, event.target.id);
  draw();
}

function submit(event: Event): void {
  event.preventDefault();
  if (signed && secret.ready) void send(signed);
}

async function send(now: Signed): Promise<void> {
  const sent = await form.submit(now, () => secret.newKey());
  if (!sent) {
    main.querySelector<HTMLElement>("[aria-invalid=true], #area-fault")?.focus();
    return;
  }
  go("list");
  said = desk.form.sent;
  await refresh();
}

/** Who comes by their link is signed in; the address forgets the token before anything else. */
function fromAddress(): boolean {
  const found = tokenOf(location.hash);
  if (location.hash !== "") history.replaceState(null, "", location.pathname);
  if (found !== null) token = found;
  return found !== null;
}

/** What was kept on this device counts, unless somebody else comes by their own link. */
async function start(): Promise<void> {
  const before = kept.read();
  token ??= before?.token ?? null;
  remembered = before !== null && (before.token === null || token === before.token);
  if (remembered && before?.secret) {
    keptSecret = before.secret;
    await secret.open(before.secret);
  }
  await refresh();
}

addEventListener("hashchange", () => {
  const was = token;
  if (fromAddress() && token !== was) {
    const next = token;
    signOut();
    token = next;
    void refresh();
  }
});
addEventListener("beforeunload", (event) => {
  const unsaved = secret.bytes !== null && !secret.kept;
  if (unsaved || form.phase === "uncertain") event.preventDefault();
});
setInterval(() => {
  const due = Date.now() - lookedAt >= LOOK_EVERY && document.visibilityState === "visible";
  if (due && signed && at === "list") void refresh();
}, 10_000);

fromAddress();
await speakTheirs(() => desk.title, draw);
draw();
await start();
