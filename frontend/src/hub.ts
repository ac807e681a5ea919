/** The panel of a hub's moderators, at /clip-consent-hub. Home Assistant sets `hass` and `narrow`. */

import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";

import { define, row, shared } from "./components/element";
import type { Hass } from "./hass";
import { faultOf, faultText } from "./model/errors";
import { fill } from "./model/fill";
import { bytes, dayAndClock, metres, spanText, type Manner } from "./model/format";
import { hubCommand, placeOf, readHub, REASONS, wantedItem, type HubState, type Reason, type Waiting } from "./model/hub";
import { spokenOf, type LanguageName } from "./model/language";
import { mannerOf } from "./model/manner";
import { HUB } from "./strings/hub";

const MENU = svg`<path d="M3 6h18v2H3zm0 5h18v2H3zm0 5h18v2H3z"></path>`;

type Asked = { readonly id: string; readonly what: "publish" | "refuse" } | null;

export class HubPanel extends LitElement {
  static override properties = {
    narrow: { type: Boolean },
    hub: { state: true },
    fault: { state: true },
    done: { state: true },
    asked: { state: true },
    working: { state: true },
    language: { state: true },
  };

  static override styles = [
    shared,
    css`
      :host {
        min-height: 100vh;
        background: var(--ground);
        font-family: var(--ha-font-family-body, Roboto, system-ui, sans-serif);
      }

      header {
        position: sticky;
        top: 0;
        z-index: 1;
        display: flex;
        gap: 4px;
        align-items: center;
        min-height: var(--header-height, 56px);
        padding: 0 8px;
        background: var(--app-header-background-color, var(--accent));
        color: var(--app-header-text-color, #fff);
      }

      h1 {
        margin: 0 8px;
        font-size: 1.25rem;
        font-weight: 400;
      }

      header button {
        width: 48px;
        min-height: 48px;
        padding: 0;
        border-color: transparent;
        color: inherit;
      }

      svg {
        width: 24px;
        height: 24px;
        fill: currentcolor;
      }

      main {
        max-width: 800px;
        margin: 0 auto;
        padding: 16px;
      }

      section > h3 {
        margin-top: 0;
      }

      section[data-wanted] {
        border-color: var(--accent-words);
      }

      form > * {
        margin-bottom: 12px;
      }
    `,
  ];

  declare narrow: boolean;
  declare hub: HubState | null;
  declare fault: string | null;
  declare done: string | null;
  declare asked: Asked;
  declare working: boolean;
  declare language: LanguageName;

  #hass: Hass | null = null;
  #leave: (() => Promise<void>) | null = null;
  #following = false;

  constructor() {
    super();
    this.narrow = false;
    this.hub = null;
    this.fault = null;
    this.done = null;
    this.asked = null;
    this.working = false;
    this.language = "en";
  }

  /** Not a property that redraws: it is set with every state that changes anywhere. */
  set hass(hass: Hass) {
    this.#hass = hass;
    this.language = spokenOf([hass.locale?.language ?? "en"]);
    void this.#follow();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    void this.#leave?.();
    this.#leave = null;
  }

  get #texts(): (typeof HUB)["en"] {
    return HUB[this.language];
  }

  get #manner(): Manner {
    return mannerOf(this.#hass?.locale, Intl.DateTimeFormat().resolvedOptions().timeZone);
  }

  /** Hear what waits; Home Assistant's connection asks again by itself after a break. */
  async #follow(): Promise<void> {
    if (!this.#hass || this.#leave || this.#following || !this.isConnected) return;
    this.#following = true;
    try {
      const leave = await this.#hass.connection.subscribeMessage((message) => this.#told(message), {
        type: "clip_consent/hub/subscribe",
        language: this.language,
      });
      this.#leave = leave;
      if (!this.shadowRoot?.isConnected) this.disconnectedCallback(); // it went meanwhile
    } catch (error) {
      this.fault = this.#text(error);
    } finally {
      this.#following = false;
    }
  }

  #told(message: unknown): void {
    try {
      this.hub = readHub(message);
    } catch {
      this.fault = this.#texts.strange;
    }
  }

  #text(error: unknown): string {
    const { offline, strange, unknown } = this.#texts;
    return faultText(faultOf(error), { no_connection: offline, strange_answer: strange, unknown });
  }

  /** Decide something; whether it worked is said, and what waits comes by itself. */
  async #do(type: string, fields: object, done: string | null = null): Promise<boolean> {
    if (this.working || !this.#hass) return false;
    this.working = true;
    this.fault = this.done = null;
    try {
      await this.#hass.callWS({ type, language: this.language, ...fields });
      this.done = done;
      this.asked = null;
      return true;
    } catch (error) {
      this.fault = this.#text(error);
      return false;
    } finally {
      this.working = false;
    }
  }

  #menu(): void {
    this.dispatchEvent(new Event("hass-toggle-menu", { bubbles: true, composed: true }));
  }

  #header(): TemplateResult {
    return html`<header>
      ${this.narrow
        ? html`<button type="button" aria-label=${this.#texts.menu} @click=${() => this.#menu()}>
            <svg viewBox="0 0 24 24" aria-hidden="true">${MENU}</svg>
          </button>`
        : nothing}
      <h1>${this.hub?.name ?? ""}</h1>
    </header>`;
  }

  #about(hub: HubState): TemplateResult {
    const texts = this.#texts;
    const { locale } = this.#manner;
    const { waiting, open, drop_use: used, drop_max: most } = hub.counts;
    return html`<section data-testid="about">
      <dl>
        ${row(texts.counts.waiting, waiting)} ${row(texts.counts.open, open)}
        ${row(texts.counts.drops, fill(texts.drops, { used: bytes(used, locale), most: bytes(most, locale) }))}
        ${row(texts.page, html`<a href=${hub.url} target="_blank" rel="noreferrer">${hub.url}</a>`)}
        ${row(texts.words, html`<span class="digest" data-testid="words">${hub.words}</span>
          <small>${texts.wordsHelp}</small>`)}
      </dl>
      ${hub.external ? nothing : html`<p class="notice warning">${texts.local}</p>`}
      ${hub.moderator && hub.requesters === 0
        ? html`<p class="notice" data-testid="no-requesters">${texts.noRequesters}</p>`
        : nothing}
    </section>`;
  }

  #facts(one: Waiting): TemplateResult {
    const texts = this.#texts;
    const { facts } = texts;
    const who = one.requester;
    const place = one.area && placeOf(one.area);
    const name = who
      ? [texts.who[who.kind], who.name, who.organisation].filter((part) => part !== "").join(", ")
      : texts.neighbour;
    const optional = (label: string, value: string): TemplateResult | typeof nothing =>
      value === "" ? nothing : row(label, value);
    return html`<dl>
      ${row(facts.from, name)} ${optional(facts.verified, who?.verified_how ?? "")}
      ${optional(facts.contact, one.contact)} ${optional(facts.caseNumber, one.case_number)}
      ${one.start === null || one.end === null
        ? nothing
        : row(facts.window, spanText(one.start, one.end, this.#manner))}
      ${place
        ? row(
            facts.area,
            place.reach === null
              ? fill(texts.drawn, { middle: place.middle })
              : fill(texts.around, { middle: place.middle, metres: metres(place.reach, this.#manner.locale) }),
          )
        : nothing}
      ${optional(facts.cells, one.cells.join(", "))} ${optional(facts.about, one.about ?? "")}
      ${row(facts.submitted, dayAndClock(one.submitted_at, this.#manner))}
    </dl>`;
  }

  #ask(what: "publish" | "refuse", id: string): void {
    this.done = null;
    this.asked = { what, id };
  }

  #cancel(): TemplateResult {
    return html`<button type="button" class="plain" @click=${() => (this.asked = null)}>
      ${this.#texts.cancel}
    </button>`;
  }

  #buttons(one: Waiting): TemplateResult {
    const texts = this.#texts;
    if (this.asked?.id !== one.id) {
      return html`<div class="buttons">
        <button type="button" class="primary" data-testid="publish" @click=${() => this.#ask("publish", one.id)}>
          ${texts.publish}
        </button>
        <button type="button" class="danger" data-testid="refuse" @click=${() => this.#ask("refuse", one.id)}>
          ${texts.refuse}
        </button>
      </div>`;
    }
    if (this.asked.what === "publish") {
      return html`<p>${texts.publishAsk}</p>
        <div class="buttons">
          <button
            type="button"
            class="primary"
            data-testid="really-publish"
            ?disabled=${this.working}
            @click=${() => this.#do(hubCommand("publish"), { item_id: one.id })}
          >
            ${texts.reallyPublish}
          </button>
          ${this.#cancel()}
        </div>`;
    }
    return this.#refusing(one);
  }

  #refusing(one: Waiting): TemplateResult {
    const texts = this.#texts;
    const refuse = (event: SubmitEvent): void => {
      event.preventDefault();
      const reason = new FormData(event.target as HTMLFormElement).get("reason") as Reason;
      void this.#do(hubCommand("refuse"), { item_id: one.id, reason });
    };
    return html`<form @submit=${refuse}>
      <p>${texts.refuseAsk}</p>
      <div>
        <label for="reason">${texts.reason}</label>
        <select id="reason" name="reason" data-testid="reason">
          ${REASONS.map((reason) => html`<option value=${reason}>${texts.reasons[reason]}</option>`)}
        </select>
      </div>
      <div class="buttons">
        <button type="submit" class="danger" data-testid="really-refuse" ?disabled=${this.working}>
          ${texts.reallyRefuse}
        </button>
        ${this.#cancel()}
      </div>
    </form>`;
  }

  #item(one: Waiting): TemplateResult {
    const wanted = wantedItem(location.search) === one.id;
    return html`<section data-testid="item" ?data-wanted=${wanted}>
      <h3>${one.title === "" ? this.#texts.kinds[one.kind] : one.title}</h3>
      ${one.title === "" ? nothing : html`<p class="soft">${this.#texts.kinds[one.kind]}</p>`}
      <p class="words" dir="auto">${one.text}</p>
      ${this.#facts(one)} ${this.#buttons(one)}
    </section>`;
  }

  #notice(): TemplateResult {
    const texts = this.#texts;
    const post = async (event: SubmitEvent): Promise<void> => {
      event.preventDefault();
      const form = event.target as HTMLFormElement;
      const { title, text } = Object.fromEntries(new FormData(form)) as { title: string; text: string };
      if (await this.#do(hubCommand("post_notice"), { title, text }, texts.posted)) form.reset();
    };
    return html`<section class="fold">
      <details>
        <summary>${texts.notice}</summary>
        <form @submit=${post} data-testid="notice">
          <p>${texts.noticeHelp}</p>
          <div>
            <label for="title">${texts.noticeTitle}</label>
            <input id="title" name="title" maxlength="127" required>
          </div>
          <div>
            <label for="text">${texts.noticeText}</label>
            <textarea id="text" name="text" rows="4" maxlength="2000" required></textarea>
          </div>
          <button type="submit" ?disabled=${this.working}>${texts.post}</button>
        </form>
      </details>
    </section>`;
  }

  #redaction(): TemplateResult {
    const texts = this.#texts;
    const redact = async (event: SubmitEvent): Promise<void> => {
      event.preventDefault();
      const form = event.target as HTMLFormElement;
      const { n, why } = Object.fromEntries(new FormData(form)) as { n: string; why: string };
      if (await this.#do(hubCommand("redact"), { n: Number(n), why }, texts.redacted)) form.reset();
    };
    return html`<section class="fold">
      <details>
        <summary>${texts.redact}</summary>
        <form @submit=${redact} data-testid="redact">
          <p>${texts.redactHelp}</p>
          <div>
            <label for="n">${texts.number}</label>
            <input id="n" name="n" type="number" min="1" step="1" required>
          </div>
          <div>
            <label for="why">${texts.why}</label>
            <textarea id="why" name="why" rows="2" maxlength="2000" required></textarea>
          </div>
          <button type="submit" class="danger" ?disabled=${this.working}>${texts.redact}</button>
        </form>
      </details>
    </section>`;
  }

  #content(hub: HubState): TemplateResult {
    if (!hub.moderator) return html`<p>${this.#texts.nobody}</p>`;
    return html`<h2>${this.#texts.waiting}</h2>
      ${hub.waiting.length === 0
        ? html`<p data-testid="empty">${this.#texts.empty}</p>`
        : hub.waiting.map((one) => this.#item(one))}
      ${this.#notice()} ${this.#redaction()}`;
  }

  override render() {
    const { hub } = this;
    return html`${this.#header()}
      <main lang=${this.language}>
        ${this.fault === null
          ? nothing
          : html`<p class="notice error" role="alert" data-testid="fault">${this.fault}</p>`}
        ${this.done === null ? nothing : html`<p class="notice" role="status" data-testid="done">${this.done}</p>`}
        ${hub
          ? html`${this.#content(hub)} ${this.#about(hub)}`
          : this.fault === null
            ? html`<p>${this.#texts.loading}</p>`
            : nothing}
      </main>`;
  }
}

define("clip-consent-hub-panel", HubPanel);
