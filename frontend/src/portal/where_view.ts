/** The part of the form that says where: the map, or typed, with its limits. */

import { html, nothing, type TemplateResult } from "lit/html.js";

import { fill } from "../model/fill";
import { km2, km2Text, placeText, readPlace } from "../model/portal_area";
import { areaOf, cornersText, EMPTY, readCorners, type Draft } from "../model/portal_draw";
import type { AreaFault } from "../model/portal_area";
import type { Limits } from "../model/portal_wire";
import type { TileServer } from "../model/portal_tiles";
import { manner } from "../public/page";
import { desk } from "../strings/of_portal";
import type { AreaMap } from "./area_map";
import { tilesNote } from "./tiles";

export interface Where {
  readonly map: AreaMap;
  readonly limits: Limits;
  readonly tiles: TileServer | null;
  /** What is wrong with the area as it is; also while nothing was sent. */
  readonly fault: AreaFault | null;
  /** Whether what was typed is no place. */
  readonly bad: "place" | "corners" | null;
  readonly told: (bad: Where["bad"]) => void;
  readonly locate: (() => void) | null;
  readonly located: "failed" | null;
}

function kindChoice({ map }: Where): TemplateResult {
  const { circle, polygon, way } = desk.form;
  const choice = (kind: Draft["kind"], name: string): TemplateResult =>
    html`<label>
      <input
        type="radio"
        name="way"
        value=${kind}
        data-testid="way-${kind}"
        .checked=${map.draft.kind === kind}
        @change=${() => map.turn(kind)}
      >
      ${name}
    </label>`;
  return html`<div class="choice" role="radiogroup" aria-label=${way}>
    ${choice("circle", circle)} ${choice("polygon", polygon)}
  </div>`;
}

const valueOf = (event: Event): string =>
  event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement ? event.target.value : "";

function typedCircle({ map, bad, told }: Where): TemplateResult {
  const { place, placeHint, radius, badPlace } = desk.form;
  const { center } = map.draft;
  const setPlace = (event: Event): void => {
    const found = readPlace(valueOf(event));
    told(found ? null : "place");
    if (found) map.set({ ...map.draft, center: found });
  };
  const setRadius = (event: Event): void => {
    const length = Number(valueOf(event));
    if (length > 0) map.set({ ...map.draft, radius: length });
  };
  return html`<div class="field">
      <label for="place">${place}</label>
      <input
        id="place"
        data-testid="place"
        inputmode="text"
        autocomplete="off"
        aria-describedby="place-hint"
        aria-invalid=${bad === "place" ? "true" : nothing}
        .value=${center ? placeText(center) : ""}
        @change=${setPlace}
      >
      <p class="hint" id="place-hint">${placeHint}</p>
      ${bad === "place" ? html`<p class="fault" data-testid="bad-place">${badPlace}</p>` : nothing}
    </div>
    <div class="field">
      <label for="radius">${radius}</label>
      <input
        id="radius"
        data-testid="radius"
        type="number"
        min="1"
        max="5000"
        .value=${String(map.draft.radius)}
        @change=${setRadius}
      >
    </div>`;
}

function typedPolygon({ map, bad, told }: Where): TemplateResult {
  const { corners, badCorners } = desk.form;
  const set = (event: Event): void => {
    const found = readCorners(valueOf(event));
    told(found ? null : "corners");
    if (found) map.set({ ...map.draft, corners: found });
  };
  return html`<div class="field">
    <label for="corners">${corners}</label>
    <textarea
      id="corners"
      data-testid="corners"
      rows="5"
      aria-invalid=${bad === "corners" ? "true" : nothing}
      .value=${cornersText(map.draft.corners)}
      @change=${set}
    ></textarea>
    ${bad === "corners" ? html`<p class="fault" data-testid="bad-corners">${badCorners}</p>` : nothing}
  </div>`;
}

function sizeLine({ map, limits, fault }: Where): TemplateResult {
  const area = areaOf(map.draft);
  const { locale } = manner;
  const values = {
    least: km2Text(limits.area_min_km2, locale),
    most: km2Text(limits.area_max_km2, locale),
    size: area ? km2Text(km2(area), locale) : "",
  };
  return html`<p class="size" role="status" data-testid="size">
      ${fill(area ? desk.form.size : desk.form.sizeNone, values)}
    </p>
    ${fault === null
      ? nothing
      : html`<p class="fault" id="area-fault" data-testid="fault-area">${desk.faults.area[fault]}</p>`}`;
}

export function whereView(where: Where): TemplateResult {
  const { map } = where;
  const texts = desk.form;
  const circle = map.draft.kind === "circle";
  const clear = (): void => {
    where.told(null);
    map.set({ ...EMPTY, kind: map.draft.kind });
  };
  return html`<fieldset>
    <legend>${texts.where}</legend>
    ${kindChoice(where)}
    <p class="hint">${circle ? texts.mapCircle : texts.mapPolygon} ${texts.cells}</p>
    ${map.view()} ${sizeLine(where)}
    <div class="buttons">
      <button type="button" data-testid="clear" @click=${clear}>${texts.clear}</button>
      ${where.locate
        ? html`<button type="button" data-testid="locate" @click=${where.locate}>${texts.here}</button>`
        : nothing}
    </div>
    ${where.located ? html`<p class="fault" role="alert">${texts.hereFailed}</p>` : nothing}
    <p class="hint" id="map-keys">${texts.mapKeys}</p>
    ${where.tiles ? tilesNote(where.tiles) : html`<p class="hint">${texts.noTiles}</p>`}
    <details data-testid="typed-area">
      <summary>${texts.typed}</summary>
      ${circle ? typedCircle(where) : typedPolygon(where)}
    </details>
  </fieldset>`;
}
