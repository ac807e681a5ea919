/** The parts of a case that only show something. */

import { html, nothing, type TemplateResult } from "lit";

import { fill, word } from "../model/fill";
import {
  bytes,
  dayAndClock,
  duration,
  spanText,
  utcSpanText,
  zoneText,
  type Manner,
} from "../model/format";
import { codecName } from "../model/playback";
import { soundOf } from "../model/sound";
import type { Case, Draft, Request } from "../model/wire";
import { common, panel } from "../strings/of_panel";
import { row } from "./element";

/** How well the requester is known, in a sentence. */
export function trustText(request: Request): string {
  const { trust, label, portal } = request;
  if (portal === "service" || portal === "test") return panel.trustText[portal];
  if (trust === "verified") return panel.trustText.verified;
  return label === ""
    ? panel.trustText[trust]
    : fill(panel.trustText[trust === "invited" ? "invitedLabel" : "unverifiedLabel"], { label });
}

function span(start: number, end: number, manner: Manner, seconds: boolean): TemplateResult {
  return html`${spanText(start, end, manner, seconds)}<br>
    <small>${utcSpanText(start, end)} · ${zoneText(manner.zone, start)}</small>`;
}

/** Everything a stranger wrote stands in text nodes, and looks like what it is. */
export function requestView({ request }: Case, manner: Manner): TemplateResult {
  const words = panel.one;
  return html`<section data-testid="request">
    <h2>${words.who}</h2>
    <p>
      <span class="badge ${request.trust}" data-testid="trust"
        >${request.portal === "test" ? panel.list.came.test : panel.trust[request.trust]}</span
      >
      ${common.kinds[request.kind]}
    </p>
    <p class="soft" data-testid="trust-text">${trustText(request)}</p>
    <dl>
      ${row(words.name, html`<strong data-testid="name">${request.name}</strong>`)}
      ${request.contact === "" ? nothing : row(words.contact, html`<span data-testid="contact">${request.contact}</span>`)}
      ${request.case_number === ""
        ? nothing
        : row(words.caseNumber, html`<span data-testid="case-number">${request.case_number}</span>`)}
      ${row(words.when, span(request.start, request.end, manner, false))}
    </dl>
    <h3>${words.what}</h3>
    <div class="words" data-testid="text">${request.text}</div>
    <p class="soft">${words.words}</p>
  </section>`;
}

export function draftFacts(draft: Draft, manner: Manner): TemplateResult {
  const words = panel.draft;
  const film = draft.text === null;
  const picture = `${draft.width} × ${draft.height}, ${codecName(draft.video_codec)}`;
  return html`<dl data-testid="draft-facts">
    ${film
      ? html`${row(words.camera, draft.camera ?? "–")}
        ${row(words.span, span(draft.start, draft.end, manner, true))}
        ${row(words.length, duration(draft.seconds, manner.locale))} ${row(words.picture, picture)}
        ${row(words.sound, words.sounds[soundOf(draft)])}`
      : nothing}
    ${row(words.size, bytes(draft.size, manner.locale))}
    ${draft.changes.length === 0
      ? nothing
      : row(
          words.changes,
          html`<ul>
            ${draft.changes.map((change) => html`<li>${word(common.changes, change)}</li>`)}
          </ul>`,
        )}
    ${row(words.digest, html`<span class="digest" data-testid="digest">${draft.sha256}</span>`)}
  </dl>`;
}

export function foundView({ findings, screening }: Case, manner: Manner): TemplateResult | typeof nothing {
  if (screening === null) return nothing;
  const words = panel.one;
  const none = findings?.every((finding) => finding.runs.length === 0) ?? false;
  return html`<section data-testid="found">
    <h2>${words.found}</h2>
    ${findings === null ? html`<p>${words.foundYet}</p>` : nothing}
    ${none
      ? html`<p>${words.foundNothing}</p>`
      : html`<dl>
          ${findings?.map(({ camera, camera_id: id, runs }) =>
            row(
              camera ?? id,
              runs.length === 0
                ? words.nothing
                : html`<ul>
                    ${runs.map((run) => html`<li>${spanText(run.start, run.end, manner, true)}</li>`)}
                  </ul>`,
            ),
          )}
        </dl>`}
  </section>`;
}

export function ruleView({ screening }: Case): TemplateResult | typeof nothing {
  if (screening === null) return nothing;
  return html`<section data-testid="rule">
    <h2>${panel.one.rule}</h2>
    <p data-testid="sentence">${screening.sentence}</p>
  </section>`;
}

/** The owner's own name for the requester, or how the request came: never a stranger's word. */
export function heading({ label, portal, trust }: Request): string {
  if (portal === "test") return panel.list.came.test; // the label is who pressed the button
  if (label !== "") return label;
  return portal === "service" ? panel.list.came.service : panel.trust[trust];
}

/** A line of a list: who, for when, how it stands. */
/** What the end of a delivery's time here is called. */
export function untilWhat({ request }: Case): string {
  return request.way === "hand_over" ? panel.deliveries.handed : panel.deliveries.until;
}

export function caseLine(one: Case, manner: Manner): TemplateResult {
  const { request, state, closed } = one;
  const standing = closed === null ? panel.states[state] : panel.closed[closed];
  const received = fill(panel.list.received, { when: dayAndClock(request.received_at, manner) });
  return html`<strong>${heading(request)}</strong>
    <span>${request.name} · ${spanText(request.start, request.end, manner)}</span>
    <small>${standing} · ${received}</small>`;
}
