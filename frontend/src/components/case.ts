/** One case: who asks for what, what would be sent, and what can be done about it. */

import { css, html, nothing, type TemplateResult } from "lit";

import "../door";
import { abilities, type Abilities } from "../model/abilities";
import { isBusy } from "../model/cases";
import { COMMANDS } from "../model/commands";
import { cutsOf } from "../model/cut";
import { fill } from "../model/fill";
import { percent } from "../model/format";
import { alwaysOn, beside, cornersOf } from "../model/masks";
import { firstChoice } from "../model/picker";
import { wireTime } from "../model/format";
import { standingOf } from "../model/standing";
import type { Case, Draft, Progress } from "../model/wire";
import { missing } from "../missing";
import { panel } from "../strings/of_panel";
import "./answer";
import "./decision";
import "./deliveries";
import { draftFacts, foundView, requestView, ruleView } from "./case_parts";
import { define, DeskElement, shared } from "./element";
import "./film";
import "./link_box";
import "./picker";

/** A rule wants something hidden first: a question, and no mishap. */
const MASKS_NEEDED = "masks_needed";

export class CaseView extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    progress: { attribute: false },
  };

  static override styles = [
    shared,
    css`
      /* Below the panel's header, which stays. */
      :host,
      section {
        scroll-margin-top: calc(var(--header-height, 56px) + 16px);
      }

      .badge {
        display: inline-block;
        padding: 0 10px;
        border-radius: 12px;
        background: color-mix(in srgb, var(--accent) 15%, transparent);
        font-size: 0.875rem;
        font-weight: 500;
      }

      /* The focus is there to go on from; nothing can be done with a heading. */
      h2:focus {
        outline: none;
      }

      /* Time goes from left to right wherever people read the other way. */
      .lane {
        position: relative;
        height: 12px;
        margin: 4px 0;
        overflow: hidden;
        border-radius: 4px;
        background: var(--ground);
        direction: ltr;
      }

      .lane > div {
        position: absolute;
        inset-block: 0;
        background: color-mix(in srgb, var(--accent) 60%, transparent);
      }

      .badge.unverified {
        background: color-mix(in srgb, var(--warn) 20%, transparent);
      }
    `,
  ];

  declare one: Case;
  declare progress: Progress | null;
  /** What the owner had prepared is on its way. */
  #awaited = false;

  constructor() {
    super();
    this.progress = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.desk.left = this.one.case_id;
  }

  /** Whoever works by keyboard or hears the page begins at the top of the case. */
  override updated(changed: Map<string, unknown>): void {
    if (!changed.has("one")) return;
    const before = changed.get("one") as Case | undefined;
    if (before?.case_id === this.one.case_id) {
      this.#showPrepared();
      return;
    }
    this.#awaited = false;
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
    // whoever comes to take an approval back has seconds for it
    if (this.one.state !== "consented") return;
    this.renderRoot.querySelector("clip-consent-decision")?.scrollIntoView({ block: "center" });
  }

  readonly #prepared = (): void => {
    this.#awaited = true;
    this.scrollIntoView(); // how far it is stands at the top
  };

  /** Whoever went on to read elsewhere meanwhile is left there. */
  #showPrepared(): void {
    if (!this.#awaited || this.one.state !== "waiting") return;
    this.#awaited = false;
    if (this.getBoundingClientRect().top < 0) return;
    this.renderRoot.querySelector("[data-testid=draft]")?.scrollIntoView();
  }

  #problem(): TemplateResult | typeof nothing {
    const { problem, problem_text: text, state } = this.one;
    if (problem === null || problem === MASKS_NEEDED) return nothing; // the picker tells of that
    const over = state === "closed" || state === "shared";
    const next =
      state === "waiting"
        ? abilities(this.one, this.desk.now).pick
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
      <p><span role="status">${panel.states[this.one.state]}.</span> ${text}</p>
      ${progress
        ? html`<progress max="1" .value=${progress.done} aria-label=${panel.states[this.one.state]}></progress>`
        : html`<progress aria-label=${panel.states[this.one.state]}></progress>`}
    </section>`;
  }

  /** Prepare the draft anew as it was chosen, but for this. */
  #again({ playable, exact }: { playable: boolean; exact: boolean }): void {
    const choice = firstChoice(this.one);
    if (!choice) return;
    const always = alwaysOn(this.desk.known?.snapshot.cameras ?? [], choice.camera);
    void this.attempt(() =>
      this.desk.call(COMMANDS.prepare, {
        case_id: this.one.case_id,
        camera_id: choice.camera,
        start: wireTime(choice.start),
        end: wireTime(choice.end),
        audio: choice.audio,
        playable,
        identity: this.one.state === "shared" ? "" : (this.one.draft?.identity ?? ""),
        exact,
        masks: cornersOf(beside(choice.masks, always)),
      }),
    );
  }

  #map(): TemplateResult | typeof nothing {
    const { area } = this.one.request;
    if (area === null) return nothing;
    const notHere = missing("map", () => this.requestUpdate());
    if (notHere) {
      return html`<section>
        <h2>${panel.one.area}</h2>
        ${notHere}
      </section>`;
    }
    const { home = null, cameras = [] } = this.desk.known?.snapshot ?? {};
    return html`<section data-testid="map">
      <h2>${panel.one.area}</h2>
      <clip-consent-map
        .area=${area}
        .home=${home}
        .cameras=${cameras}
        .locale=${this.desk.manner.locale}
      ></clip-consent-map>
    </section>`;
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
            @copy=${() => this.#again({ playable: true, exact: false })}
          ></clip-consent-film>`
        : html`<div class="words" data-testid="draft-text">${draft.text}</div>`;
    return html`<section data-testid="draft">
      <h2 data-testid="draft-title">
        ${panel.draft[draft.text === null ? "titles" : "words"][standingOf(this.one)]}
      </h2>
      ${content} ${draftFacts(draft, this.desk.manner)} ${can.pick ? this.#exactly(draft) : nothing}
      ${this.faultView()}
      <clip-consent-decision .desk=${this.desk} .one=${this.one}></clip-consent-decision>
      ${this.#tested()}
    </section>`;
  }

  /** Whoever sent a test goes on from here as the one who asks. */
  #tested(): TemplateResult | typeof nothing {
    const { test } = this.desk;
    if (test?.caseId !== this.one.case_id || this.one.deliveries.length === 0) return nothing;
    return html`<div class="buttons">
      <a
        class="button"
        href=${test.link}
        target="_blank"
        rel="noreferrer"
        data-testid="test-answer"
      >
        ${panel.one.testOpen}
      </a>
    </div>`;
  }

  /** A copy that begins early shows more than was asked for. */
  #exactly(draft: Draft): TemplateResult | typeof nothing {
    if (!cutsOf(draft).some(({ how }) => how === "early")) return nothing;
    return html`<div class="buttons">
      <button
        type="button"
        data-testid="make-exact"
        aria-describedby="exact-hint"
        ?disabled=${this.working}
        @click=${() => this.#again({ playable: false, exact: true })}
      >
        ${panel.draft.makeExact}
      </button>
      <span id="exact-hint" class="soft">${panel.picker.exactHint}</span>
    </div>`;
  }

  #key(can: Abilities): TemplateResult | typeof nothing {
    const made = this.desk.links.get(this.one.case_id);
    if (made === undefined && !can.makeKey) return nothing;
    const make = (): void => {
      void this.attempt(async () => {
        const { case_id: id } = this.one;
        const link = await this.desk.keyedLink(
          async (recipient) => (await this.desk.call(COMMANDS.pickupKey, { case_id: id, recipient })).url,
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
      @prepared=${this.#prepared}
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
    const typed = this.desk.typed.get(this.one.case_id) ?? "";
    if (!can.answer) {
      return typed.trim() === ""
        ? nothing
        : html`<section data-testid="answer-unsent">
            <p>${panel.answer.unsent}</p>
            <p class="words">${typed}</p>
          </section>`;
    }
    return html`<section class="fold">
      <details data-testid="answer" ?open=${typed !== ""}>
        <summary>${panel.answer.title}</summary>
        <clip-consent-answer
          .desk=${this.desk}
          .one=${this.one}
          @prepared=${this.#prepared}
        ></clip-consent-answer>
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
    const can = abilities(one, this.desk.now);
    return html`<div data-testid="case" data-state=${one.state}>
      ${this.#end()} ${this.#problem()} ${this.#busy()} ${requestView(one, manner)}
      ${this.#map()} ${ruleView(one, can.decline, manner)} ${this.#key(can)} ${this.#draft(can)} ${this.#picking(can)} ${this.#answering(can)}
      ${one.draft === null && can.decline
        ? html`<section>
            <clip-consent-decision .desk=${this.desk} .one=${one}></clip-consent-decision>
          </section>`
        : nothing}
      ${one.deliveries.length > 0
        ? html`<section>
            <h2>${panel.deliveries.title}</h2>
            <clip-consent-deliveries .desk=${this.desk} .one=${one}></clip-consent-deliveries>
          </section>`
        : nothing}
      ${foundView(one, this.desk.known?.snapshot.cameras ?? [], manner)}
    </div>`;
  }
}

define("clip-consent-case", CaseView);
