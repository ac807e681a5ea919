/** One published request or notice, with what became of it. */

import { html, nothing, type TemplateResult } from "lit/html.js";

import { fill } from "../model/fill";
import type { Note, Published, Tombstone } from "../model/portal_log";
import type { Notice, PublicRequest } from "../model/portal_wire";
import { portal } from "../strings/of_portal";
import { areaPicture, asked, optionalRow, row, sentence, when, whoText, words } from "./parts";

export function badge(state: keyof typeof portal.states): TemplateResult {
  return html`<span class="badge ${state}" data-testid="state">${portal.states[state]}</span>`;
}

function tombstoneView({ who, why, at }: Tombstone): TemplateResult {
  const { title, who: by, when: on, why: reason, still, unsaid } = portal.tombstone;
  const said = (text: string): unknown => (text === "" ? unsaid : html`<bdi>${text}</bdi>`);
  return html`<div class="notice warning" data-testid="tombstone">
    <p><strong>${title}</strong></p>
    <dl>${row(by, said(who))} ${row(on, when(at))} ${row(reason, said(why))}</dl>
    <p class="hint">${still}</p>
  </div>`;
}

function noteView({ at, text, tombstone }: Note): TemplateResult {
  return html`<div data-testid="note">
    <p class="hint">${sentence(portal.note, at)}</p>
    ${text === null ? nothing : words(text)} ${tombstone ? tombstoneView(tombstone) : nothing}
  </div>`;
}

function factsView(item: PublicRequest, { n, at, overAt, ending }: Published): TemplateResult {
  const { facts } = portal;
  return html`<dl data-testid="facts">
    ${row(facts.who, html`<bdi>${whoText(item)}</bdi>`)} ${optionalRow(facts.verified, item.verified_how)}
    ${asked(item)} ${optionalRow(facts.caseNumber, item.case_number)}
    ${optionalRow(facts.contact, item.contact)} ${row(facts.published, when(at))}
    ${overAt === null ? row(facts.until, when(item.expires_at)) : row(facts.over, when(overAt))}
    ${ending === null ? nothing : row(facts.endedBy, portal.endings[ending])}
    ${row(facts.entry, fill(portal.check.entry, { n }))}
  </dl>`;
}

function askedView(item: PublicRequest, one: Published): TemplateResult {
  return html`<h3><bdi>${item.title}</bdi></h3>
    <p>${badge(one.state)}</p>
    ${words(item.text)} ${one.notes.map(noteView)} ${areaPicture(item.area)} ${factsView(item, one)}`;
}

/** What is over is closed at first: its title stays. */
export function requestView(one: Published): TemplateResult {
  const { id, n, at, state, item, tombstone } = one;
  const entry = fill(portal.check.entry, { n });
  if (item?.type === "request") {
    const body = askedView(item, one);
    return html`<article id=${id} data-testid="request" data-state=${state}>
      ${state === "open"
        ? body
        : html`<details>
            <summary><bdi>${item.title}</bdi> · ${portal.states[state]}</summary>
            ${body}
          </details>`}
    </article>`;
  }
  return html`<article id=${id} data-testid="request" data-state=${state}>
    <h3>${entry}</h3>
    <p>${badge(state)}</p>
    ${tombstone ? tombstoneView(tombstone) : html`<p>${portal.requests.unknown}</p>`}
    ${one.notes.map(noteView)}
    <dl>${row(portal.facts.published, when(at))}</dl>
  </article>`;
}

export function noticeView(one: Published): TemplateResult {
  const item = one.item as Notice;
  const { facts, authors } = portal;
  return html`<article id=${one.id} data-testid="notice" data-state=${one.state}>
    <h3><bdi>${item.title}</bdi></h3>
    <p>${badge(one.state)}</p>
    ${words(item.text)} ${one.notes.map(noteView)}
    <dl>
      ${row(facts.author, authors[item.author])} ${row(facts.cells, item.cells.join(", "))}
      ${row(facts.published, when(one.at))} ${row(facts.until, when(item.expires_at))}
    </dl>
  </article>`;
}
