/** Asking neighbours: the form, what was asked, what came. Never how many homes there are. */

import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

import "../door";
import { COMMANDS } from "../model/commands";
import { fill, word } from "../model/fill";
import { dayAndClock, duration, metres, spanText } from "../model/format";
import {
  areaAround,
  askingOf,
  radiiOf,
  RADIUS,
  withRequest,
  type Form,
  type Hub,
  type Neighbours as Told,
  type OwnRequest,
  type Place,
} from "../model/neighbours";
import { panel } from "../strings/of_panel";
import { define, DeskElement, row, shared } from "./element";
import "./map";
import { answerView } from "./own_answer";
import "./own_notes";

const texts = panel.neighbours;
type Typed = Omit<Form, "hub" | "place"> & { readonly hub: number; readonly place: number };
type Act = "withdrawn" | "resolved" | "forget";

export class Neighbours extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    heard: { type: Number },
    approver: { type: Boolean },
    told: { state: true },
    typed: { state: true },
    sure: { state: true },
  };

  static override styles = [
    shared,
    css`
      video {
        display: block;
        width: 100%;
        max-height: 70vh;
        margin-bottom: 12px;
        border-radius: 8px;
        background: #000;
      }

      label:not(.pair label) {
        margin-top: 12px;
      }
    `,
  ];

  /** Grows whenever the home says that there is something new. */
  declare heard: number;
  declare approver: boolean;
  declare told: Told | null;
  /** The form; null while nobody asks. */
  declare typed: Typed | null;
  /** What is asked once more before it is done, and of which request. */
  declare sure: { readonly id: string; readonly act: Act } | null;
  /** Requests with answers that were new when they were first shown here. */
  readonly #fresh = new Set<string>();

  constructor() {
    super();
    this.heard = 0;
    this.approver = false;
    this.told = null;
    this.typed = null;
    this.sure = null;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("heard")) void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.told = await this.desk.call(COMMANDS.neighbours, {});
      await this.#see();
    } catch (error) {
      this.fault = this.desk.text(error);
    }
  }

  readonly #looked = (): void => void this.#see().catch(() => undefined);

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.#looked);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.#looked);
  }

  /** What an approver has before their eyes no phone need tell of; here it stays marked as new. */
  async #see(): Promise<void> {
    const fresh = this.told?.requests.filter(({ unseen }) => unseen > 0) ?? [];
    if (!this.approver || fresh.length === 0 || document.visibilityState !== "visible") return;
    for (const own of fresh) this.#fresh.add(own.request_id);
    await this.desk.call(COMMANDS.seeAnswers, {});
  }

  #open(): void {
    this.fault = null;
    this.typed = { hub: 0, place: 0, radius: RADIUS, start: "", end: "", title: "", text: "" };
  }

  #set(changes: Partial<Typed>): void {
    if (this.typed) this.typed = { ...this.typed, ...changes };
  }

  /** What is typed, of the hubs and places that there are. */
  get #form(): Form | null {
    const { typed, told } = this;
    const hub = told?.hubs[typed?.hub ?? 0];
    const place = told?.places[typed?.place ?? 0];
    if (!typed || !hub || !place) return null;
    const radii = radiiOf(hub.limits);
    const radius = radii.includes(typed.radius) ? typed.radius : (radii[0] ?? typed.radius);
    return { ...typed, hub, place, radius };
  }

  async #ask(event: Event): Promise<void> {
    event.preventDefault();
    const form = this.#form;
    if (!form) return;
    const asking = askingOf(form, this.desk.manner.zone);
    if (asking === null) {
      this.fault = texts.when;
      return;
    }
    const sent = await this.attempt(async () => {
      const { request } = await this.desk.call(COMMANDS.askNeighbours, asking);
      if (this.told) this.told = withRequest(this.told, request);
    });
    if (sent) this.typed = null;
  }

  async #act(id: string, act: Act): Promise<void> {
    await this.attempt(async () => {
      if (act === "forget") await this.desk.call(COMMANDS.forgetOwnRequest, { request_id: id });
      else await this.desk.call(COMMANDS.endOwnRequest, { request_id: id, how: act });
      await this.#load();
    });
    this.sure = null;
  }

  // --- the form

  #choice<T>(
    name: "hub" | "place" | "radius",
    options: readonly T[],
    said: (one: T) => string,
    value: (one: T, index: number) => number,
    chosen: number,
  ): TemplateResult {
    return html`<div>
      <label for=${name}>${texts[name]}</label>
      <select
        id=${name}
        data-testid="ask-${name}"
        @change=${(event: Event) => {
          this.#set({ [name]: Number((event.target as HTMLSelectElement).value) });
        }}
      >
        ${options.map(
          (one, index) =>
            html`<option value=${value(one, index)} ?selected=${value(one, index) === chosen}>
              ${said(one)}
            </option>`,
        )}
      </select>
    </div>`;
  }

  #moment(name: "start" | "end"): TemplateResult {
    return html`<div>
      <label for=${name}>${texts[name]}</label>
      <input
        id=${name}
        type="datetime-local"
        data-testid="ask-${name}"
        .value=${this.typed?.[name] ?? ""}
        @change=${(event: Event) => {
          this.#set({ [name]: (event.target as HTMLInputElement).value });
        }}
      >
    </div>`;
  }

  #where(form: Form, { hubs, places }: Told): TemplateResult {
    const { locale } = this.desk.manner;
    const home = (place: Place): string => (place.camera_id === null ? texts.home : place.name);
    return html`<div class="pair">
        ${hubs.length < 2
          ? nothing
          : this.#choice("hub", hubs, (hub: Hub) => hub.title, (_, n) => n, hubs.indexOf(form.hub))}
        ${this.#choice("place", places, home, (_, n) => n, places.indexOf(form.place))}
        ${this.#choice(
          "radius",
          radiiOf(form.hub.limits),
          (radius: number) => metres(radius, locale),
          (radius) => radius,
          form.radius,
        )}
      </div>
      <clip-consent-map
        .area=${areaAround(form.place, form.radius)}
        .home=${null}
        .cameras=${[]}
        .locale=${locale}
      ></clip-consent-map>
      <p class="soft" data-testid="ask-area">${texts.area}</p>`;
  }

  #limits({ limits }: Hub): string {
    const { locale } = this.desk.manner;
    return fill(texts.limits, {
      least: duration(limits.window_min_seconds, locale),
      most: duration(limits.window_max_seconds, locale),
      title: limits.title_max,
      text: limits.text_max,
    });
  }

  #asking(form: Form, told: Told): TemplateResult {
    return html`<form data-testid="ask-form" @submit=${(event: Event) => this.#ask(event)}>
      <div class="pair">${this.#moment("start")} ${this.#moment("end")}</div>
      <label for="title">${texts.name}</label>
      <input
        id="title"
        data-testid="ask-title"
        autocomplete="off"
        .value=${form.title}
        @input=${(event: Event) => this.#set({ title: (event.target as HTMLInputElement).value })}
      >
      <label for="text">${texts.text}</label>
      <textarea
        id="text"
        rows="4"
        aria-describedby="limits"
        data-testid="ask-text"
        .value=${form.text}
        @input=${(event: Event) => this.#set({ text: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
      <p id="limits" class="soft">${this.#limits(form.hub)}</p>
      ${this.#where(form, told)} ${this.faultView()}
      <div class="buttons">
        <button class="primary" data-testid="ask-send" ?disabled=${this.working}>${texts.send}</button>
        <button type="button" class="plain" @click=${() => (this.typed = null)}>${texts.cancel}</button>
      </div>
    </form>`;
  }

  #top(told: Told): TemplateResult {
    const form = this.#form;
    const can = told.hubs.length > 0 && told.places.length > 0;
    return html`<section>
      <h2>${texts.title}</h2>
      <p>${texts.lead}</p>
      <p>${texts.voluntary}</p>
      ${form
        ? this.#asking(form, told)
        : html`${this.faultView()}
            ${can
              ? html`<button type="button" class="primary" data-testid="ask" @click=${() => this.#open()}>
                  ${texts.button}
                </button>`
              : html`<p class="soft" data-testid="ask-none">${texts.noHub}</p>`}`}
    </section>`;
  }

  // --- what was asked, and what came

  #button(own: OwnRequest, act: Act): TemplateResult {
    return html`<button
      type="button"
      data-testid="own-${act}"
      @click=${() => (this.sure = { id: own.request_id, act })}
    >
      ${texts[act]}
    </button>`;
  }

  #actions(own: OwnRequest): TemplateResult {
    const { sure } = this;
    if (sure?.id === own.request_id) {
      return html`<p>${texts.sure[sure.act]}</p>
        <div class="buttons">
          <button
            type="button"
            class="danger"
            data-testid="own-confirm"
            ?disabled=${this.working}
            @click=${() => this.#act(sure.id, sure.act)}
          >
            ${texts[sure.act]}
          </button>
          <button type="button" class="plain" @click=${() => (this.sure = null)}>${texts.cancel}</button>
        </div>`;
    }
    const over = !own.may_withdraw && (own.hub_knows || own.state === "refused");
    return html`<div class="buttons">
      ${own.may_resolve ? this.#button(own, "resolved") : nothing}
      ${own.may_withdraw ? this.#button(own, "withdrawn") : nothing}
      ${over && this.approver ? this.#button(own, "forget") : nothing}
    </div>`;
  }

  #reloaded = false;

  /** The path may have run out: it is asked for anew, once. */
  #stale(): void {
    if (this.#reloaded) return;
    this.#reloaded = true;
    void this.#load();
  }

  #isNew(own: OwnRequest): boolean {
    return this.approver && (own.unseen > 0 || this.#fresh.has(own.request_id));
  }

  #request(own: OwnRequest): TemplateResult {
    const { manner } = this.desk;
    return html`<section data-testid="own-request">
      <h2>${own.title}</h2>
      ${this.#isNew(own) ? html`<p class="notice" data-testid="own-new">${texts.new}</p>` : nothing}
      <p>
        <strong>${word(texts.states, own.state)}</strong>
        ${own.expires_at !== null && own.state === "open"
          ? fill(texts.until, { when: dayAndClock(own.expires_at, manner) })
          : nothing}
      </p>
      ${own.problem_text === null ? nothing : html`<p class="notice warning">${own.problem_text}</p>`}
      ${own.hub_knows || own.state === "refused" ? nothing : html`<p class="soft">${texts.notTold}</p>`}
      <p class="words">${own.text}</p>
      <dl>
        ${row(texts.covers, spanText(own.start, own.end, manner))}
        ${own.hub === "" ? nothing : row(texts.hub, own.hub)}
        ${row(texts.asked, dayAndClock(own.asked_at, manner))}
      </dl>
      ${this.approver && own.state !== "refused"
        ? html`<h3>${texts.answers}</h3>
            ${own.answers.length === 0 ? html`<p class="soft">${texts.noAnswers}</p>` : nothing}
            ${own.answers.map((answer) => answerView(answer, manner, () => this.#stale()))}`
        : nothing}
      <clip-consent-own-notes
        .desk=${this.desk}
        .one=${own}
        @noted=${({ detail }: CustomEvent<OwnRequest>) => {
          if (this.told) this.told = withRequest(this.told, detail);
        }}
      ></clip-consent-own-notes>
      ${this.#actions(own)}
    </section>`;
  }

  override render() {
    const { told } = this;
    if (told === null) return this.fault === null ? html`<p>${panel.loading}</p>` : this.faultView();
    return html`${this.#top(told)}
    ${repeat(
      told.requests,
      (own) => own.request_id,
      (own) => this.#request(own),
    )}`;
  }
}

define("clip-consent-neighbours", Neighbours);
