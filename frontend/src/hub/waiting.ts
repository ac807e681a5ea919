/** What waits for a moderator, and its two answers. */

import { html, nothing, type TemplateResult } from "lit";

import { areaPicture } from "../components/area_picture";
import { row } from "../components/element";
import type { Area } from "../model/area";
import { fill } from "../model/fill";
import { dayAndClock, metres, spanText, type Manner } from "../model/format";
import { hubCommand, REASONS, type Reason, type Waiting } from "../model/hub";
import { middleOf } from "../model/map";
import { km2, km2Text, placeText } from "../model/portal_area";
import type { HubTexts } from "../strings/hub";

export type Asked = { readonly id: string; readonly what: "publish" | "refuse" | "withdraw" } | null;

/** What the panel lends to the parts of its page. */
export interface Tools {
  readonly texts: HubTexts;
  readonly manner: Manner;
  readonly working: boolean;
  /** Decide something; tells whether it worked. */
  readonly call: (type: string, fields: object, done?: string) => Promise<boolean>;
}

export interface Deciding extends Tools {
  readonly asked: Asked;
  readonly ask: (asked: Asked) => void;
}

function areaText(area: Area, { texts, manner: { locale } }: Tools): string {
  const said = { middle: placeText(middleOf(area)), size: km2Text(km2(area), locale) };
  if (area.kind === "polygon") return fill(texts.drawn, said);
  return fill(texts.around, { ...said, metres: metres(area.radius, locale) });
}

function optional(label: string, value: string): TemplateResult | typeof nothing {
  return value === "" ? nothing : row(label, value);
}

function factsView(one: Waiting, tools: Tools): TemplateResult {
  const { texts, manner } = tools;
  const { facts } = texts;
  const who = one.requester;
  const name = who
    ? [texts.who[who.kind], who.name, who.organisation].filter((part) => part !== "").join(", ")
    : texts.neighbour;
  return html`<dl>
    ${row(facts.from, name)} ${optional(facts.verified, who?.verified_how ?? "")}
    ${optional(facts.contact, one.contact)} ${optional(facts.caseNumber, one.case_number)}
    ${one.start === null || one.end === null ? nothing : row(facts.window, spanText(one.start, one.end, manner))}
    ${one.area ? row(facts.area, areaText(one.area, tools)) : nothing}
    ${optional(facts.cells, one.cells.join(", "))} ${optional(facts.about, one.about ?? "")}
    ${row(facts.submitted, dayAndClock(one.submitted_at, manner))}
  </dl>`;
}

function cancel({ texts, ask }: Deciding): TemplateResult {
  return html`<button type="button" class="plain" @click=${() => ask(null)}>${texts.cancel}</button>`;
}

function refusingView(one: Waiting, tools: Deciding): TemplateResult {
  const { texts, working, call } = tools;
  const refuse = (event: SubmitEvent): void => {
    event.preventDefault();
    const reason = new FormData(event.target as HTMLFormElement).get("reason") as Reason;
    void call(hubCommand("refuse"), { item_id: one.id, reason });
  };
  return html`<form @submit=${refuse}>
    <p>${texts.refuseAsk}</p>
    <div>
      <label for="reason">${texts.reason}</label>
      <select id="reason" name="reason" data-testid="reason">
        ${REASONS.map((reason) => html`<option value=${reason}>${texts.reasons[reason]}</option>`)}
      </select>
    </div>
    <div class="buttons">
      <button type="submit" class="danger" data-testid="really-refuse" ?disabled=${working}>${texts.reallyRefuse}</button>
      ${cancel(tools)}
    </div>
  </form>`;
}

function buttonsView(one: Waiting, tools: Deciding): TemplateResult {
  const { texts, asked, ask, working, call } = tools;
  const { id } = one;
  if (asked?.id !== id) {
    return html`<div class="buttons">
      <button type="button" class="primary" data-testid="publish" @click=${() => ask({ what: "publish", id })}>
        ${texts.publish}
      </button>
      <button type="button" class="danger" data-testid="refuse" @click=${() => ask({ what: "refuse", id })}>
        ${texts.refuse}
      </button>
    </div>`;
  }
  if (asked.what === "refuse") return refusingView(one, tools);
  return html`<p>${texts.publishAsk}</p>
    <div class="buttons">
      <button
        type="button"
        class="primary"
        data-testid="really-publish"
        ?disabled=${working}
        @click=${() => call(hubCommand("publish"), { item_id: id })}
      >
        ${texts.reallyPublish}
      </button>
      ${cancel(tools)}
    </div>`;
}

export function waitingView(one: Waiting, wanted: boolean, tools: Deciding): TemplateResult {
  const { texts, manner } = tools;
  const kind = texts.kinds[one.kind];
  return html`<section data-testid="item" ?data-wanted=${wanted}>
    <h3>${one.title === "" ? kind : one.title}</h3>
    ${one.title === "" ? nothing : html`<p class="soft">${kind}</p>`}
    <p class="words" dir="auto">${one.text}</p>
    ${one.area ? areaPicture(one.area, texts.areaLabel, manner.locale) : nothing} ${factsView(one, tools)}
    ${buttonsView(one, tools)}
  </section>`;
}
