/** By which rules a hub publishes, what it counted, where homes take part, who runs it. */

import { html, nothing, svg, type TemplateResult } from "lit/html.js";

import { count, fill, word } from "../model/fill";
import { duration } from "../model/format";
import { cellBounds, km2Text, middleOfCells, placeText } from "../model/portal_area";
import { fitted, pixelOf } from "../model/portal_view";
import type { Coverage, Info } from "../model/portal_wire";
import { manner } from "../public/page";
import { portal } from "../strings/of_portal";
import { row, words } from "./parts";
import type { Loaded } from "./portal_view";
import { tilesBehind, tilesNote } from "./tiles";

const DAY = 86_400; // seconds
const BOX = { width: 320, height: 240 };

/** The limits, each a sentence. */
function sentences({ limits, neighbours_may_ask: neighbours }: Info): string[] {
  const { rules } = portal;
  const { locale } = manner;
  return [
    fill(rules.area, { least: km2Text(limits.area_min_km2, locale), most: km2Text(limits.area_max_km2, locale) }),
    fill(rules.window, {
      least: duration(limits.window_min_seconds, locale),
      most: duration(limits.window_max_seconds, locale),
      days: Math.floor(limits.window_age_max_seconds / DAY),
    }),
    count(rules.perCase, limits.per_case_number),
    count(rules.perWeek, limits.per_week),
    count(rules.open, Math.floor(limits.open_seconds / DAY)),
    neighbours ? rules.neighbours : rules.noNeighbours,
  ];
}

function rulesView(info: Info): TemplateResult {
  const { title, own, none, limits } = portal.rules;
  return html`<section data-testid="rules">
    <h2>${title}</h2>
    <h3>${own}</h3>
    ${info.rules === "" ? html`<p>${none}</p>` : words(info.rules)}
    <h3>${limits}</h3>
    <ul data-testid="limits">
      ${sentences(info).map((one) => html`<li>${one}</li>`)}
    </ul>
  </section>`;
}

function countsView({ counts }: Info): TemplateResult {
  const { title, published, refused, none, reasons } = portal.counts;
  const refusals = Object.entries(counts.refused).filter(([, n]) => n > 0);
  return html`<section data-testid="counts">
    <h2>${title}</h2>
    <dl>
      ${row(published, counts.published)}
      ${row(
        refused,
        refusals.length === 0
          ? none
          : html`<ul>
              ${refusals.map(([reason, n]) => html`<li>${word(reasons, reason)}: ${n}</li>`)}
            </ul>`,
      )}
    </dl>
  </section>`;
}

type Counted = readonly { readonly cell: string; readonly homes: number | null }[];

function cellsPicture(counted: Counted, tiles: Info["map"]): TemplateResult | typeof nothing {
  const all = middleOfCells(counted.map(({ cell }) => cell));
  if (!all) return nothing;
  const view = fitted(all.bounds, BOX);
  return html`<svg class="map" viewBox="0 0 ${BOX.width} ${BOX.height}" role="img" aria-label=${portal.coverage.label}>
    ${tilesBehind(view, BOX, tiles)}
    ${counted.map(({ cell, homes }) => {
      const { south, north, west, east } = cellBounds(cell);
      const top = pixelOf(view, { latitude: north, longitude: west }, BOX);
      const end = pixelOf(view, { latitude: south, longitude: east }, BOX);
      const [x, y] = [(top.x + end.x) / 2, (top.y + end.y) / 2];
      return svg`<rect class=${homes === null ? "cell" : "cell counted"} x=${top.x} y=${top.y} width=${end.x - top.x} height=${end.y - top.y}></rect>
        <text class="number" x=${x} y=${y + 5}>${homes === null ? "<5" : `≈${homes}`}</text>`;
    })}
  </svg>`;
}

function coverageView({ cells, map }: Info, coverage: Coverage | null): TemplateResult | typeof nothing {
  if (!coverage) return nothing;
  const { title, estimate, none, homes, few, cell: name, count: number } = portal.coverage;
  const counts = new Map(coverage.cells.map(({ cell, homes: n }) => [cell, n]));
  const counted = cells.map((cell) => ({ cell, homes: counts.get(cell) ?? null }));
  const middle = (cell: string): string => {
    const { south, north, west, east } = cellBounds(cell);
    return placeText({ latitude: (south + north) / 2, longitude: (west + east) / 2 });
  };
  return html`<section data-testid="coverage">
    <h2>${title}</h2>
    <p>${estimate}</p>
    ${counts.size === 0
      ? html`<p>${none}</p>`
      : html`${cellsPicture(counted, map)} ${map ? tilesNote(map) : nothing}
          <table>
            <thead>
              <tr><th scope="col">${name}</th><th scope="col">${number}</th></tr>
            </thead>
            <tbody>
              ${counted.map(
                ({ cell, homes: n }) => html`<tr>
                  <th scope="row"><code>${cell}</code> <small>${middle(cell)}</small></th>
                  <td>${n === null ? few : fill(homes, { n })}</td>
                </tr>`,
              )}
            </tbody>
          </table>`}
  </section>`;
}

function hubView({ operator, contact }: Info): TemplateResult {
  const { title, operator: by, contact: how, unsaid } = portal.hub;
  const said = (text: string): unknown => (text === "" ? unsaid : html`<bdi>${text}</bdi>`);
  return html`<section data-testid="hub">
    <h2>${title}</h2>
    <dl>${row(by, said(operator))} ${row(how, said(contact))}</dl>
  </section>`;
}

export function aboutView({ info, coverage }: Loaded): TemplateResult {
  return html`${rulesView(info)} ${countsView(info)} ${coverageView(info, coverage)} ${hubView(info)}`;
}
