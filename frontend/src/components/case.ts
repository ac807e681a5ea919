/** One case: who asks for what, what would be sent, and what can be done about it. */

import { css, html, nothing, type TemplateResult } from "lit";

import { abilities, isBusy, type Abilities } from "../model/cases";
import { fill } from "../model/fill";
import { dayAndClock, percent } from "../model/format";
import { firstChoice } from "../model/picker";
import { wireTime } from "../model/format";
import { standingOf } from "../model/standing";
import type { Case, Progress } from "../model/wire";
import { panel } from "../strings/of_panel";
import "./answer";
import "./decision";
import "./deliveries";
import { draftFacts, foundView, requestView, ruleView } from "./case_parts";
import { define, DeskElement, shared } from "./element";
import "./film";
import "./link_box";
import "./picker";

export class CaseView extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    progress: { attribute: false },
  };

  static override styles = [
    shared,
    css`
      .badge {
        display: inline-block;
        padding: 0 10px;
        border-radius: 12px;
        background: color-mix(in srgb, var(--accent) 15%, transparent);
        font-size: 0.875rem;
        font-weight: 500;
      }

      .badge.unverified {
        background: color-mix(in srgb, var(--warn) 20%, transparent);
      }
    `,
  ];

  declare one: Case;
  declare progress: Progress | null;

  constructor() {
    super();
    this.progress = null;
  }

  #problem(): TemplateResult | typeof nothing {
    const { problem, problem_text: text, state } = this.one;
    if (problem === null) return nothing;
    const over = state === "closed" || state === "shared";
    const next =
      state === "waiting"
        ? abilities(this.one, Date.now()).pick
          ? panel.one.problemPick
          : panel.one.problemAnswer
        : over
          ? panel.one.problemOver
          : panel.one.problemSending;
    return html`<div class="notice warning" role="alert" data-testid="problem">
      <p><strong>${panel.one.problem}</strong></p>
      <p>${text ?? problem} ${next}</p>
    </div>`;
  }

  #busy(): TemplateResult | typeof nothing {
    if (!isBusy(this.one)) return nothing;
    const { progress } = this;
    const text = progress
      ? fill(panel.progress[progress.doing], {
          percent: percent(progress.done, this.desk.manner.locale),
        })
      : panel.progress.soon;
    return html`<section data-testid="progress">
      <p role="status">${panel.states[this.one.state]}. ${text}</p>
      ${progress ? html`<progress max="1" .value=${progress.done}></progress>` : html`<progress></progress>`}
    </section>`;
  }

  #copy(): void {
    const choice = firstChoice(this.one);
    if (!choice) return;
    void this.attempt(() =>
      this.desk.call("prepare", {
        case_id: this.one.case_id,
        camera_id: choice.camera,
        start: wireTime(choice.start),
        end: wireTime(choice.end),
        audio: choice.audio,
        playable: true,
      }),
    );
  }

  #draft(can: Abilities): TemplateResult | typeof nothing {
    const { draft } = this.one;
    if (!draft) return nothing;
    const media = this.desk.media(this.one);
    const gone = draft.text === null && draft.video === null;
    const content = gone
      ? html`<p class="soft" data-testid="draft-gone">${panel.draft.gone}</p>`
      : draft.text === null
        ? html`<clip-consent-film
            .draft=${draft}
            .media=${media}
            .copying=${can.pick && !this.working}
            @stale=${() => this.desk.reconnect(this.one.case_id)}
            @copy=${() => this.#copy()}
          ></clip-consent-film>`
        : html`<div class="words" data-testid="draft-text">${draft.text}</div>`;
    return html`<section data-testid="draft">
      <h2 data-testid="draft-title">
        ${panel.draft[draft.text === null ? "titles" : "words"][standingOf(this.one)]}
      </h2>
      ${content} ${draftFacts(draft, this.desk.manner)} ${this.faultView()}
      <clip-consent-decision .desk=${this.desk} .one=${this.one}></clip-consent-decision>
    </section>`;
  }

  #key(can: Abilities): TemplateResult | typeof nothing {
    const made = this.desk.links.get(this.one.case_id);
    if (made === undefined && !can.makeKey) return nothing;
    const make = (): void => {
      void this.attempt(async () => {
        const { case_id: id } = this.one;
        const link = await this.desk.keyedLink(
          async (recipient) => (await this.desk.call("pickupKey", { case_id: id, recipient })).url,
        );
        this.desk.links.set(id, link);
      });
    };
    return html`<section data-testid="pickup">
      <h2>${panel.key.title}</h2>
      ${made === undefined
        ? html`<p>${panel.key.text}</p>
            ${this.one.draft ? nothing : this.faultView()}
            <div class="buttons">
              <button
                type="button"
                class="primary"
                data-testid="make-key"
                ?disabled=${this.working}
                @click=${make}
              >
                ${panel.key.make}
              </button>
            </div>`
        : html`<p>${panel.key.made}</p>
            <clip-consent-link .link=${made} .label=${panel.key.label}></clip-consent-link>`}
    </section>`;
  }

  #picking(can: Abilities): TemplateResult | typeof nothing {
    if (!can.pick) return nothing;
    const picker = html`<clip-consent-picker
      .desk=${this.desk}
      .one=${this.one}
      @prepared=${() => this.scrollIntoView()}
    ></clip-consent-picker>`;
    const fresh = this.one.draft === null && this.one.state === "waiting";
    return html`<section class=${fresh ? "" : "fold"} data-testid="picker">
      ${fresh
        ? html`<h2>${panel.picker.title}</h2>
            ${picker}`
        : html`<details data-testid="pick-another">
            <summary>${panel.picker.another}</summary>
            ${picker}
          </details>`}
    </section>`;
  }

  #answering(can: Abilities): TemplateResult | typeof nothing {
    if (!can.answer) return nothing;
    return html`<section class="fold">
      <details data-testid="answer">
        <summary>${panel.answer.title}</summary>
        <clip-consent-answer .desk=${this.desk} .caseId=${this.one.case_id}></clip-consent-answer>
      </details>
    </section>`;
  }

  #end(): TemplateResult | typeof nothing {
    const { state, closed } = this.one;
    if (state !== "closed" && state !== "shared") return nothing;
    return html`<p class="notice" role="status" data-testid="outcome">
      ${closed === null ? panel.states[state] : panel.closed[closed]}
    </p>`;
  }

  override render() {
    const { one } = this;
    const { manner } = this.desk;
    const can = abilities(one, Date.now());
    return html`<div data-testid="case" data-state=${one.state}>
      ${this.#end()} ${this.#problem()} ${this.#busy()} ${requestView(one, manner)}
      ${this.#key(can)} ${this.#draft(can)} ${this.#picking(can)} ${this.#answering(can)}
      ${one.draft === null && can.decline
        ? html`<section>
            <clip-consent-decision .desk=${this.desk} .one=${one}></clip-consent-decision>
          </section>`
        : nothing}
      ${can.decline
        ? html`<p class="notice" data-testid="free">
            ${panel.free} ${fill(panel.one.answerBy, { when: dayAndClock(one.request.expires_at, manner) })}.
          </p>`
        : nothing}
      ${one.deliveries.length > 0
        ? html`<section>
            <h2>${panel.deliveries.title}</h2>
            <clip-consent-deliveries .desk=${this.desk} .one=${one}></clip-consent-deliveries>
          </section>`
        : nothing}
      ${foundView(one, manner)} ${ruleView(one)}
    </div>`;
  }
}

define("clip-consent-case", CaseView);
