/** The parts of a case that only show something. */

import { html, nothing, type TemplateResult } from "lit";

import { cutsOf } from "../model/cut";
import { count, fill, word } from "../model/fill";
import { bytes, clock, dayAndClock, duration, spanText, type Manner } from "../model/format";
import { place } from "../model/picker";
import { codecName } from "../model/playback";
import { soundOf } from "../model/sound";
import { stretchesOf } from "../model/timeline";
import type { Case, Draft, Finding, Request, Snapshot, Span, Vouched } from "../model/wire";
import { utcSpanText, zoneText } from "../model/zone_text";
import { common, panel } from "../strings/of_panel";
import { row } from "./element";

/** How well the requester is known, in a sentence. */
export function trustText(request: Request): string {
  const { trust, label, portal } = request;
  if (portal === "service" || portal === "test") return panel.trustText[portal];
  if (portal === "notice") return fill(panel.trustText.notice, { label });
  if (portal === "http") {
    return fill(panel.trustText[trust === "verified" ? "vouched" : "notVouched"], { label });
  }
  if (trust === "verified") return panel.trustText.verified;
  return label === ""
    ? panel.trustText[trust]
    : fill(panel.trustText[trust === "invited" ? "invitedLabel" : "unverifiedLabel"], { label });
}

function span(start: number, end: number, manner: Manner, seconds: boolean): TemplateResult {
  return html`${spanText(start, end, manner, seconds)}<br>
    <small>${utcSpanText(start, end)} · ${zoneText(manner.zone, start)}</small>`;
}

/** How a hub knows who asks, in the words of its operator. */
function vouchedRows({ organisation, verified_how: how }: Vouched): TemplateResult {
  const words = panel.one;
  return html`${organisation === ""
    ? nothing
    : row(words.organisation, html`<span data-testid="organisation">${organisation}</span>`)}
  ${how === "" ? nothing : row(words.checked, html`<span data-testid="verified-how">${how}</span>`)}`;
}

/** What was said after the request, as it came: the oldest first. */
function notesView({ notes }: Vouched, manner: Manner): TemplateResult | typeof nothing {
  if (notes.length === 0) return nothing;
  return html`<h3>${panel.one.later}</h3>
    ${notes.map(
      ({ at, text }) =>
        html`<p class="soft">${dayAndClock(at, manner)}</p>
          <div class="words" data-testid="follow-up">${text}</div>`,
    )}`;
}

/** What a comment answers: nobody asked for anything. */
function noticeView({ request }: Case): TemplateResult {
  const words = panel.one;
  return html`<section data-testid="request">
    <h2 tabindex="-1" data-testid="who">${panel.list.came.notice}</h2>
    <p class="soft" data-testid="trust-text">${trustText(request)}</p>
    <div class="words" data-testid="text">${request.text}</div>
    <p class="soft">${words.words}</p>
  </section>`;
}

/** Everything a stranger wrote stands in text nodes, and looks like what it is. */
export function requestView(one: Case, manner: Manner): TemplateResult {
  const { request } = one;
  if (request.portal === "notice") return noticeView(one);
  const words = panel.one;
  return html`<section data-testid="request">
    <h2 tabindex="-1" data-testid="who">${words.who}</h2>
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
      ${request.vouched ? vouchedRows(request.vouched) : nothing}
      ${row(words.when, span(request.start, request.end, manner, false))}
    </dl>
    <h3>${words.what}</h3>
    <div class="words" data-testid="text">${request.text}</div>
    ${request.vouched ? notesView(request.vouched, manner) : nothing}
    <p class="soft">${words.words}</p>
  </section>`;
}

function cutNotes(draft: Draft, manner: Manner): TemplateResult[] {
  return cutsOf(draft).map(({ how, chosen, time }) => {
    const times = { chosen: clock(chosen, manner, true), time: clock(time, manner, true) };
    return html`<div data-testid="cut">${fill(panel.draft.cut[how], times)}</div>`;
  });
}

function exactNote({ changes }: Draft): TemplateResult | typeof nothing {
  if (!changes.includes("start_re_encoded")) return nothing;
  return html`<div data-testid="exact-start">${panel.draft.exact}</div>`;
}

export function draftFacts(draft: Draft, manner: Manner): TemplateResult {
  const words = panel.draft;
  const film = draft.text === null;
  const picture = `${draft.width} × ${draft.height}, ${codecName(draft.video_codec)}`;
  return html`<dl data-testid="draft-facts">
    ${film
      ? html`${row(words.camera, draft.camera ?? "–")}
        ${row(words.span, html`${span(draft.start, draft.end, manner, true)} ${cutNotes(draft, manner)} ${exactNote(draft)}`)}
        ${row(words.length, duration(draft.seconds, manner.locale))}
        ${row(words.sound, words.sounds[soundOf(draft)])}
        ${draft.masks.length === 0
          ? nothing
          : row(
              words.hidden,
              html`<span data-testid="masked">${count(panel.hiding.regions, draft.masks.length)}</span>`,
            )}`
      : nothing}
    ${row(
      words.about,
      html`<span data-testid="about-you">${draft.identity ?? words.aboutNothing}</span>`,
    )}
    ${row(words.size, bytes(draft.size, manner.locale))}
    ${row(words.digest, html`<span class="digest" data-testid="digest">${draft.sha256}</span>`)}
  </dl>
  ${film
    ? html`<details data-testid="draft-made">
        <summary>${words.changes}</summary>
        <ul>
          ${draft.changes.map((change) => html`<li>${word(common.changes, change)}</li>`)}
          <li>${picture}</li>
        </ul>
      </details>`
    : nothing}`;
}

/** A camera's part of the timeline: to be read as text, and at a glance. */
function lane({ camera, camera_id: id, runs }: Finding, window: Span, manner: Manner): TemplateResult {
  const stretches = stretchesOf(runs, window);
  const has = stretches.filter(({ there }) => there);
  const texts = stretches.map(({ start, end, there }) => {
    const told = spanText(start, end, manner, true);
    return html`<li class=${there ? "" : "soft"}>${there ? told : `${told}: ${panel.one.nothing}`}</li>`;
  });
  return row(
    camera ?? id,
    html`<div class="lane" aria-hidden="true" data-testid="lane">
        ${has.map((run) => {
          const { x, width } = place(run, window);
          return html`<div style="left: ${x / 10}%; width: ${width / 10}%"></div>`;
        })}
      </div>
      ${has.length === 0 ? panel.one.nothing : html`<ul>${texts}</ul>`}`,
  );
}

/** `cameras` are all that the home offers. */
export function foundView(
  { findings, screening, request }: Case,
  cameras: Snapshot["cameras"],
  manner: Manner,
): TemplateResult | typeof nothing {
  if (screening === null || request.portal === "notice") return nothing;
  const words = panel.one;
  const none = findings?.every((finding) => finding.runs.length === 0) ?? false;
  const left = cameras.filter(({ camera_id: id }) => screening.cameras?.includes(id) === false);
  return html`<section data-testid="found">
    <h2>${words.found}</h2>
    ${findings === null ? html`<p>${words.foundYet}</p>` : nothing}
    ${none
      ? html`<p>${words.foundNothing}</p>`
      : html`<dl>${findings?.map((finding) => lane(finding, request, manner))}</dl>`}
    ${left.length === 0
      ? nothing
      : html`<p class="soft" data-testid="left-out">
          ${fill(words.leftOut, { cameras: left.map(({ name }) => name).join(", ") })}
        </p>`}
  </section>`;
}

/** What the owner's rules say of it, and that no answer is owed: read before anything else. */
export function ruleView({ screening, request }: Case, open: boolean, manner: Manner): TemplateResult | typeof nothing {
  if ((screening === null && !open) || request.portal === "notice") return nothing;
  const until = fill(panel.one.answerBy, { when: dayAndClock(request.expires_at, manner) });
  return html`<section data-testid="rule">
    ${screening === null
      ? nothing
      : html`<h2>${panel.one.rule}</h2>
          <p data-testid="sentence">${screening.sentence}</p>`}
    ${open ? html`<p class="notice" data-testid="free">${panel.voluntary} ${panel.free} ${until}.</p>` : nothing}
  </section>`;
}
