/** What panel and card share: the desk, the language, and how trouble and cases are shown. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";

import { Desk } from "./desk";
import type { Hass } from "./hass";
import type { Known } from "./model/cases";
import { count } from "./model/fill";
import { need, type Part } from "./parts";
import { panel, speak } from "./strings/of_panel";

/** A way to the owner's requests. It draws `page` once the language is spoken. */
export abstract class Door extends LitElement {
  static override properties: Record<string, object> = {
    known: { state: true },
    trouble: { state: true },
    online: { state: true },
    spoken: { state: true },
  };

  declare known: Known | null;
  declare trouble: string | null;
  declare online: boolean;
  /** The language of the texts; nothing is shown before it is known. */
  declare spoken: string | null;

  protected readonly desk = new Desk(() => {
    this.known = this.desk.known;
    this.trouble = this.desk.trouble;
    this.online = this.desk.online;
  });

  #wanted: string | undefined;
  #hass: Hass | null = null;

  constructor() {
    super();
    this.known = null;
    this.trouble = null;
    this.online = true;
    this.spoken = null;
  }

  /** Not a property that redraws: it is set with every state that changes anywhere. */
  set hass(hass: Hass) {
    this.#hass = hass;
    if (this.spoken !== null) this.desk.hass = hass;
    void this.#speak(hass.locale?.language ?? "en");
  }

  /** The desk begins when there are words for what it may have to tell. */
  async #speak(language: string): Promise<void> {
    if (language === this.#wanted) return;
    this.#wanted = language;
    try {
      this.spoken = await speak([language]);
    } catch {
      this.#wanted = undefined; // with the next state it is tried again
      return;
    }
    if (this.#hass) this.desk.hass = this.#hass;
    setTimeout(() => this.need("case"), 1_000); // a tap will ask for it soon
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.desk.connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.desk.disconnect();
  }

  protected need(part: Part): boolean {
    return need(part, () => this.requestUpdate());
  }

  /** All of it, in the language that is spoken. */
  protected abstract page(): TemplateResult;

  /** What is shown of the home's requests. */
  protected abstract content(known: Known): TemplateResult;

  /** Open a case, or go back to where it was opened from. */
  protected abstract open(caseId: string | null): void;

  /** Show where a case that cannot be found may be. */
  protected abstract history(): void;

  override render() {
    // another language draws all of it anew
    return this.spoken === null ? nothing : keyed(this.spoken, this.page());
  }

  protected readonly opened = (event: CustomEvent<string>): void => this.open(event.detail);

  protected inside(): TemplateResult {
    const { known, trouble } = this;
    return html`${this.online
      ? nothing
      : html`<p class="notice warning" role="status" data-testid="offline">${panel.offline}</p>`}
    ${trouble === null
      ? nothing
      : html`<div class="notice error" role="alert" data-testid="trouble">
          <p>${trouble}</p>
          <button type="button" @click=${() => this.desk.reconnect()}>${panel.retry}</button>
        </div>`}
    ${known ? this.content(known) : trouble === null ? html`<p>${panel.loading}</p>` : nothing}`;
  }

  protected requests({ snapshot, cases }: Known): TemplateResult {
    const { accepting, approver, waiting } = snapshot;
    if (!this.need("requests")) return html`<p>${panel.loading}</p>`;
    return html`${accepting
      ? nothing
      : html`<p class="notice warning" data-testid="off">${panel.off}</p>`}
    ${approver
      ? html`<clip-consent-waiting
          .desk=${this.desk}
          .cases=${cases}
          @open=${this.opened}
        ></clip-consent-waiting>`
      : html`<section data-testid="counts">
          <p><strong>${waiting === 0 ? panel.counts.none : count(panel.counts, waiting)}</strong></p>
          <p>${panel.notApprover}</p>
        </section>`}`;
  }

  protected case(known: Known, id: string): TemplateResult {
    const one = this.desk.find(id);
    if (!this.need(one ? "case" : "seek")) return html`<p>${panel.loading}</p>`;
    if (one) {
      return html`<clip-consent-case
        .desk=${this.desk}
        .one=${one}
        .progress=${known.progress.get(id) ?? null}
      ></clip-consent-case>`;
    }
    return html`<clip-consent-seek
      .desk=${this.desk}
      .caseId=${id}
      @found=${() => this.requestUpdate()}
      @history=${() => this.history()}
    ></clip-consent-seek>`;
  }
}
