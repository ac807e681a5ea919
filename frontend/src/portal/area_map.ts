/** A map to draw an area on, without streets of its own: by mouse, by finger, by keyboard. */

import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit/html.js";
import { ref } from "lit/directives/ref.js";

import { fill } from "../model/fill";
import { metres } from "../model/format";
import { barOf, type Place, type Point } from "../model/map";
import { cellBounds, middleOfCells, placeText, boundsOf } from "../model/portal_area";
import {
  areaOf,
  EMPTY,
  handlesOf,
  moved,
  nudged,
  placeAt,
  stepOf,
  tapped,
  turned,
  without,
  type Draft,
  type Handle,
} from "../model/portal_draw";
import { fitted, pixelOf, placeOf, pushed, zoomed, type View } from "../model/portal_view";
import type { TileServer } from "../model/portal_tiles";
import { manner } from "../public/page";
import { desk } from "../strings/of_portal";
import { tilesBehind } from "./tiles";

const HEIGHT = 320; // pixels
const SMALL = 60; // pixels: a first circle smaller than that is brought nearer
const NUDGE = 48; // pixels, by a button
const CLOSER = 1.6;
const STILL = 4; // pixels that a hand may tremble

export class AreaMap {
  draft: Draft = EMPTY;
  #box = { width: 320, height: HEIGHT };
  #view: View | null = null;
  #cells: readonly string[] = [];
  #tiles: TileServer | null = null;
  #held: Handle | "map" | null = null;
  #last: Point = { x: 0, y: 0 };
  #pulled = false;
  readonly #changed: () => void;
  readonly #watch = new ResizeObserver(([entry]) => this.#measure(entry?.contentRect.width ?? 0));

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  cover(cells: readonly string[], tiles: TileServer | null): void {
    if (this.#cells.length === 0) this.#cells = cells;
    this.#tiles = tiles;
  }

  /** Draw this, and show all of it. */
  set(draft: Draft, look = true): void {
    this.draft = draft;
    if (look) this.fit();
    this.#changed();
  }

  turn(kind: Draft["kind"]): void {
    this.set(turned(this.draft, kind), false);
  }

  /** Bring the whole area into view, or all that the hub covers. */
  fit(): void {
    const area = areaOf(this.draft);
    const around = area ? boundsOf(area) : (middleOfCells(this.#cells)?.bounds ?? null);
    if (around) this.#view = fitted(around, this.#box);
    if (area && this.#view) this.#view = zoomed(this.#view, 1 / CLOSER, this.#middle, this.#box);
  }

  get #middle(): Point {
    return { x: this.#box.width / 2, y: this.#box.height / 2 };
  }

  get #looking(): View {
    if (!this.#view) this.fit();
    return this.#view ?? { middle: { latitude: 0, longitude: 0 }, scale: 100 };
  }

  #measure(width: number): void {
    if (width < 1 || width === this.#box.width) return;
    this.#box = { width, height: HEIGHT };
    this.#changed();
  }

  readonly #appears = (element: Element | undefined): void => {
    this.#watch.disconnect();
    if (element) this.#watch.observe(element);
  };

  #tap(place: Place): void {
    const first = areaOf(this.draft) === null;
    this.draft = tapped(this.draft, place);
    const small = (2 * this.draft.radius) / this.#looking.scale < SMALL;
    if (first && this.draft.kind === "circle" && small) this.fit();
    this.#changed();
  }

  #at(event: PointerEvent | MouseEvent): Point {
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const handle = handleOf(event.target);
    // a finger on the map itself scrolls the page, as everywhere
    if (handle === null && event.pointerType !== "mouse") return;
    this.#held = handle ?? "map";
    this.#last = this.#at(event);
    this.#pulled = false;
  };

  readonly #move = (event: PointerEvent): void => {
    if (this.#held === null) return;
    const at = this.#at(event);
    const by = { x: at.x - this.#last.x, y: at.y - this.#last.y };
    if (!this.#pulled && Math.hypot(by.x, by.y) < STILL) return;
    if (!this.#pulled) (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#pulled = true;
    this.#last = at;
    if (this.#held === "map") this.#view = pushed(this.#looking, by);
    else this.draft = moved(this.draft, this.#held, placeOf(this.#looking, at, this.#box));
    this.#changed();
  };

  readonly #up = (): void => {
    this.#held = null;
  };

  readonly #click = (event: MouseEvent): void => {
    const pulled = this.#pulled;
    this.#pulled = false;
    if (pulled || handleOf(event.target) !== null) return;
    this.#tap(placeOf(this.#looking, this.#at(event), this.#box));
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const handle = handleOf(event.target);
    const done = handle === null ? this.#keyOnMap(event) : this.#keyOnHandle(event, handle);
    if (!done) return;
    event.preventDefault();
    this.#changed();
  };

  #keyOnMap({ key, shiftKey }: KeyboardEvent): boolean {
    const step = stepOf(key, shiftKey);
    if (step) this.#view = pushed(this.#looking, { x: -step.x, y: -step.y });
    else if (key === "Enter" || key === " ") this.#tap(placeOf(this.#looking, this.#middle, this.#box));
    else if (key === "+" || key === "=") this.#zoom(CLOSER);
    else if (key === "-") this.#zoom(1 / CLOSER);
    else return false;
    return true;
  }

  #keyOnHandle({ key, shiftKey }: KeyboardEvent, handle: Handle): boolean {
    const step = stepOf(key, shiftKey);
    if (step) {
      const { scale } = this.#looking;
      this.draft = nudged(this.draft, handle, { x: step.x * scale, y: step.y * scale });
      return true;
    }
    if (key !== "Delete" && key !== "Backspace") return false;
    this.draft = without(this.draft, handle);
    return true;
  }

  #zoom(factor: number): void {
    this.#view = zoomed(this.#looking, factor, this.#middle, this.#box);
  }

  #handle(handle: Handle): SVGTemplateResult | typeof nothing {
    const place = placeAt(this.draft, handle);
    if (!place) return nothing;
    const { x, y } = pixelOf(this.#looking, place, this.#box);
    return svg`<g class="handle" role="button" tabindex="0" data-handle=${handle} data-testid="handle-${handle}"
        transform="translate(${x} ${y})" aria-label=${this.#name(handle, place)}>
      <circle class="reach" r="22"></circle>
      <circle class="point" r="9"></circle>
    </g>`;
  }

  #name(handle: Handle, place: Place): string {
    const { center, edge, corner } = desk.form;
    if (handle === "center") return fill(center, { place: placeText(place) });
    if (handle === "edge") return fill(edge, { radius: metres(this.draft.radius, manner.locale) });
    return fill(corner, { n: handle + 1, place: placeText(place) });
  }

  #shape(): SVGTemplateResult | typeof nothing {
    const { kind, center, radius, corners } = this.draft;
    const at = (place: Place): Point => pixelOf(this.#looking, place, this.#box);
    if (kind === "circle") {
      if (!center) return nothing;
      const { x, y } = at(center);
      return svg`<circle class="area" cx=${x} cy=${y} r=${radius / this.#looking.scale}></circle>`;
    }
    const path = corners.map(at).map(({ x, y }) => `${x} ${y}`).join("L");
    return path === "" ? nothing : svg`<path class="area" d="M${path}Z"></path>`;
  }

  #drawn(): SVGTemplateResult {
    const view = this.#looking;
    const { width, height } = this.#box;
    const bar = barOf(1 / view.scale);
    const { x, y } = this.#middle;
    return svg`${tilesBehind(view, this.#box, this.#tiles)}
      ${this.#cells.map((cell) => {
        const { south, north, west, east } = cellBounds(cell);
        const top = pixelOf(view, { latitude: north, longitude: west }, this.#box);
        const end = pixelOf(view, { latitude: south, longitude: east }, this.#box);
        return svg`<rect class="cell" x=${top.x} y=${top.y} width=${end.x - top.x} height=${end.y - top.y}></rect>`;
      })}
      ${this.#shape()}
      <g class="scale" transform="translate(14 ${height - 12})">
        <path d="M0 -6V0H${bar.pixels}V-6"></path>
        <text x="6" y="-8">${metres(bar.metres, manner.locale)}</text>
      </g>
      <g class="north" transform="translate(${width - 20} 28)">
        <path d="M0 -14L6 2L0 -2L-6 2Z"></path>
        <text y="16">N</text>
      </g>
      <path class="cross" d="M${x - 12} ${y}H${x + 12}M${x} ${y - 12}V${y + 12}"></path>
      ${handlesOf(this.draft).map((handle) => this.#handle(handle))}`;
  }

  #buttons(): TemplateResult {
    const { zoomIn, zoomOut, fit, west, east, north, south } = desk.form;
    const button = (name: string, sign: string, id: string, act: () => void): TemplateResult => {
      const pressed = (): void => {
        act();
        this.#changed();
      };
      return html`<button type="button" aria-label=${name} title=${name} data-testid=${id} @click=${pressed}>${sign}</button>`;
    };
    const push = (x: number, y: number) => () => {
      this.#view = pushed(this.#looking, { x: x * NUDGE, y: y * NUDGE });
    };
    return html`<div class="tools">
      ${button(zoomIn, "+", "zoom-in", () => this.#zoom(CLOSER))}
      ${button(zoomOut, "−", "zoom-out", () => this.#zoom(1 / CLOSER))}
      ${button(west, "←", "west", push(1, 0))} ${button(north, "↑", "north", push(0, 1))}
      ${button(south, "↓", "south", push(0, -1))} ${button(east, "→", "east", push(-1, 0))}
      ${button(fit, "⤢", "fit", () => this.fit())}
    </div>`;
  }

  view(): TemplateResult {
    const { width, height } = this.#box;
    return html`<svg
        class="map draw"
        viewBox="0 0 ${width} ${height}"
        role="application"
        tabindex="0"
        aria-label=${desk.form.mapLabel}
        aria-describedby="map-keys"
        data-testid="map"
        ${ref(this.#appears)}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#up}
        @click=${this.#click}
        @keydown=${this.#key}
      >
        ${this.#drawn()}
      </svg>
      ${this.#buttons()}`;
  }
}

function handleOf(target: EventTarget | null): Handle | null {
  const name = target instanceof Element ? target.closest("[data-handle]")?.getAttribute("data-handle") : null;
  if (name === null || name === undefined) return null;
  return name === "center" || name === "edge" ? name : Number(name);
}
