/** What panel and card share: the desk, the language, and how trouble and cases are shown. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";

import "./components/waiting";
import { Desk } from "./desk";
import type { Hass } from "./hass";
import type { Known } from "./model/cases";
import { count } from "./model/fill";
import { spokenOf, type LanguageName } from "./model/language";
import { missing } from "./missing";
import { need, retry, type Part } from "./parts";
import { panel, speak } from "./strings/of_panel";

/** What is told where there are no other texts yet; a tap tries again. */
const FAILED: Readonly<Record<LanguageName, string>> = {
  en: "Not loaded. Try again",
  de: "Nicht geladen. Erneut versuchen",
  es: "No se ha cargado. Volver a intentarlo",
  fr: "Non chargé. Réessayer",
  nl: "Niet geladen. Opnieuw proberen",
};

/** A way to the owner's requests. It draws `page` once the language is spoken. */
export abstract class Door extends LitElement {
  static override properties: Record<string, object> = {
    known: { state: true },
    trouble: { state: true },
    online: { state: true },
    spoken: { state: true },
    mute: { state: true },
  };

  declare known: Known | null;
  declare trouble: string | null;
  declare online: boolean;
  /** The language of the texts; nothing is shown before it is known. */
  declare spoken: string | null;
  /** Whether they could not be loaded. */
  declare mute: boolean;

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
    this.mute = false;
  }

  /** Not a property that redraws: it is set with every state that changes anywhere. */
  set hass(hass: Hass) {
    this.#hass = hass;
    if (this.spoken !== null) this.desk.hass = hass;
    void this.#speak();
  }

  get #language(): string {
    return this.#hass?.locale?.language ?? "en";
  }

  /** The desk begins when there are words for what it may have to tell. */
  async #speak(): Promise<void> {
    const language = this.#language;
    if (language === this.#wanted) return;
    this.#wanted = language;
    // one that was passed by is as one that failed: there is nothing to speak
    const spoken = await speak([language]).catch(() => null);
    if (language !== this.#wanted) return; // another was wanted meanwhile
    this.mute = spoken === null;
    if (spoken === null) {
      this.#wanted = undefined; // with a tap or the next state it is tried again
      return;
    }
    this.desk.speak(spoken);
    this.spoken = spoken;
    this.lang = spoken; // it may not be the page's
    if (this.#hass) this.desk.hass = this.#hass;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.desk.connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.desk.disconnect();
  }

  readonly #redraw = (): void => this.requestUpdate();

  /** What is shown in place of a part that is not here yet; null once it is. */
  protected missing(part: Part): TemplateResult | null {
    return missing(part, this.#redraw);
  }

  /** Whoever points at a line will open it: its part is asked for before that. */
  readonly #soon = (): void => void need("case", this.#redraw);

  /** All of it, in the language that is spoken. */
  protected abstract page(): TemplateResult;

  /** What is shown of the home's requests. */
  protected abstract content(known: Known): TemplateResult;

  /** Open a case. */
  protected abstract open(caseId: string): void;

  /** Show where a case that cannot be found may be. */
  protected abstract history(): void;

  override render() {
    // another language draws all of it anew
    if (this.spoken !== null) return keyed(this.spoken, this.page());
    if (!this.mute) return nothing;
    return html`<p role="alert">
      <button type="button" @click=${() => this.#speak()}>${FAILED[spokenOf([this.#language])]}</button>
    </p>`;
  }

  protected readonly opened = (event: CustomEvent<string>): void => {
    retry("case");
    retry("map");
    this.open(event.detail);
  };

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
    return html`${accepting
      ? nothing
      : html`<p class="notice warning" data-testid="off">${panel.off}</p>`}
    ${approver
      ? html`<clip-consent-waiting
          .desk=${this.desk}
          .cases=${cases}
          @open=${this.opened}
          @pointerover=${this.#soon}
          @focusin=${this.#soon}
        ></clip-consent-waiting>`
      : html`<section data-testid="counts">
          <p><strong>${waiting === 0 ? panel.counts.none : count(panel.counts, waiting)}</strong></p>
          <p>${panel.notApprover}</p>
        </section>`}`;
  }

  protected case(known: Known, id: string): TemplateResult {
    const one = this.desk.find(id);
    const missing = this.missing(one ? "case" : "seek");
    if (missing) return missing;
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
