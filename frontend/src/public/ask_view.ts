/** The request form as HTML. */

import { html, nothing, type TemplateResult } from "lit/html.js";
import { guard } from "lit/directives/guard.js";

import {
  characters,
  clean,
  isWindow,
  KINDS,
  LIMITS,
  readWindow,
  type Answers,
  type Faults,
  type Field,
} from "../model/ask_form";
import { count, fill } from "../model/fill";
import { duration, listText } from "../model/format";
import { offsetAt, wallDate, wallOf, type Area } from "../model/zone";
import { utcSpanText, zoneName, zoneText } from "../model/zone_text";
import { ask } from "../strings/of_pages";
import { describedBy, field, type FieldText } from "./field";
import { insecureNotice, manner } from "./page";

export type Phase =
  | { readonly kind: "filling" }
  | { readonly kind: "sending" }
  /** It may have arrived: sending again must be the same request. */
  | { readonly kind: "uncertain" };

export interface View {
  readonly answers: Answers;
  /** The zone that the typed times are in, and those that can be chosen. */
  readonly zone: string;
  readonly areas: readonly Area[];
  /** The codecs that this browser plays, by name. */
  readonly played: readonly string[];
  readonly faults: Faults;
  readonly phase: Phase;
  readonly failure: string | null;
  readonly changed: (event: Event) => void;
  readonly submit: (event: Event) => void;
  readonly edit: () => void;
}

const MOST: Partial<Record<Field, number>> = {
  text: LIMITS.text,
  name: LIMITS.name,
  contact: LIMITS.contact,
  caseNumber: LIMITS.caseNumber,
};

function faultText(view: View, name: Field): string | undefined {
  const fault = view.faults[name];
  if (!fault) return undefined;
  const texts: Readonly<Record<string, string>> = ask.faults[name];
  return fill(texts[fault] ?? fault, { most: MOST[name] ?? "" });
}

function input(view: View, texts: FieldText, type: string, more: Partial<Record<"min" | "max" | "autocomplete", string>> = {}): TemplateResult {
  const named = { ...texts, fault: faultText(view, texts.name) };
  return field(
    named,
    html`<input
      id=${texts.name}
      name=${texts.name}
      data-testid=${texts.name}
      type=${type}
      min=${more.min ?? nothing}
      max=${more.max ?? nothing}
      autocomplete=${more.autocomplete ?? "off"}
      aria-describedby=${describedBy(named) || nothing}
      aria-invalid=${named.fault ? "true" : nothing}
    >`,
  );
}

function before({ played }: View): TemplateResult {
  const { title, voluntary, invisible, seen, kept, sealed, plays, playsNone } = ask.terms;
  const codecs = listText(played, manner.locale);
  return html`<section class="notice" data-testid="terms">
    <h2>${title}</h2>
    <ul>
      ${[voluntary, invisible, seen].map((sentence) => html`<li>${sentence}</li>`)}
      <li data-testid="kept-for">${fill(kept, { days: LIMITS.keptDays })}</li>
      <li>${sealed}</li>
      <li data-testid="plays">${played.length > 0 ? fill(plays, { codecs }) : playsNone}</li>
    </ul>
  </section>`;
}

/** The device's own zone unless another is chosen: reports tell the time of a place. */
function zoneField({ areas }: View): TemplateResult {
  const { zoneChoose, zoneOwn } = ask.when;
  const options = (): TemplateResult[] =>
    areas.map(
      ({ area, zones }) => html`<optgroup label=${area}>
        ${zones.map(({ zone, town }) => html`<option value=${zone}>${town}</option>`)}
      </optgroup>`,
    );
  return html`<div class="field small">
    <label for="zone">${zoneChoose}</label>
    <select id="zone" name="zone" data-testid="zone-choice" aria-describedby="zone-hint">
      <option value=${manner.zone}>${fill(zoneOwn, { zone: zoneName(manner.zone) })}</option>
      ${manner.zone === "UTC" ? nothing : html`<option>UTC</option>`}
      ${guard([areas], options)}
    </select>
  </div>`;
}

function zoneLine(zone: string, at: number): string {
  const { zone: own, zoneOther } = ask.when;
  return fill(zone === manner.zone ? own : zoneOther, { zone: zoneText(zone, at) });
}

function windowNote({ answers, zone }: View): TemplateResult {
  const window = readWindow(answers, zone);
  const at = isWindow(window) ? window.start : Date.now();
  const line = zoneLine(zone, at);
  if (!isWindow(window)) return html`<p class="hint" id="zone-hint" data-testid="zone">${line}</p>`;
  const { start, end, nextDay, twice } = window;
  return html`<p class="hint" id="zone-hint" data-testid="zone">
      ${line}${offsetAt(zone, at) === 0
        ? nothing
        : html`<br><small data-testid="utc">${utcSpanText(start, end)}</small>`}
    </p>
    <p class="hint" aria-live="polite" data-testid="window">
      ${duration((end - start) / 1000, manner.locale)}
      ${nextDay ? html`<strong>${ask.when.nextDay}</strong>` : nothing}
      ${twice ? html`<strong>${ask.when.twice}</strong>` : nothing}
    </p>`;
}

function when(view: View): TemplateResult {
  const now = Date.now();
  const dayOf = (moment: number) => wallDate(wallOf(view.zone, moment));
  return html`<fieldset>
    <legend>${ask.when.title}</legend>
    ${input(view, { name: "date", label: ask.when.date }, "date", {
      min: dayOf(now - LIMITS.age),
      max: dayOf(now),
    })}
    <div class="row">
      ${input(view, { name: "from", label: ask.when.from }, "time")}
      ${input(view, { name: "to", label: ask.when.to }, "time")}
    </div>
    ${zoneField(view)} ${windowNote(view)}
    <p class="hint">${ask.when.hint}</p>
  </fieldset>`;
}

function what(view: View): TemplateResult {
  const texts: FieldText = {
    name: "text",
    label: ask.what.text,
    hint: html`${ask.what.hint}<br><span data-testid="count">${fill(ask.what.count, {
      n: characters(clean(view.answers.text)),
      most: LIMITS.text,
    })}</span>`,
    fault: faultText(view, "text"),
  };
  return html`<fieldset>
    <legend>${ask.what.title}</legend>
    ${field(
      texts,
      html`<textarea
        id="text"
        name="text"
        data-testid="text"
        rows="5"
        aria-describedby=${describedBy(texts)}
        aria-invalid=${texts.fault ? "true" : nothing}
      ></textarea>`,
    )}
  </fieldset>`;
}

function kindField(view: View): TemplateResult {
  const texts: FieldText = { name: "kind", label: ask.who.kind, fault: faultText(view, "kind") };
  return field(
    texts,
    html`<select
      id="kind"
      name="kind"
      data-testid="kind"
      aria-describedby=${describedBy(texts) || nothing}
      aria-invalid=${texts.fault ? "true" : nothing}
    >
      <option value="">${ask.who.kindChoose}</option>
      ${KINDS.map((kind) => html`<option value=${kind}>${ask.who.kinds[kind]}</option>`)}
    </select>`,
  );
}

function who(view: View): TemplateResult {
  const { name, caseNumber, caseNumberHint, contact, contactHint, optional } = ask.who;
  return html`<fieldset>
    <legend>${ask.who.title}</legend>
    ${input(view, { name: "name", label: name }, "text", { autocomplete: "name" })}
    ${kindField(view)}
    ${view.answers.kind === "police"
      ? input(view, { name: "caseNumber", label: caseNumber, hint: caseNumberHint }, "text")
      : nothing}
    ${input(view, { name: "contact", label: contact, note: optional, hint: contactHint }, "text")}
  </fieldset>`;
}

function buttons(view: View): TemplateResult {
  const { kind } = view.phase;
  if (kind === "uncertain") {
    return html`<button type="submit" class="primary" data-testid="send-again">
        ${ask.sendAgain}
      </button>
      <button type="button" data-testid="change" @click=${view.edit}>${ask.change}</button>
      <p class="hint">${ask.changeNote}</p>`;
  }
  const sending = kind === "sending";
  return html`<button type="submit" class="primary" data-testid="send" ?disabled=${sending}>
    ${sending ? ask.sending : ask.send}
  </button>`;
}

export function askView(view: View): TemplateResult {
  const faults = Object.keys(view.faults).length;
  return html`<h1>${ask.title}</h1>
    <p class="lead">${ask.lead}</p>
    ${insecureNotice(ask.insecure)} ${before(view)}
    <form novalidate @submit=${view.submit} @input=${view.changed} @change=${view.changed}>
      <div class="fields" ?inert=${view.phase.kind !== "filling"} data-testid="fields">
        ${when(view)} ${what(view)} ${who(view)}
      </div>
      <div role="alert">
        ${faults > 0
          ? html`<p class="notice error" data-testid="summary">${count(ask.summary, faults)}</p>`
          : nothing}
        ${view.failure
          ? html`<p class="notice error" data-testid="failure">${view.failure}</p>`
          : nothing}
      </div>
      ${buttons(view)}
    </form>`;
}
