/** Approve, undo, decline: each on exactly what is on the screen. */

import { css, html, nothing, type TemplateResult } from "lit";

import { abilities } from "../model/abilities";
import { COMMANDS } from "../model/commands";
import { secondsLeft } from "../model/countdown";
import { fill } from "../model/fill";
import { dayAndClock } from "../model/format";
import type { Case, Draft } from "../model/wire";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";

/** A draft that has just taken another's place must be seen before it is approved. */
const SETTLE = 1_500; // milliseconds
const TICK = 250; // milliseconds
const texts = panel.approve;

/** The same bytes, and the same words about the owner beside them. */
function isSame(before: Draft, now: Draft | null): boolean {
  return before.sha256 === now?.sha256 && before.identity === now.identity;
}

export class Decision extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    declining: { state: true },
    settling: { state: true },
    ticks: { state: true },
  };

  static override styles = [
    shared,
    css`
      .countdown {
        text-align: center;
      }

      .sure {
        margin-top: 16px;
      }
    `,
  ];

  declare one: Case;
  declare declining: boolean;
  declare settling: boolean;
  /** Only draws it anew. */
  declare ticks: number;
  #ticking = 0;
  #settled = 0;

  constructor() {
    super();
    this.declining = false;
    this.settling = false;
    this.ticks = 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
    clearTimeout(this.#settled);
    this.settling = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get("one") as Case | undefined;
    if (before && before.case_id !== this.one.case_id) {
      this.declining = false;
    } else if (before?.draft && !isSame(before.draft, this.one.draft)) {
      this.#settle();
    }
    const counting = this.one.state === "consented";
    if (counting && !this.#ticking) {
      this.#ticking = window.setInterval(() => (this.ticks += 1), TICK);
    } else if (!counting) {
      clearInterval(this.#ticking);
      this.#ticking = 0;
    }
  }

  /** Whoever works by keyboard or hears the page goes on with the question, or from its button. */
  override updated(changed: Map<string, unknown>): void {
    const before = changed.get("declining");
    if (before === undefined || before === this.declining) return;
    const next = this.declining ? ".sure" : "[data-testid=decline]";
    this.renderRoot.querySelector<HTMLElement>(next)?.focus();
  }

  #settle(): void {
    this.settling = true;
    clearTimeout(this.#settled);
    this.#settled = window.setTimeout(() => (this.settling = false), SETTLE);
  }

  async #approve(offerId: string, sha256: string): Promise<void> {
    await this.attempt(() => this.desk.call(COMMANDS.approve, { offer_id: offerId, sha256 }));
  }

  #approving(): TemplateResult | typeof nothing {
    const { offer, draft, request } = this.one;
    if (!offer || !draft) return nothing;
    const byHand = request.way === "hand_over";
    const two = this.one.screening?.two_approvers && !offer.first;
    const note = request.portal === "notice" ? texts.noteComment : byHand ? texts.noteHandOver : texts.note;
    return html`${two ? html`<p data-testid="two-needed">${texts.twoNeeded}</p>` : nothing}
      <p class="soft">
        ${note} ${fill(texts.expires, { when: dayAndClock(offer.expires_at, this.desk.manner) })}
      </p>
      ${request.storage
        ? html`<p class="soft" data-testid="storage">${fill(texts.noteStorage, { storage: request.storage })}</p>`
        : nothing}
      <button
        type="button"
        class="primary big"
        data-testid="approve"
        ?disabled=${this.working || this.settling}
        @click=${() => this.#approve(offer.offer_id, draft.sha256)}
      >
        ${byHand ? texts.buttonHandOver : texts.button}
      </button>`;
  }

  /** The first yes of two, and how to take it back. */
  #half(): TemplateResult | typeof nothing {
    const { offer, case_id: id } = this.one;
    if (!offer?.first) return nothing;
    const { user, at } = offer.first;
    return html`<p data-testid="first-yes">
        ${fill(texts.firstYes, { user, when: dayAndClock(at, this.desk.manner) })}
      </p>
      <div class="buttons">
        <button
          type="button"
          data-testid="take-back"
          ?disabled=${this.working}
          @click=${() => this.attempt(() => this.desk.call(COMMANDS.undo, { case_id: id }))}
        >
          ${texts.takeBack}
        </button>
      </div>`;
  }

  #undoing(): TemplateResult | typeof nothing {
    const { consent, request, case_id: id } = this.one;
    if (!consent) return nothing;
    const n = secondsLeft(consent.undo_until, this.desk.now);
    const counting = request.way === "hand_over" ? texts.countdownHandOver : texts.countdown;
    const text = fill(n > 0 ? counting : texts.sending, { user: consent.user, n });
    return html`<div class="countdown" data-testid="undo-window">
      <p role="timer" data-testid="countdown">${text}</p>
      ${n > 0
        ? html`<button
            type="button"
            class="primary big"
            data-testid="undo"
            ?disabled=${this.working}
            @click=${() => this.attempt(() => this.desk.call(COMMANDS.undo, { case_id: id }))}
          >
            ${texts.undo}
          </button>`
        : nothing}
    </div>`;
  }

  #declining(words: typeof panel.decline | typeof panel.discard | typeof panel.stop): TemplateResult {
    if (!this.declining) {
      return html`<div class="buttons">
        <button type="button" data-testid="decline" @click=${() => (this.declining = true)}>
          ${words.button}
        </button>
      </div>`;
    }
    const decline = (): Promise<boolean> =>
      this.attempt(() => this.desk.call(COMMANDS.decline, { case_id: this.one.case_id }));
    return html`<p class="sure" tabindex="-1">${words.sure}</p>
      <div class="buttons">
        <button
          type="button"
          class="danger"
          data-testid="decline-confirm"
          ?disabled=${this.working}
          @click=${decline}
        >
          ${words.confirm}
        </button>
        <button type="button" class="plain" @click=${() => (this.declining = false)}>
          ${words.keep}
        </button>
      </div>`;
  }

  override render() {
    const can = abilities(this.one, this.desk.now);
    const keyFirst = can.makeKey && this.one.draft !== null;
    return html`${can.takeBack ? this.#half() : nothing}
    ${can.approve ? this.#approving() : nothing}
    ${keyFirst ? html`<p class="soft" data-testid="key-first">${texts.keyFirst}</p>` : nothing}
    ${this.one.consent ? this.#undoing() : nothing} ${can.decline ? this.#declining(this.one.request.portal === "notice" ? panel.discard : panel.decline) : nothing}
    ${can.stop ? this.#declining(panel.stop) : nothing}
    ${this.faultView()}`;
  }
}

define("clip-consent-decision", Decision);
