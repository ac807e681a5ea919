/** The answers to one request as HTML. */

import { html, nothing, type TemplateResult } from "lit/html.js";

import { fill } from "../model/fill";
import { bytes, dayAndClock, percent } from "../model/format";
import type { DeskRequest, HubDelivery } from "../model/portal_wire";
import { openedView } from "../public/opened_view";
import { manner } from "../public/page";
import { saveFile } from "../save";
import { status } from "../strings/of_pages";
import { desk } from "../strings/of_portal";
import type { Inbox } from "./inbox";

interface Answer {
  readonly inbox: Inbox;
  readonly request: DeskRequest;
  readonly delivery: HubDelivery;
}

function openButton({ inbox, request, delivery }: Answer, again: boolean): TemplateResult {
  const open = (): void => {
    void inbox.open(request, delivery).then(() => focusOutcome(delivery.id));
  };
  return html`<button type="button" class="primary" data-testid="open" @click=${open}>
    ${again ? status.openAgain : desk.inbox.open}
  </button>`;
}

/** The button that was pressed is gone. Who went on to something else stays there. */
function focusOutcome(id: string): void {
  const at = document.activeElement;
  if (at !== null && at !== document.body) return;
  document.querySelector<HTMLElement>(`#answer-${CSS.escape(id)} [tabindex="-1"]`)?.focus();
}

function toolsView({ inbox, request, delivery }: Answer): TemplateResult {
  const { tools, toolsText, key, sealed } = desk.inbox;
  const saveKey = (): void => {
    saveFile(new Blob([`${inbox.identity(request.id) ?? ""}\n`], { type: "text/plain" }), "key.txt");
  };
  return html`<details>
    <summary>${tools}</summary>
    <p>${toolsText}</p>
    <pre><code>age -d -i key.txt clip.age | tar x</code></pre>
    <div class="buttons">
      <button type="button" data-testid="save-sealed" @click=${() => void inbox.saveSealed(request, delivery)}>${sealed}</button>
      <button type="button" data-testid="save-key" @click=${saveKey}>${key}</button>
    </div>
  </details>`;
}

function body(answer: Answer): TemplateResult {
  const { inbox, delivery } = answer;
  const opening = inbox.of(delivery);
  switch (opening.kind) {
    case "closed":
      return html`<p class="hint">
          ${fill(desk.inbox.facts, {
            size: bytes(delivery.size, manner.locale),
            when: dayAndClock(delivery.available_until, manner),
          })}
        </p>
        ${openButton(answer, false)} ${toolsView(answer)}`;
    case "opening":
      return html`<p role="status" data-testid="progress">
          ${opening.done < 1
            ? fill(desk.inbox.opening, { percent: percent(opening.done, manner.locale) })
            : status.checking}
        </p>
        <progress max="1" .value=${opening.done} aria-label=${status.checking}></progress>`;
    case "failed":
      return html`<div class="notice error" role="alert" data-testid="refused" data-why=${opening.why}>
          <p tabindex="-1"><strong>${status.failed.title}</strong></p>
          <p>${opening.why === "wrong_key" ? desk.inbox.wrongKey : status.failed[opening.why]}</p>
        </div>
        ${openButton(answer, true)}`;
    case "open":
      return openedView(opening.opened, opening.film);
  }
}

function allView(inbox: Inbox, request: DeskRequest): TemplateResult {
  const saving = inbox.saving(request.id);
  const { all, saving: doing, allFailed } = desk.inbox;
  return html`<div class="buttons">
      <button
        type="button"
        data-testid="save-all"
        ?disabled=${saving?.kind === "saving"}
        @click=${() => void inbox.saveAll(request)}
      >
        ${all}
      </button>
    </div>
    <p class="hint" role="status">
      ${saving ? fill(saving.kind === "saving" ? doing : allFailed, { n: saving.n, all: saving.all }) : nothing}
    </p>`;
}

export function inboxView(inbox: Inbox, request: DeskRequest): TemplateResult {
  const { deliveries } = request;
  if (deliveries.length === 0) return html`<p data-testid="no-answers">${desk.list.noAnswers}</p>`;
  if (inbox.identity(request.id) === null) {
    return html`<p class="notice warning" data-testid="other-secret">${desk.secret.other}</p>`;
  }
  return html`${allView(inbox, request)}
  ${deliveries.map(
    (delivery, index) => html`<section
      id="answer-${delivery.id}"
      data-testid="delivery"
      data-state=${inbox.of(delivery).kind}
      aria-busy=${inbox.of(delivery).kind === "opening"}
    >
      <h4>${fill(desk.inbox.answer, { n: index + 1 })}</h4>
      ${body({ inbox, request, delivery })}
    </section>`,
  )}`;
}
