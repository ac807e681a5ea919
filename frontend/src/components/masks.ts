/** Draws what is hidden: on a picture of the clip, by mouse, finger, keyboard or in numbers. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import "../door";
import { fill } from "../model/fill";
import { percent } from "../model/format";
import {
  MOST,
  SCALE,
  SIDES,
  CORNERS,
  alwaysOn,
  another,
  beside,
  cornerOf,
  cornerTo,
  dragged,
  drawn,
  percentOf,
  pressed,
  withPercent,
  type Corner,
  type Spot,
} from "../model/masks";
import type { Choice } from "../model/picker";
import type { Case, Region } from "../model/wire";
import { panel } from "../strings/of_panel";
import "./always";
import { define, DeskElement, shared } from "./element";
import { drawing } from "./masks_style";
import { Stills } from "./stills";

const SETTLED = 400; // milliseconds without a change: then it is read out
const texts = panel.masks;

type Held = "new" | "whole" | Corner;

interface Drag {
  /** Whose moves count: a second finger is another pointer. */
  readonly pointer: number;
  readonly held: Held;
  readonly index: number;
  /** Where the finger took hold, and the region as it was; none if one is drawn. */
  readonly from: Spot;
  readonly region: Region | null;
}

/** Fires `drawn` with all regions that were drawn. */
export class Masks extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    choice: { attribute: false },
    chosen: { state: true },
    drag: { state: true },
    fresh: { state: true },
    said: { state: true },
  };

  static override styles = [shared, drawing];

  declare one: Case;
  declare choice: Choice;
  declare chosen: number;
  declare drag: Drag | null;
  /** What is being drawn. */
  declare fresh: Region | null;
  /** What is read out. */
  declare said: string;

  readonly #stills = new Stills(this);
  #saying = 0;
  #focus: string | null = null;

  constructor() {
    super();
    this.chosen = 0;
    this.drag = null;
    this.fresh = null;
    this.said = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#saying);
  }

  override updated(changed: Map<string, unknown>): void {
    super.updated(changed);
    if (this.#focus === null) return;
    const next = this.renderRoot.querySelector<HTMLElement>(this.#focus);
    if (!next) return; // what was added comes with the next choice
    next.focus({ preventScroll: true });
    this.#focus = null;
  }

  get #always(): readonly Region[] {
    return alwaysOn(this.desk.known?.snapshot.cameras ?? [], this.choice.camera);
  }

  get #own(): readonly Region[] {
    return beside(this.choice.masks, this.#always);
  }

  #tell(regions: readonly Region[]): void {
    this.dispatchEvent(new CustomEvent<readonly Region[]>("drawn", { detail: regions }));
  }

  #put(index: number, region: Region): void {
    const all = this.#own.map((one, at) => (at === index ? region : one));
    this.chosen = index;
    this.#tell(all);
    this.#say(() => this.#name(region, index, all.length));
  }

  #say(words: () => string): void {
    clearTimeout(this.#saying);
    this.#saying = window.setTimeout(() => (this.said = words()), SETTLED);
  }

  get #full(): boolean {
    return this.#own.length + this.#always.length >= MOST;
  }

  #add(region: Region): void {
    const all = [...this.#own, region];
    this.chosen = all.length - 1;
    this.#focus = `#region-${this.chosen}`;
    this.#tell(all);
  }

  #delete(index: number): void {
    const all = this.#own.filter((_, at) => at !== index);
    this.chosen = Math.max(0, index - 1);
    this.#focus = all.length === 0 ? "#add" : `#region-${this.chosen}`;
    this.#tell(all);
    this.#say(() => texts.deleted);
  }

  #where(region: Region): string {
    const { locale } = this.desk.manner;
    const values = SIDES.map((side) => [side, percent(percentOf(region, side) / 100, locale)]);
    return fill(texts.where, Object.fromEntries(values) as Record<string, string>);
  }

  #name(region: Region, index: number, all: number): string {
    return `${fill(texts.region, { n: index + 1, all })}: ${this.#where(region)}`;
  }

  #spot(event: PointerEvent): Spot {
    const stage = this.renderRoot.querySelector(".stage");
    const { left, top, width, height } = stage?.getBoundingClientRect() ?? new DOMRect();
    const part = (at: number, length: number): number => (length === 0 ? 0 : (at / length) * SCALE);
    return { x: part(event.clientX - left, width), y: part(event.clientY - top, height) };
  }

  #grab(event: PointerEvent, held: Held, index: number): void {
    if (event.button !== 0 || this.drag) return;
    if (held === "new" && this.#full) return;
    event.stopPropagation();
    event.preventDefault();
    this.renderRoot.querySelector(".stage")?.setPointerCapture(event.pointerId);
    if (held !== "new") {
      this.chosen = index;
      this.renderRoot.querySelector<HTMLElement>(`#region-${index}`)?.focus({ preventScroll: true });
    }
    const region = this.#own[index] ?? null;
    this.drag = { pointer: event.pointerId, held, index, from: this.#spot(event), region };
  }

  #dragged(event: PointerEvent): void {
    const { drag } = this;
    if (drag?.pointer !== event.pointerId) return;
    const { held, region, from, index } = drag;
    const at = this.#spot(event);
    if (held === "new" || !region) {
      this.fresh = drawn(from, at);
      return;
    }
    const by = { x: at.x - from.x, y: at.y - from.y };
    const corner = held === "whole" ? "first" : held;
    const begun = cornerOf(region, corner);
    const to = { x: begun.x + by.x, y: begun.y + by.y };
    this.#put(index, held === "whole" ? dragged(region, to) : cornerTo(region, held, to));
  }

  #dropped(event: PointerEvent): void {
    if (this.drag?.pointer !== event.pointerId) return;
    const { fresh } = this;
    this.drag = null;
    this.fresh = null;
    if (fresh) this.#add(fresh);
  }

  #pressed(event: KeyboardEvent, index: number): void {
    const region = this.#own[index];
    if (!region) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.#delete(index);
      return;
    }
    const after = pressed(region, event.key, event.shiftKey);
    if (!after) return;
    event.preventDefault();
    this.#put(index, after);
  }

  #box({ left, top, right, bottom }: Region): string {
    const part = (value: number): string => `${value / 100}%`;
    return `left: ${part(left)}; top: ${part(top)}; width: ${part(right - left)}; height: ${part(bottom - top)}`;
  }

  #region(region: Region, index: number, all: number): TemplateResult {
    const chosen = index === this.chosen;
    return html`<div
      id="region-${index}"
      class="region ${chosen ? "chosen" : ""}"
      role="application"
      tabindex="0"
      style=${this.#box(region)}
      aria-label=${this.#name(region, index, all)}
      aria-describedby="keys"
      data-testid="region"
      @focus=${() => (this.chosen = index)}
      @pointerdown=${(event: PointerEvent) => this.#grab(event, "whole", index)}
      @keydown=${(event: KeyboardEvent) => this.#pressed(event, index)}
    ><span aria-hidden="true">${index + 1}</span></div>`;
  }

  /** For fingers alone: by keyboard and in numbers a region is sized otherwise. */
  #handles(region: Region, index: number): TemplateResult[] {
    return CORNERS.map((corner) => {
      const { x, y } = cornerOf(region, corner);
      return html`<div
        class="handle ${corner}"
        aria-hidden="true"
        style="left: ${x / 100}%; top: ${y / 100}%"
        data-testid="corner-${corner}"
        @pointerdown=${(event: PointerEvent) => this.#grab(event, corner, index)}
      ></div>`;
    });
  }

  #stage(own: readonly Region[]): TemplateResult {
    const { src, label } = this.#stills.shown;
    const chosen = own[this.chosen];
    return html`<div class="frame">
      <div
        class="stage"
        role="group"
        aria-label=${texts.stage}
        style="--aspect: ${this.#stills.aspect}"
        data-testid="stage"
        @pointerdown=${(event: PointerEvent) => this.#grab(event, "new", -1)}
        @pointermove=${this.#dragged}
        @lostpointercapture=${this.#dropped}
      >
        ${src === null
          ? html`<div class="none" data-testid="no-picture">${this.#stills.coming ? panel.loading : texts.noPicture}</div>`
          : html`<img src=${src} alt=${label} draggable="false" @load=${this.#stills.loaded}>`}
        ${this.#always.map(
          (region) =>
            html`<div
              class="always"
              role="img"
              style=${this.#box(region)}
              aria-label="${texts.always}: ${this.#where(region)}"
              data-testid="always"
            ></div>`,
        )}
        ${own.map((region, index) => this.#region(region, index, own.length))}
        ${chosen ? this.#handles(chosen, this.chosen) : nothing}
        ${this.fresh ? html`<div class="fresh" style=${this.#box(this.fresh)}></div>` : nothing}
      </div>
    </div>`;
  }

  /** What moves has to be hidden wherever it goes. */
  #moments(): TemplateResult | typeof nothing {
    const { shown, count, index } = this.#stills;
    if (count < 2) return nothing;
    return html`<div class="moments" data-testid="moments">
      <button
        type="button"
        data-testid="earlier"
        aria-disabled=${index === 0}
        @click=${() => this.#stills.go(-1)}
      >
        ${texts.earlier}
      </button>
      <span role="status">${shown.label}</span>
      <button
        type="button"
        data-testid="later"
        aria-disabled=${index === count - 1}
        @click=${() => this.#stills.go(1)}
      >
        ${texts.later}
      </button>
    </div>`;
  }

  #sides(region: Region, index: number, all: number): TemplateResult {
    return html`<fieldset class="sides" data-testid="sides">
      <legend>${fill(texts.region, { n: index + 1, all })}</legend>
      ${SIDES.map((side) => {
        const typed = (event: Event): void => {
          const { valueAsNumber } = event.target as HTMLInputElement;
          this.#put(index, withPercent(region, side, valueAsNumber));
          this.requestUpdate(); // what was typed gives way to what it became
        };
        return html`<div>
          <label for=${side}>${texts.sides[side]}</label>
          <input
            id=${side}
            type="number"
            min="0"
            max="100"
            step="any"
            inputmode="decimal"
            .value=${live(String(percentOf(region, side)))}
            data-testid=${side}
            @change=${typed}
          >
        </div>`;
      })}
      <button type="button" class="danger" data-testid="delete" @click=${() => this.#delete(index)}>
        ${texts.delete}
      </button>
    </fieldset>`;
  }

  override render() {
    const own = this.#own;
    const chosen = own[this.chosen];
    return html`<p>${texts.lead}</p>
      ${this.#always.length > 0 ? html`<p data-testid="hatched">${texts.hatched}</p>` : nothing}
      ${this.#stage(own)} ${this.#moments()}
      <p id="keys" class="soft">${texts.keys}</p>
      ${chosen ? this.#sides(chosen, this.chosen, own.length) : nothing}
      <p class="offscreen" role="status" data-testid="said">${this.said}</p>
      <div class="buttons">
        <button
          id="add"
          type="button"
          data-testid="add"
          aria-disabled=${this.#full}
          @click=${() => (this.#full ? undefined : this.#add(another(own.length)))}
        >
          ${texts.add}
        </button>
        ${this.#full ? html`<span class="soft" role="status">${fill(texts.full, { most: MOST })}</span>` : nothing}
      </div>
      ${this.desk.known?.snapshot.admin
        ? html`<clip-consent-always
            .desk=${this.desk}
            .camera=${this.choice.camera}
            .regions=${own}
          ></clip-consent-always>`
        : nothing}`;
  }
}

define("clip-consent-masks", Masks);
