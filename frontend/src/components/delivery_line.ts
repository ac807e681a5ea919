/** What was shared of a case, in a line each. */

import { html, type TemplateResult } from "lit";

import { fill } from "../model/fill";
import { dayAndClock, spanText, type Manner } from "../model/format";
import type { Case, Delivery } from "../model/wire";
import { panel } from "../strings/of_panel";

/** What was shared: which camera's clip of when, or an answer in words. */
export function sharedText({ words, camera, start, end }: Delivery, manner: Manner): string {
  if (words || start === null || end === null) return panel.deliveries.words;
  return `${camera ?? "–"}, ${spanText(start, end, manner, true)}`;
}

/** What the end of a delivery's time here is called. */
export function untilWhat({ request }: Case): string {
  return request.way === "hand_over" ? panel.deliveries.handed : panel.deliveries.until;
}

function untilWhen(one: Case, delivery: Delivery, manner: Manner): string {
  const { available_until: end, revoked_at: revoked } = delivery;
  const texts = panel.deliveries;
  if (revoked !== null) return fill(texts.revoked, { when: dayAndClock(revoked, manner) });
  return end === null ? texts.untilNot : `${untilWhat(one)}: ${dayAndClock(end, manner)}`;
}

export function deliveryLines(one: Case, manner: Manner): TemplateResult[] {
  return one.deliveries.map((delivery) => {
    const { delivered_at: at } = delivery;
    const since = at === null ? [] : [`${panel.deliveries.at}: ${dayAndClock(at, manner)}`];
    const parts = [sharedText(delivery, manner), ...since, untilWhen(one, delivery, manner)];
    return html`<small data-testid="shared">${parts.join(" · ")}</small>`;
  });
}
