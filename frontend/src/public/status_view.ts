/** The status page as HTML: what is known, and each answer. */

import { html, nothing, type TemplateResult } from "lit/html.js";

import { count, fill } from "../model/fill";
import { bytes, clock, percent } from "../model/format";
import type { Looked, PublicStatus, StatusDelivery } from "../model/status";
import { status } from "../strings/of_pages";
import { openedView } from "./opened_view";
import type { Opening } from "./opener";
import { insecureNotice, manner } from "./page";
import { moment } from "./received_view";

export interface View {
  readonly looked: Looked | null;
  readonly lookedAt: number;
  readonly looking: boolean;
  readonly keyFault: "missing" | "broken" | null;
  /** Kept when a later look fails, so that what was seen does not vanish. */
  readonly known: PublicStatus | null;
  readonly opening: (id: string) => Opening;
  readonly open: (delivery: StatusDelivery) => void;
  readonly refresh: () => void;
  readonly sealedUrl: (id: string) => string;
}

function keyFault(fault: "missing" | "broken"): TemplateResult {
  const { title, text } = status.key[fault];
  return html`<section class="notice error" role="alert" data-testid="key-fault">
    <h2>${title}</h2>
    <p>${text}</p>
  </section>`;
}

function received(known: PublicStatus): TemplateResult {
  const { title, text, meaning, until, more, over } = status.received;
  const waiting = known.deliveries.length === 0;
  const template = Date.now() > known.look_again_until ? over : waiting ? until : more;
  const [before = "", after = ""] = template.split("{when}");
  return html`<section data-testid="status-received">
    <h2>${waiting ? title : count(status.answers, known.deliveries.length)}</h2>
    ${waiting ? html`<p>${text}</p>` : nothing}
    <p data-testid="until">${before}${moment(known.look_again_until)}${after}</p>
    ${waiting ? html`<p class="hint">${meaning}</p>` : nothing}
  </section>`;
}

function trouble(looked: Looked | null): TemplateResult | typeof nothing {
  if (looked?.kind === "not_found") {
    return html`<section class="notice error" role="alert" data-testid="not-found">
      <h2>${status.notFound.title}</h2>
      <p>${status.notFound.text}</p>
    </section>`;
  }
  if (looked?.kind === "unreachable") {
    return html`<p class="notice warning" role="alert" data-testid="unreachable">
      ${status.unreachable}
    </p>`;
  }
  return nothing;
}

function refreshing(view: View): TemplateResult {
  return html`<div class="buttons">
    <button
      type="button"
      data-testid="refresh"
      ?disabled=${view.looking}
      @click=${view.refresh}
    >
      ${view.looking ? status.loading : status.refresh}
    </button>
    <span class="hint" role="status" data-testid="looked-at">
      ${view.lookedAt
        ? fill(status.lastLooked, { when: clock(view.lookedAt, manner, true) })
        : nothing}
    </span>
  </div>`;
}

function openButton(view: View, delivery: StatusDelivery, again: boolean): TemplateResult {
  return html`<button
    type="button"
    class="primary"
    data-testid="open"
    ?disabled=${view.keyFault !== null}
    @click=${() => view.open(delivery)}
  >
    ${again ? status.openAgain : status.open}
  </button>`;
}

function beforeOpening(view: View, delivery: StatusDelivery): TemplateResult {
  const [before = "", after = ""] = status.until.split("{when}");
  return html`<p class="hint">
      ${fill(status.size, { size: bytes(delivery.size, manner.locale) })}.
      ${before}${moment(delivery.available_until)}${after}
    </p>
    ${openButton(view, delivery, false)} ${withoutPage(view, delivery)}`;
}

function withoutPage(view: View, delivery: StatusDelivery): TemplateResult {
  return html`<details>
    <summary>${status.tools}</summary>
    <p>${status.toolsText}</p>
    <pre><code>age -d -i key.txt clip.age | tar x</code></pre>
    <a class="button" href=${view.sealedUrl(delivery.id)} download="clip.age" data-testid="sealed">
      ${status.toolsSave}
    </a>
  </details>`;
}

function answerBody(view: View, delivery: StatusDelivery): TemplateResult {
  const opening = view.opening(delivery.id);
  switch (opening.kind) {
    case "closed":
      return beforeOpening(view, delivery);
    case "opening":
      return html`<p role="status" data-testid="progress">
          ${opening.done < 1
            ? fill(status.opening, { percent: percent(opening.done, manner.locale) })
            : status.checking}
        </p>
        <progress max="1" .value=${opening.done}></progress>`;
    case "failed":
      return html`<div class="notice error" role="alert" data-testid="refused" data-why=${opening.why}>
          <h3 tabindex="-1">${status.failed.title}</h3>
          <p>${status.failed[opening.why]}</p>
        </div>
        ${openButton(view, delivery, true)}`;
    case "open":
      return openedView(opening.opened, opening.film);
  }
}

function answer(view: View, delivery: StatusDelivery, index: number, all: number): TemplateResult {
  const { kind } = view.opening(delivery.id);
  return html`<article id="answer-${delivery.id}" data-testid="delivery" data-state=${kind} aria-busy=${kind === "opening"}>
    ${all > 1 ? html`<h2>${fill(status.answer, { n: index + 1 })}</h2>` : nothing}
    ${answerBody(view, delivery)}
  </article>`;
}

export function statusView(view: View): TemplateResult {
  const { known, looked } = view;
  const deliveries = known?.deliveries ?? [];
  return html`<h1>${status.title}</h1>
    ${insecureNotice(status.insecure)} ${view.keyFault ? keyFault(view.keyFault) : nothing}
    ${trouble(looked)}
    ${known ? received(known) : looked ? nothing : html`<p>${status.loading}</p>`}
    ${deliveries.map((delivery, index) => answer(view, delivery, index, deliveries.length))}
    ${refreshing(view)}`;
}
