/** The form of a new request as HTML. */

import { html, nothing, type TemplateResult } from "lit/html.js";

import { characters, isWindow, readWindow } from "../model/ask_form";
import { count, fill } from "../model/fill";
import { duration } from "../model/format";
import type { AreaFault } from "../model/portal_area";
import type { Faults, Typed } from "../model/portal_form";
import type { Limits } from "../model/portal_wire";
import { wallDate, wallOf } from "../model/zone";
import { utcSpanText, zoneText } from "../model/zone_text";
import { describedBy, field, type FieldText } from "../public/field";
import { ask } from "../strings/of_pages";
import { manner } from "../public/page";
import { desk } from "../strings/of_portal";
import type { RequestForm, Signed } from "./form";
import { whereView } from "./where_view";

export interface FormView {
  readonly form: RequestForm;
  readonly signed: Signed;
  /** Whether there is a secret to make the key of the answers from. */
  readonly ready: boolean;
  readonly submit: (event: Event) => void;
  readonly changed: (event: Event) => void;
  readonly cancel: () => void;
}

type Name = keyof Typed;

function spans({ limits }: Signed["info"]): { least: string; most: string; days: number } {
  return {
    least: duration(limits.window_min_seconds, manner.locale),
    most: duration(limits.window_max_seconds, manner.locale),
    days: Math.floor(limits.window_age_max_seconds / 86_400),
  };
}

const MOST: Readonly<Partial<Record<Name, keyof Limits>>> = {
  title: "title_max",
  text: "text_max",
  contact: "contact_max",
  caseNumber: "case_number_max",
};

function faultText({ signed }: FormView, faults: Faults, name: Name): string | undefined {
  const fault = faults[name];
  if (!fault) return undefined;
  const texts: Readonly<Record<string, string>> = desk.faults[name];
  const limit = MOST[name];
  const { least, most } = spans(signed.info);
  return fill(texts[fault] ?? fault, { least, most: limit ? signed.info.limits[limit] : most });
}

interface Control {
  readonly view: FormView;
  readonly faults: Faults;
}

function input({ view, faults }: Control, texts: FieldText<Name>, type: string, max?: string): TemplateResult {
  const named = { ...texts, fault: faultText(view, faults, texts.name) };
  return field(
    named,
    html`<input
      id=${texts.name}
      name=${texts.name}
      data-testid=${texts.name}
      type=${type}
      max=${max ?? nothing}
      autocomplete="off"
      .value=${view.form.typed[texts.name]}
      aria-describedby=${describedBy(named) || nothing}
      aria-invalid=${named.fault ? "true" : nothing}
    >`,
  );
}

function windowLine({ view: { form } }: Control): TemplateResult | typeof nothing {
  const window = readWindow(form.typed, form.zone);
  if (!isWindow(window)) return nothing;
  const { start, end, nextDay, twice } = window;
  return html`<p class="size" role="status" data-testid="window">
    ${duration((end - start) / 1000, manner.locale)} <small>${utcSpanText(start, end)}</small>
    ${nextDay ? html`<strong>${ask.when.nextDay}</strong>` : nothing}
    ${twice ? html`<strong>${ask.when.twice}</strong>` : nothing}
  </p>`;
}

function whenView(control: Control): TemplateResult {
  const { form, signed } = control.view;
  const today = wallDate(wallOf(form.zone, Date.now()));
  const zone = zoneText(form.zone, Date.now());
  return html`<fieldset>
    <legend>${desk.form.when}</legend>
    ${input(control, { name: "date", label: ask.when.date }, "date", today)}
    <div class="row">
      ${input(control, { name: "from", label: ask.when.from }, "time")}
      ${input(control, { name: "to", label: ask.when.to }, "time")}
    </div>
    ${zoneChoice(form.zone)}
    <p class="hint" data-testid="zone">${fill(form.zone === manner.zone ? ask.when.zone : ask.when.zoneOther, { zone })}</p>
    ${windowLine(control)}
    <p class="hint">${fill(desk.form.windowHint, spans(signed.info))}</p>
  </fieldset>`;
}

/** The device's own zone, or UTC: where a request is about a place elsewhere, its zone is set there. */
function zoneChoice(zone: string): TemplateResult {
  if (manner.zone === "UTC") return html`<input type="hidden" name="zone" value="UTC">`;
  return html`<div class="field small">
    <label for="zone">${ask.when.zoneChoose}</label>
    <select id="zone" name="zone" data-testid="zone-choice">
      <option value=${manner.zone} ?selected=${zone === manner.zone}>
        ${fill(ask.when.zoneOwn, { zone: manner.zone.replaceAll("_", " ") })}
      </option>
      <option ?selected=${zone === "UTC"}>UTC</option>
    </select>
  </div>`;
}

function textArea({ view, faults }: Control): TemplateResult {
  const { text, textHint } = desk.form;
  const n = characters(view.form.typed.text);
  const named: FieldText<Name> = {
    name: "text",
    label: text,
    hint: html`${textHint}<br>${fill(ask.what.count, { n, most: view.signed.info.limits.text_max })}`,
    fault: faultText(view, faults, "text"),
  };
  return field(
    named,
    html`<textarea
      id="text"
      name="text"
      data-testid="text"
      rows="6"
      .value=${view.form.typed.text}
      aria-describedby=${describedBy(named)}
      aria-invalid=${named.fault ? "true" : nothing}
    ></textarea>`,
  );
}

function whatView(control: Control): TemplateResult {
  const texts = desk.form;
  const police = control.view.signed.answer.requester.kind === "police";
  return html`<fieldset>
    <legend>${texts.what}</legend>
    ${input(control, { name: "title", label: texts.titleField, hint: texts.titleHint }, "text")}
    ${textArea(control)}
    ${police ? input(control, { name: "caseNumber", label: texts.caseNumber }, "text") : nothing}
    ${input(control, { name: "contact", label: texts.contact, hint: texts.contactHint }, "text")}
  </fieldset>`;
}

function alerts({ form }: FormView): TemplateResult {
  const faults = Object.keys(form.faults).length;
  return html`<div role="alert">
    ${faults > 0
      ? html`<p class="notice error" data-testid="summary">${count(desk.faults.summary, faults)}</p>`
      : nothing}
    ${form.failure ? html`<p class="notice error" data-testid="failure">${form.failure}</p>` : nothing}
  </div>`;
}

function buttons({ form, ready, cancel }: FormView): TemplateResult {
  const { send, sending, again, cancel: back } = desk.form;
  const { phase } = form;
  const label = { filling: send, sending, uncertain: again }[phase];
  return html`${ready ? nothing : html`<p class="notice warning" data-testid="no-secret">${desk.secret.first}</p>`}
    <button type="submit" class="primary" data-testid="send" ?disabled=${phase === "sending" || !ready}>${label}</button>
    <div class="buttons">
      ${phase === "uncertain"
        ? html`<button type="button" data-testid="change" @click=${() => form.edit()}>${ask.change}</button>`
        : nothing}
      <button type="button" data-testid="cancel" @click=${cancel}>${back}</button>
    </div>`;
}

function where({ form, signed }: FormView, fault: AreaFault | null): TemplateResult {
  const { map, bad, located } = form;
  const canLocate = isSecureContext && "geolocation" in navigator;
  return whereView({
    ...{ map, bad, located, fault, limits: signed.info.limits, tiles: signed.info.map },
    told: (what) => form.tell(what),
    locate: canLocate ? () => form.locate() : null,
  });
}

export function formView(view: FormView): TemplateResult {
  const { form, signed, submit, changed } = view;
  const faults = form.live(signed);
  const control = { view, faults };
  return html`<h2 tabindex="-1" data-testid="form-title">${desk.form.title}</h2>
    <p>${desk.form.lead}</p>
    <form novalidate @submit=${submit} @input=${changed} @change=${changed}>
      <div ?inert=${form.phase !== "filling"} data-testid="fields">
        ${where(view, (faults.area ?? null) as AreaFault | null)} ${whenView(control)} ${whatView(control)}
      </div>
      ${alerts(view)} ${buttons(view)}
    </form>`;
}
