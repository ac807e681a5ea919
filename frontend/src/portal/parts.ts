/** What both pages of a hub show alike: places, people, areas. */

import { html, type TemplateResult } from "lit/html.js";

import { areaPicture as drawn } from "../components/area_picture";
import type { Area } from "../model/area";
import { fill, word } from "../model/fill";
import { dayAndClock, metres, spanText } from "../model/format";
import { middleOf } from "../model/map";
import { km2, km2Text, placeText } from "../model/portal_area";
import type { PublicRequest } from "../model/portal_wire";
import { utcSpanText, utcText } from "../model/zone_text";
import { manner } from "../public/page";
import { common } from "../strings/of_pages";
import { desk, portal } from "../strings/of_portal";

/** Where a call goes: the script lies beside the portal's paths. */
export function api(path: string): string {
  return new URL(`../portal/v1/${path}`, import.meta.url).href;
}

export function row(name: string, value: unknown): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

/** Somebody's words: data, and lines as they were typed. */
export function words(text: string): TemplateResult {
  return html`<p class="words" dir="auto">${text}</p>`;
}

export function when(at: number): TemplateResult {
  return html`<time datetime=${new Date(at).toISOString()}>${dayAndClock(at, manner)}</time>
    <small class="utc">${utcText(at)}</small>`;
}

export function span(start: number, end: number): TemplateResult {
  return html`${spanText(start, end, manner)}<br>
    <small>${utcSpanText(start, end)}</small>`;
}

/** A time inside a sentence. */
export function sentence(text: string, at: number): string {
  return fill(text, { when: dayAndClock(at, manner) });
}

/** `PC Meier, Police station 12 (Police)` */
export function whoText({ name, organisation, kind }: Pick<PublicRequest, "name" | "organisation" | "kind">): string {
  const named = [name, organisation].filter((part) => part !== "").join(", ");
  return `${named === "" ? portal.nobody : named} (${word(common.kinds, kind)})`;
}

export function areaText(area: Area): string {
  const size = km2Text(km2(area), manner.locale);
  const place = placeText(middleOf(area));
  if (area.kind === "polygon") return fill(portal.polygon, { n: area.points.length, place, size });
  return fill(portal.circle, { radius: metres(area.radius, manner.locale), place, size });
}

/** The area to scale. */
export function areaPicture(area: Area): TemplateResult {
  return drawn(area, portal.areaLabel, manner.locale);
}

/** What a request asks for, the same on both pages. */
export function asked({ start, end, area }: Pick<PublicRequest, "start" | "end" | "area">): TemplateResult {
  return html`${row(portal.facts.window, span(start, end))} ${row(portal.facts.area, areaText(area))}`;
}

export function optionalRow(name: string, value: string): TemplateResult | string {
  return value === "" ? "" : row(name, html`<bdi>${value}</bdi>`);
}

/** Why a hub did not take something, by its word for it. */
export function refusalText(code: string): string {
  const { unknown, ...known } = desk.refusals;
  const texts: Readonly<Record<string, string>> = known;
  return (Object.hasOwn(texts, code) ? texts[code] : undefined) ?? fill(unknown, { code });
}
