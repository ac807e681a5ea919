/** The operator's own tiles behind a map, and the words that say who is asked for them. */

import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";

import { fill } from "../model/fill";
import type { Box } from "../model/map";
import { tileHost, tilesIn, type Tile, type TileServer } from "../model/portal_tiles";
import type { View } from "../model/portal_view";
import { portal } from "../strings/of_portal";

export function tilesBehind(view: View, box: Box, server: TileServer | null): SVGTemplateResult {
  const picture = ({ href, x, y, width, height }: Tile): SVGTemplateResult =>
    svg`<image class="tile" href=${href} x=${x} y=${y} width=${width} height=${height} preserveAspectRatio="none"></image>`;
  // a picture that is still in view stays the same element: nothing flickers
  return svg`${repeat(server ? tilesIn(view, box, server) : [], ({ href }) => href, picture)}`;
}

/** Shown wherever a tile is: a request to somebody else is never made unsaid. */
export function tilesNote(server: TileServer): TemplateResult {
  return html`<p class="hint" data-testid="tiles-note">
    <bdi>${server.attribution}</bdi>. ${fill(portal.tiles, { host: tileHost(server) })}
  </p>`;
}
