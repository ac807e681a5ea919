/** A requester's desk as HTML: signing in, what was asked, what became of it. */

import { html, nothing, type TemplateResult } from "lit/html.js";

import { count, fill, word } from "../model/fill";
import { clock } from "../model/format";
import { actsOf } from "../model/portal_acts";
import type { DeskNote, DeskRequest } from "../model/portal_wire";
import { insecureNotice, manner } from "../public/page";
import { desk, portal } from "../strings/of_portal";
import type { Act, Acts } from "./acts";
import type { Signed } from "./form";
import type { PublishedCheck } from "../model/portal_published";
import type { Inbox } from "./inbox";
import { inboxView } from "./inbox_view";
import { areaPicture, asked, optionalRow, row, sentence, when, whoText, words } from "./parts";
import { badge } from "./published_view";

export interface SignIn {
  readonly trouble: "missing" | "refused" | "unreachable" | "not_found" | null;
  readonly waiting: boolean;
  readonly submit: (event: Event) => void;
  readonly retry: () => void;
}

export function signInView({ trouble, waiting, submit, retry }: SignIn): TemplateResult {
  const { title, text, link, remember, rememberHint, go, missing, refused } = desk.signIn;
  const fault = { missing, refused, unreachable: portal.unreachable, not_found: portal.notFound };
  const ofHub = trouble === "unreachable" || trouble === "not_found";
  return html`<h1>${desk.title}</h1>
    ${insecureNotice(portal.insecure)}
    <div role="alert">
      ${trouble ? html`<p class="notice error" data-testid="trouble">${fault[trouble]}</p>` : nothing}
      ${ofHub ? html`<div class="buttons"><button type="button" data-testid="retry" @click=${retry}>${portal.retry}</button></div>` : nothing}
    </div>
    <section>
      <h2>${title}</h2>
      <p>${text}</p>
      <form novalidate @submit=${submit}>
        <div class="field">
          <label for="token">${link}</label>
          <input
            id="token"
            name="token"
            class="link"
            data-testid="token"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-invalid=${trouble === "missing" ? "true" : nothing}
          >
        </div>
        <label class="tick">
          <input type="checkbox" name="remember" data-testid="remember" aria-describedby="remember-hint">
          ${remember}
        </label>
        <p class="hint" id="remember-hint">${rememberHint}</p>
        <button type="submit" class="primary" data-testid="sign-in" ?disabled=${waiting}>${waiting ? portal.loading : go}</button>
      </form>
    </section>
    <p><a href="../portal" data-testid="public">${desk.signIn.read}</a></p>`;
}

export interface ListView {
  readonly signed: Signed;
  readonly inbox: Inbox;
  readonly published: PublishedCheck;
  readonly acts: Acts;
  readonly remembered: boolean;
  readonly lookedAt: number;
  readonly looking: boolean;
  readonly trouble: boolean;
  readonly said: string | null;
  readonly remember: (event: Event) => void;
  readonly signOut: () => void;
  readonly refresh: () => void;
  readonly fresh: (from: DeskRequest | null) => void;
}

export function topView({ signed, remembered, remember, signOut }: ListView): TemplateResult {
  const { out, as, remember: stay, rememberHint } = desk.signIn;
  return html`<h1>${desk.title}</h1>
    ${insecureNotice(portal.insecure)}
    <div class="top">
      <p data-testid="signed-in"><bdi>${fill(as, { name: whoText(signed.answer.requester) })}</bdi><br>
        <small><bdi>${signed.info.name}</bdi> · <a href="../portal">${desk.signIn.read}</a></small></p>
      <button type="button" data-testid="sign-out" @click=${signOut}>${out}</button>
    </div>
    <details>
      <summary>${stay}</summary>
      <label class="tick">
        <input type="checkbox" data-testid="stay" .checked=${remembered} aria-describedby="stay-hint" @change=${remember}>
        ${stay}
      </label>
      <p class="hint" id="stay-hint">${rememberHint}</p>
    </details>`;
}

function standing({ state, refused, expires_at: until }: DeskRequest): string {
  const { list } = desk;
  if (state === "refused") return fill(list.refused, { reason: word(portal.counts.reasons, refused ?? "no_reason_given") });
  if (state === "open") return sentence(list.open, until ?? 0);
  return list[state];
}

function sureView(acts: Acts, act: Act): TemplateResult {
  const { resolve, resolveSure, withdraw, withdrawSure, sure, cancel } = desk.act;
  const [title, text] = act.kind === "resolve" ? [resolve, resolveSure] : [withdraw, withdrawSure];
  return html`<div class="notice warning" data-testid="sure">
    <p tabindex="-1"><strong>${title}</strong></p>
    <p>${text}</p>
    <div class="buttons">
      <button type="button" class="primary" data-testid="do" ?disabled=${act.doing} @click=${() => void acts.run("")}>${sure}</button>
      <button type="button" data-testid="leave" @click=${() => acts.leave()}>${cancel}</button>
    </div>
  </div>`;
}

function noteView(acts: Acts, act: Act, most: number): TemplateResult {
  const { noteText, noteHint, send, cancel } = desk.act;
  const submit = (event: Event): void => {
    event.preventDefault();
    const text = new FormData(event.target as HTMLFormElement).get("note");
    void acts.run(typeof text === "string" ? text : "");
  };
  return html`<form class="notice" novalidate @submit=${submit}>
    <label for="note">${noteText}</label>
    <textarea id="note" name="note" rows="4" maxlength=${most} data-testid="note" aria-describedby="note-hint"></textarea>
    <p class="hint" id="note-hint">${noteHint}</p>
    <div class="buttons">
      <button type="submit" class="primary" data-testid="send-note" ?disabled=${act.doing}>${send}</button>
      <button type="button" data-testid="leave" @click=${() => acts.leave()}>${cancel}</button>
    </div>
  </form>`;
}

function actsView({ acts, signed, fresh }: ListView, request: DeskRequest): TemplateResult | typeof nothing {
  const { id, state } = request;
  const act = acts.of(id);
  const failed = act?.failed ? html`<p class="fault" role="alert" data-testid="act-failed">${act.failed}</p>` : nothing;
  if (act) {
    const asking = act.kind === "note" ? noteView(acts, act, signed.info.limits.text_max) : sureView(acts, act);
    return html`${asking} ${failed}`;
  }
  const { note, resolve, withdraw } = desk.act;
  const names = { note, resolve, withdraw };
  const button = (kind: Act["kind"]): TemplateResult =>
    html`<button type="button" data-testid=${kind} @click=${() => acts.ask(id, kind)}>${names[kind]}</button>`;
  return html`<div class="buttons">
    ${actsOf(state).map(button)}
    ${state === "refused"
      ? html`<button type="button" data-testid="anew" @click=${() => fresh(request)}>${desk.act.sentAnew}</button>`
      : nothing}
  </div>`;
}

function ownNoteView({ state, submitted_at: at, text, refused }: DeskNote): TemplateResult {
  const { states, facts, counts } = portal;
  const stands = state === "published" ? facts.published : states[state];
  const why = refused === null ? "" : `: ${word(counts.reasons, refused)}`;
  return html`<div data-testid="own-note">
    <p class="hint">${when(at)} · ${stands}${why}</p>
    ${words(text)}
  </div>`;
}

function detailsView(request: DeskRequest): TemplateResult {
  const { facts } = portal;
  const { area, contact, case_number: number, submitted_at: sent, text, notes } = request;
  return html`<details>
    <summary>${desk.list.submitted}: ${when(sent)}</summary>
    ${words(text)} ${notes.length > 0 ? html`<p class="hint">${desk.list.notes}</p>` : nothing}
    ${notes.map(ownNoteView)} ${area ? areaPicture(area) : nothing}
    <dl>
      ${area ? asked({ ...request, area }) : nothing} ${optionalRow(facts.caseNumber, number)}
      ${optionalRow(facts.contact, contact)}
      ${request.expires_at === null ? nothing : row(facts.until, when(request.expires_at))}
    </dl>
  </details>`;
}

const UNPUBLISHED: readonly DeskRequest["state"][] = ["moderation", "refused"];

function requestView(view: ListView, request: DeskRequest): TemplateResult {
  const { id, state, title } = request;
  const open = !UNPUBLISHED.includes(state);
  return html`<article id=${id} data-testid="request" data-state=${state}>
    <h3><bdi>${title}</bdi></h3>
    <p>${badge(state)}</p>
    <p data-testid="standing">${standing(request)}</p>
    ${view.published.differs(id)
      ? html`<p class="notice warning" role="alert" data-testid="otherwise">${desk.list.otherwise}</p>`
      : nothing}
    ${open ? inboxView(view.inbox, request) : nothing} ${detailsView(request)}
    ${open ? html`<p><a href="../portal#${id}">${desk.list.publicPage}</a></p>` : nothing}
    ${actsView(view, request)}
  </article>`;
}

export function listView(view: ListView): TemplateResult {
  const { signed, lookedAt, looking, refresh, fresh, said, trouble } = view;
  const { title, none, silence, refresh: again, looked, left, fresh: make } = desk.list;
  const { requests, left_this_week: n } = signed.answer;
  return html`<section class="plain" data-testid="list">
    <h2 tabindex="-1">${title}</h2>
    <div role="status">${said ? html`<p class="notice good" data-testid="said">${said}</p>` : nothing}</div>
    <p class="notice" data-testid="silence">${silence}</p>
    <div class="buttons">
      <button type="button" class="primary" data-testid="fresh" @click=${() => fresh(null)}>${make}</button>
      <button type="button" data-testid="refresh" ?disabled=${looking} @click=${refresh}>${again}</button>
      <span class="hint" role="status" data-testid="looked-at">
        ${fill(looked, { when: clock(lookedAt, manner, true) })}
      </span>
    </div>
    ${trouble ? html`<p class="notice warning" role="alert" data-testid="trouble">${portal.unreachable}</p>` : nothing}
    <p class="hint" data-testid="left">${count(left, n)}</p>
    ${requests.length === 0 ? html`<p>${none}</p>` : requests.map((one) => requestView(view, one))}
  </section>`;
}
