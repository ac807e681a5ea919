/** The map of a case: drawn here, from places alone. Nothing is ever asked for elsewhere. */

import { css, html, LitElement, nothing, svg, type SVGTemplateResult, type TemplateResult } from "lit";

import type { Area } from "../model/area";
import { fill } from "../model/fill";
import { listText, metres } from "../model/format";
import { draw, outside, spansOf, type Drawing, type Mark, type Place, type Stand } from "../model/map";
import type { Snapshot } from "../model/wire";
import { panel } from "../strings/of_panel";
import { define, shared } from "./element";

const HEIGHT = 280; // pixels
const texts = panel.map;

interface Shown {
  readonly name: string;
  readonly place: Stand;
}

export class CaseMap extends LitElement {
  static override properties = {
    area: { attribute: false },
    home: { attribute: false },
    cameras: { attribute: false },
    locale: { attribute: false },
    width: { state: true },
  };

  static override styles = [
    shared,
    css`
      :host {
        --mark: color-mix(in srgb, var(--warn) 55%, var(--ink));
      }

      /* Where east is does not depend on where a line of text begins. */
      svg {
        display: block;
        width: 100%;
        height: ${HEIGHT}px;
        margin-bottom: 12px;
        overflow: hidden;
        border-radius: 8px;
        background: var(--ground);
        direction: ltr;
        font-size: 13px;
      }

      .grid {
        stroke: var(--line);
      }

      .area {
        fill: color-mix(in srgb, var(--accent) 22%, transparent);
        stroke: var(--accent-words);
        stroke-width: 2;
        stroke-linejoin: round;
      }

      .cone {
        fill: color-mix(in srgb, var(--mark) 24%, transparent);
        stroke: color-mix(in srgb, var(--mark) 55%, transparent);
        stroke-linejoin: round;
      }

      .lead {
        stroke: var(--mark);
        stroke-width: 1.5;
      }

      .mark circle,
      .dot {
        fill: var(--mark);
        stroke: var(--card);
        stroke-width: 1.5;
      }

      .mark text {
        fill: var(--card);
        font-weight: 700;
        text-anchor: middle;
      }

      .home circle {
        fill: var(--ink);
        stroke: var(--card);
        stroke-width: 1.5;
      }

      .home path {
        fill: var(--card);
      }

      .scale path,
      .north path {
        fill: none;
        stroke: var(--ink);
        stroke-width: 1.5;
      }

      .north path {
        fill: var(--ink);
        stroke-linejoin: round;
      }

      .scale text,
      .north text {
        fill: var(--ink);
        stroke: var(--ground);
        stroke-width: 3;
        paint-order: stroke;
      }

      .north text {
        font-weight: 700;
        text-anchor: middle;
      }

      ul {
        padding: 0;
        list-style: none;
      }

      li {
        display: flex;
        gap: 8px;
        align-items: baseline;
        margin-bottom: 6px;
      }

      li svg {
        flex: none;
        align-self: start;
        width: 24px;
        height: 24px;
        margin: 0;
        overflow: visible;
        background: none;
      }

      li > span {
        min-width: 0;
      }
    `,
  ];

  declare area: Area;
  declare home: Place | null;
  declare cameras: Snapshot["cameras"];
  declare locale: string;
  /** In pixels; 0 until it is known. */
  declare width: number;

  readonly #watch = new ResizeObserver(() => {
    this.width = this.clientWidth;
  });

  constructor() {
    super();
    this.width = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch.disconnect();
  }

  get #shown(): readonly Shown[] {
    return this.cameras.flatMap(({ name, place }) => (place ? [{ name, place }] : []));
  }

  #size(): string {
    const { area, locale } = this;
    if (area.kind === "circle") return fill(texts.circle, { radius: metres(area.radius, locale) });
    const { width, height } = spansOf(area);
    return fill(texts.polygon, {
      n: area.points.length,
      width: metres(width, locale),
      height: metres(height, locale),
    });
  }

  #where(place: Place): string {
    const far = outside(this.area, place);
    if (far === 0) return texts.inside;
    return fill(texts.outside, { distance: metres(Math.max(1, far), this.locale) });
  }

  /** All that is drawn, in words. */
  #told(): string {
    const home = this.home && fill(texts.line, { name: texts.home, where: this.#where(this.home) });
    const cameras = this.#shown.map(({ name, place }) =>
      place.bearing === null
        ? fill(texts.line, { name, where: this.#where(place) })
        : fill(texts.faces, { name, where: this.#where(place), bearing: Math.round(place.bearing) }),
    );
    return [texts.label, this.#size(), home, ...cameras, this.#missing()]
      .filter((part) => part !== null)
      .join(" ");
  }

  #drawn(): SVGTemplateResult | typeof nothing {
    if (this.width === 0) return nothing;
    const box = { width: this.width, height: HEIGHT };
    const { area, home, cameras, bar, grid, north } = draw(
      this.area,
      this.home,
      this.#shown.map(({ place }) => place),
      box,
    );
    return svg`<path class="grid" d=${grid}></path>
      ${areaOf(area)} ${cameras.map(lookOf)}
      ${cameras.map(({ x, y }) => svg`<circle class="dot" cx=${x} cy=${y} r="4"></circle>`)}
      ${home ? svg`<g class="home" transform="translate(${home.x} ${home.y})">${house}</g>` : nothing}
      ${cameras.map(({ label }, index) => badge(index + 1, label.x, label.y))}
      ${scale(bar.pixels, metres(bar.metres, this.locale))}
      <g class="north" transform="translate(${north.x} ${north.y})">
        <path d="M0 -14L6 2L0 -2L-6 2Z"></path>
        <text y="15">N</text>
      </g>`;
  }

  #legend(): TemplateResult {
    const line = (sign: SVGTemplateResult, name: string, place: Place): TemplateResult =>
      html`<li data-testid="map-line">
        <svg viewBox="-12 -12 24 24" aria-hidden="true">${sign}</svg>
        <span><bdi>${name}</bdi> · <span class="soft">${this.#where(place)}</span></span>
      </li>`;
    return html`<ul>
      ${this.home ? line(svg`<g class="home">${house}</g>`, texts.home, this.home) : nothing}
      ${this.#shown.map(({ name, place }, index) => line(badge(index + 1, 0, 0), name, place))}
    </ul>`;
  }

  #missing(): string | null {
    const names = this.cameras.filter(({ place }) => place === null).map(({ name }) => name);
    return names.length === 0 ? null : fill(texts.unplaced, { cameras: listText(names, this.locale) });
  }

  override render() {
    const missing = this.#missing();
    return html`<svg role="img" aria-label=${this.#told()} data-testid="map-drawn">${this.#drawn()}</svg>
      <p data-testid="map-size">${this.#size()}</p>
      ${this.#legend()}
      ${missing === null ? nothing : html`<p class="soft" data-testid="map-missing">${missing}</p>`}`;
  }
}

const house = svg`<circle r="11"></circle>
  <path d="M0 -7L7 0H5V6H1.5V2H-1.5V6H-5V0H-7Z"></path>`;

function badge(number: number, x: number, y: number): SVGTemplateResult {
  return svg`<g class="mark" transform="translate(${x} ${y})">
    <circle r="11"></circle>
    <text y="4.5">${number}</text>
  </g>`;
}

function areaOf({ middle, radius, path, tiny }: Drawing["area"]): SVGTemplateResult {
  if (path !== null && !tiny) return svg`<path class="area" d=${path}></path>`;
  return svg`<circle class="area" cx=${middle.x} cy=${middle.y} r=${tiny ? 6 : radius}></circle>`;
}

function lookOf({ x, y, cone, label }: Mark): SVGTemplateResult {
  return svg`${cone === null ? nothing : svg`<path class="cone" d=${cone}></path>`}
    <line class="lead" x1=${x} y1=${y} x2=${label.x} y2=${label.y}></line>`;
}

function scale(pixels: number, length: string): SVGTemplateResult {
  return svg`<g class="scale" transform="translate(14 ${HEIGHT - 14})" data-testid="map-scale">
    <path d="M0 -6V0H${pixels}V-6"></path>
    <text x="6" y="-8">${length}</text>
  </g>`;
}

define("clip-consent-map", CaseMap);
