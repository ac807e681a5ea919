/** A strip of pictures of what a camera has: a tap on one sets an end of the clip. */

import { css, html, nothing, type TemplateResult } from "lit";

import { fill } from "../model/fill";
import { clock } from "../model/format";
import { ENDS, type Choice, type End } from "../model/picker";
import { nearestTo } from "../model/strip";
import type { Case } from "../model/wire";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";
import { Strip } from "./strip";

const SETTLED = 150; // milliseconds without a scroll: then somebody looks
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
};
const texts = panel.picker;

export interface Tap {
  readonly which: End;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** Fires `tapped` with a Tap. */
export class Pictures extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    choice: { attribute: false },
    tapSets: { state: true },
    current: { state: true },
  };

  static override styles = [
    shared,
    css`
      .taps {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        align-items: center;
      }

      .pictures {
        display: grid;
        grid-auto-columns: 128px;
        grid-auto-flow: column;
        gap: 8px;
        margin: 0 0 12px;
        padding: 4px 4px 8px;
        overflow-x: auto;
      }

      .pictures button {
        flex-direction: column;
        padding: 0 0 4px;
        overflow: hidden;
        border-color: var(--line);
        color: inherit;
        font-weight: 400;
      }

      .pictures button.inside {
        border-color: var(--accent);
      }

      .pictures :is(img, span.none) {
        display: grid;
        place-items: center;
        width: 100%;
        aspect-ratio: 16 / 9;
        object-fit: cover;
        background: var(--ground);
      }
    `,
  ];

  declare one: Case;
  declare choice: Choice;
  declare tapSets: End;
  /** Which one the keyboard is at, if it is: the tab key does not stop at a hundred. */
  declare current: number | null;
  readonly #strip: Strip = new Strip(this);
  #scrolled = 0;
  #shown = "";

  constructor() {
    super();
    this.tapSets = "start";
    this.current = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#scrolled);
  }

  /** Whoever moves the clip elsewhere looks there. */
  override updated(): void {
    const { camera, start, end } = this.choice;
    const { times } = this.#strip;
    const shown = JSON.stringify([this.one.case_id, camera, start, end, times.length]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const inside = times.filter((at) => at >= start && at < end);
    const nearest = times[nearestTo(times, start)];
    const wanted = inside.length > 0 ? inside : nearest === undefined ? [] : [nearest];
    const seen = this.#seen();
    if (wanted.length > 0 && !wanted.some((at) => seen.includes(at))) this.#goTo(wanted[0]);
  }

  get #buttons(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>(".pictures button")];
  }

  get #track(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(".pictures");
  }

  /** The moments whose pictures are in sight, as far as the strip decides it. */
  #seen(): readonly number[] {
    const track = this.#track?.getBoundingClientRect();
    if (!track) return [];
    return this.#strip.times.filter((_, index) => {
      const box = this.#buttons[index]?.getBoundingClientRect();
      return box !== undefined && box.right > track.left && box.left < track.right;
    });
  }

  #goTo(at: number | undefined): void {
    const track = this.#track;
    const button = this.#buttons[at === undefined ? -1 : this.#strip.times.indexOf(at)];
    if (!track || !button) return;
    const [to, from] = [button.getBoundingClientRect(), track.getBoundingClientRect()];
    track.scrollBy({ left: to.left + to.width / 2 - from.left - from.width / 2 });
  }

  readonly #moved = (): void => {
    clearTimeout(this.#scrolled);
    this.#scrolled = window.setTimeout(() => this.#strip.look(this.#seen()), SETTLED);
  };

  get #at(): number {
    const { times } = this.#strip;
    return Math.min(this.current ?? nearestTo(times, this.choice.start), times.length - 1);
  }

  #pressed(event: KeyboardEvent): void {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const last = this.#strip.times.length - 1;
    this.#buttons[Math.min(Math.max(this.#at + by, 0), last)]?.focus();
  }

  #tapped(at: number): void {
    const detail: Tap = { which: this.tapSets, at };
    this.dispatchEvent(new CustomEvent<Tap>("tapped", { detail }));
    this.tapSets = "end";
  }

  #picture(at: number, index: number): TemplateResult {
    const jpeg = this.#strip.picture(at);
    const time = clock(at, this.desk.manner, true);
    const inside = at >= this.choice.start && at < this.choice.end;
    return html`<button
      type="button"
      class=${inside ? "inside" : ""}
      tabindex=${index === this.#at ? "0" : "-1"}
      aria-label=${fill(texts.picture, { which: texts.ends[this.tapSets], time })}
      data-testid=${jpeg === undefined ? nothing : "picture"}
      @focus=${() => (this.current = index)}
      @click=${() => this.#tapped(at)}
    >
      ${jpeg === undefined || jpeg === null
        ? html`<span class="none"></span>`
        : html`<img src="data:image/jpeg;base64,${jpeg}" alt="">`}
      <small>${time}</small>
    </button>`;
  }

  override render() {
    const { times } = this.#strip;
    if (times.length === 0) return nothing;
    return html`<div class="taps" role="radiogroup" aria-label=${texts.pictures}>
        <span class="soft">${texts.pictures}</span>
        ${ENDS.map(
          (which) =>
            html`<label class="tick">
              <input
                type="radio"
                name="tap"
                .checked=${this.tapSets === which}
                @change=${() => (this.tapSets = which)}
              >
              ${texts.ends[which]}
            </label>`,
        )}
      </div>
      <div class="pictures" @scroll=${this.#moved} @keydown=${this.#pressed}>
        ${times.map((at, index) => this.#picture(at, index))}
      </div>`;
  }
}

define("clip-consent-pictures", Pictures);
