/** An area to scale, drawn here: no streets, nothing is asked for elsewhere. */

import { html, svg, type TemplateResult } from "lit/html.js";

import type { Area } from "../model/area";
import { metres } from "../model/format";
import { draw } from "../model/map";

const BOX = { width: 320, height: 200 };

/** It says nothing that the words beside it do not. */
export function areaPicture(area: Area, label: string, locale: string): TemplateResult {
  const { area: drawn, bar, grid, north } = draw(area, null, [], BOX);
  const { middle, radius, path, tiny } = drawn;
  return html`<svg class="map" viewBox="0 0 ${BOX.width} ${BOX.height}" role="img" aria-label=${label} data-testid="area-picture">
    <path class="grid" d=${grid}></path>
    ${path !== null && !tiny
      ? svg`<path class="area" d=${path}></path>`
      : svg`<circle class="area" cx=${middle.x} cy=${middle.y} r=${tiny ? 6 : radius}></circle>`}
    <g class="scale" transform="translate(14 ${BOX.height - 12})">
      <path d="M0 -6V0H${bar.pixels}V-6"></path>
      <text x="6" y="-8">${metres(bar.metres, locale)}</text>
    </g>
    <g class="north" transform="translate(${north.x} ${north.y})">
      <path d="M0 -14L6 2L0 -2L-6 2Z"></path>
      <text y="16">N</text>
    </g>
  </svg>`;
}
