/** The timeline: what each camera has of the window, and the clip, whose ends can be dragged. */

import { css, html, nothing, type TemplateResult } from "lit";

import { clock } from "../model/format";
import {
  limitsOf,
  moved,
  place,
  runsOf,
  stepped,
  withFootage,
  type Choice,
  type End,
} from "../model/picker";
import { around, type Sight } from "../model/seen";
import { momentAt, shifted, ticksOf, viewOf } from "../model/timeline";
import type { Case, Finding, Span } from "../model/wire";
import { offsetAt } from "../model/zone";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";
import { seenMarks, seenView } from "./seen";
import { Sightings } from "./sightings";

const TICKS = 5;
const MINUTE = 60_000; // milliseconds
const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: -Infinity,
  End: Infinity,
}; // seconds
const texts = panel.picker;

interface Drag {
  /** Whose moves count: a second finger is another pointer. */
  readonly pointer: number;
  readonly which: End | "clip";
  readonly view: Span;
  /** The moment that is moved as it was, and where the finger took hold. */
  readonly from: number;
  readonly hold: number;
}

/** The moment that a pointer is at, on something as wide as a span is long. */
function pointed({ clientX }: MouseEvent, on: Element | null, span: Span): number {
  const { left, width } = on?.getBoundingClientRect() ?? new DOMRect();
  return width === 0 ? span.start : momentAt((clientX - left) / width, span);
}

/** Fires `chosen` with the choice that a drag, a key or a tap leads to. */
export class Timeline extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    choice: { attribute: false },
    drag: { state: true },
  };

  static override styles = [
    shared,
    css`
      :host {
        margin: 12px 0;
        container-type: inline-size;
      }

      /* Time goes from left to right wherever people read the other way. */
      .track,
      .whole,
      .ticks {
        position: relative;
        direction: ltr;
      }

      .track {
        height: 56px;
        margin: 0 28px;
        background: var(--ground);
      }

      .whole {
        height: 20px;
        margin: 0 28px 8px;
        overflow: hidden;
        border-radius: 4px;
        background: var(--ground);
        cursor: pointer;
      }

      .name {
        display: block;
        margin: 0 28px;
        font-size: 0.875rem;
      }

      .name.other {
        color: var(--ink-soft);
      }

      :is(.track, .whole) > * {
        position: absolute;
      }

      .run {
        inset-block: 25%;
        background: color-mix(in srgb, var(--accent) 35%, transparent);
      }

      .clip {
        inset-block: 4px;
        min-width: 2px;
        background: color-mix(in srgb, var(--accent) 60%, transparent);
      }

      .track .clip {
        cursor: grab;
        touch-action: none;
      }

      /* Something was seen: a notch at the foot, whatever lies on it. */
      .mark {
        bottom: 0;
        min-width: 3px;
        height: 6px;
        border: 1px solid var(--card);
        border-bottom: 0;
        background: var(--ink);
        pointer-events: none;
      }

      .seen {
        display: flex;
        gap: 8px;
        margin: 0 0 8px;
        padding: 4px;
        overflow-x: auto;
        list-style: none;
      }

      .seen li {
        flex: none;
        max-width: 100%;
      }

      .seen button {
        flex-direction: column;
        padding: 2px 10px;
        border-color: var(--line);
        color: inherit;
        font-size: 0.875rem;
        font-weight: 400;
        line-height: 1.3;
      }

      .seen span {
        color: var(--ink-soft);
        font-variant-numeric: tabular-nums;
      }

      .view {
        inset-block: 0;
        border: 2px solid var(--ink-soft);
        border-radius: 4px;
      }

      .end {
        display: grid;
        place-items: center;
        inset-block: 0;
        width: 28px;
        background: var(--accent-ground);
        color: var(--accent-ink);
        cursor: ew-resize;
        touch-action: none;
      }

      .end::after {
        width: 2px;
        height: 20px;
        border-inline: 2px solid;
        box-sizing: content-box;
        content: "";
      }

      /* They hang outwards: of a short clip too each can be taken hold of. */
      .end.start {
        border-radius: 8px 0 0 8px;
        translate: -100%;
      }

      .end.end {
        border-radius: 0 8px 8px 0;
      }

      .ticks {
        height: 1.5em;
        margin: 4px 28px 0;
        color: var(--ink-soft);
        font-size: 0.8125rem;
        font-variant-numeric: tabular-nums;
      }

      .ticks span {
        position: absolute;
        translate: -50%;
        white-space: nowrap;
      }

      @container (max-width: 420px) {
        .ticks span:nth-child(even) {
          display: none;
        }
      }
    `,
  ];

  declare one: Case;
  declare choice: Choice;
  declare drag: Drag | null;

  readonly #sightings = new Sightings(this);

  constructor() {
    super();
    this.drag = null;
  }

  /** While something is dragged the scale stands still. */
  get #view(): Span {
    return this.drag?.view ?? viewOf(this.choice, limitsOf(this.one));
  }

  #tell(choice: Choice): void {
    this.dispatchEvent(new CustomEvent<Choice>("chosen", { detail: choice }));
  }

  #moment(event: PointerEvent, view: Span): number {
    return pointed(event, this.renderRoot.querySelector(".track"), view);
  }

  #grab(event: PointerEvent, which: Drag["which"]): void {
    if (event.button !== 0 || this.drag) return;
    const handle = event.currentTarget as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    handle.focus();
    const view = this.#view;
    const from = this.choice[which === "clip" ? "start" : which];
    this.drag = { pointer: event.pointerId, which, view, from, hold: this.#moment(event, view) };
    event.preventDefault();
  }

  #dragged(event: PointerEvent): void {
    const { drag } = this;
    if (drag?.pointer !== event.pointerId) return;
    const to = stepped(drag.from, (this.#moment(event, drag.view) - drag.hold) / 1000);
    const limits = limitsOf(this.one);
    this.#tell(
      drag.which === "clip"
        ? shifted(this.choice, to, limits)
        : moved(this.choice, drag.which, to, limits),
    );
  }

  #dropped(event: PointerEvent): void {
    if (this.drag?.pointer === event.pointerId) this.drag = null;
  }

  #pressed(event: KeyboardEvent, which: End): void {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#tell(moved(this.choice, which, stepped(this.choice[which], by), limitsOf(this.one)));
  }

  /** A tap on a camera's row takes the clip there, as long as it is. */
  #tapped(event: MouseEvent, camera: string): void {
    const limits = limitsOf(this.one);
    const middle = pointed(event, event.currentTarget as HTMLElement, limits);
    const { start, end } = this.choice;
    const first = middle - Math.round((end - start) / 2000) * 1000;
    this.#tell(shifted({ ...this.choice, camera }, first, limits));
  }

  #bar(name: string, span: Span, view: Span): TemplateResult | typeof nothing {
    const { x, width } = place(span, view);
    if (width === 0) return nothing;
    return html`<div class=${name} style="left: ${x / 10}%; width: ${width / 10}%"></div>`;
  }

  /** The same for fingers alone: by keyboard, camera and ends are chosen elsewhere. */
  #row(finding: Finding, several: boolean, view: Span): TemplateResult {
    const limits = limitsOf(this.one);
    const { camera_id: id, camera, runs } = finding;
    const mine = id === this.choice.camera;
    return html`<div aria-hidden="true">
        ${several
          ? html`<span class="name ${mine ? "" : "other"}">${camera ?? id}</span>`
          : nothing}
        <div class="whole" data-testid="whole" @click=${(event: MouseEvent) => this.#tapped(event, id)}>
          ${runs.map((run) => this.#bar("run", run, limits))}
          ${mine ? [this.#bar("clip", this.choice, limits), this.#bar("view", view, limits)] : nothing}
          ${seenMarks(this.#seenBy(id), limits)}
        </div>
      </div>
      ${this.#seen(finding)}`;
  }

  #seenBy(camera: string): readonly Sight[] {
    return this.#sightings.found.get(camera) ?? [];
  }

  #seen({ camera_id: id, camera }: Finding): TemplateResult | typeof nothing {
    return seenView(this.#seenBy(id), camera ?? id, this.desk.manner, (sight) =>
      this.#tell(around(this.choice, id, sight, limitsOf(this.one))),
    );
  }

  /** A short window of one camera needs no row: the timeline itself shows it. */
  #rows(view: Span): readonly TemplateResult[] | typeof nothing {
    const found = withFootage(this.one);
    const { start, end } = limitsOf(this.one);
    const fine = view.end - view.start < end - start;
    if (found.length < 2 && !fine) return nothing;
    return found.map((finding) => this.#row(finding, found.length > 1, view));
  }

  #end(which: End, view: Span): TemplateResult {
    const { start, end } = limitsOf(this.one);
    const moment = this.choice[which];
    const { x } = place({ start: moment, end: moment }, view);
    return html`<div
      class="end ${which}"
      role="slider"
      tabindex="0"
      style="left: ${x / 10}%"
      aria-label=${texts[which]}
      aria-valuemin="0"
      aria-valuemax=${Math.ceil((end - start) / 1000)}
      aria-valuenow=${Math.floor((moment - start) / 1000)}
      aria-valuetext=${clock(moment, this.desk.manner, true)}
      data-testid="drag-${which}"
      @pointerdown=${(event: PointerEvent) => this.#grab(event, which)}
      @pointermove=${this.#dragged}
      @lostpointercapture=${this.#dropped}
      @keydown=${(event: KeyboardEvent) => this.#pressed(event, which)}
    ></div>`;
  }

  #clip(view: Span): TemplateResult {
    const { x, width } = place(this.choice, view);
    return html`<div
      class="clip"
      style="left: ${x / 10}%; width: ${width / 10}%"
      data-testid="drag-clip"
      @pointerdown=${(event: PointerEvent) => this.#grab(event, "clip")}
      @pointermove=${this.#dragged}
      @lostpointercapture=${this.#dropped}
    ></div>`;
  }

  #ticks(view: Span): TemplateResult {
    const { manner } = this.desk;
    const times = ticksOf(view, TICKS, offsetAt(manner.zone, view.start) * MINUTE);
    const fine = times.some((time) => time % MINUTE !== 0);
    return html`<div class="ticks" aria-hidden="true">
      ${times.map((time) => {
        const { x } = place({ start: time, end: time }, view);
        return html`<span style="left: ${x / 10}%">${clock(time, manner, fine)}</span>`;
      })}
    </div>`;
  }

  override render() {
    const view = this.#view;
    const runs = runsOf(this.one, this.choice.camera);
    const rows = this.#rows(view);
    return html`${rows}
      <div class="track" role="group" aria-label=${texts.timeline} data-testid="timeline">
        ${runs.map((run) => this.#bar("run", run, view))} ${this.#clip(view)}
        ${this.#end("start", view)} ${this.#end("end", view)}
        ${seenMarks(this.#seenBy(this.choice.camera), view)}
      </div>
      ${this.#ticks(view)}
      ${rows === nothing ? withFootage(this.one).map((finding) => this.#seen(finding)) : nothing}`;
  }
}

define("clip-consent-timeline", Timeline);
