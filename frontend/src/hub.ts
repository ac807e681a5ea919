/** The panel of a hub's moderators, at /clip-consent-hub. Home Assistant sets `hass` and `narrow`. */

import { html, LitElement, nothing, svg, type TemplateResult } from "lit";

import { define, row, shared } from "./components/element";
import type { Hass } from "./hass";
import { BLANK, noticeView, type Draft } from "./hub/notice";
import { postedView, type Heard } from "./hub/posted";
import { CLOSED, loadRecord, recordView, type Record } from "./hub/record";
import { style } from "./hub/style";
import { waitingView, type Asked, type Tools } from "./hub/waiting";
import { faultOf, faultText } from "./model/errors";
import { fill } from "./model/fill";
import { bytes, type Manner } from "./model/format";
import { hubCommand, readComments, readHub, wantedItem, type HubState } from "./model/hub";
import { spokenOf, type LanguageName } from "./model/language";
import { mannerOf } from "./model/manner";
import { HUB, type HubTexts } from "./strings/hub";

const MENU = svg`<path d="M3 6h18v2H3zm0 5h18v2H3zm0 5h18v2H3z"></path>`;

export class HubPanel extends LitElement {
  static override properties = {
    narrow: { type: Boolean },
    hub: { state: true },
    fault: { state: true },
    done: { state: true },
    asked: { state: true },
    draft: { state: true },
    record: { state: true },
    heard: { state: true },
    working: { state: true },
    language: { state: true },
  };

  static override styles = [shared, style];

  declare narrow: boolean;
  declare hub: HubState | null;
  declare fault: string | null;
  declare done: string | null;
  declare asked: Asked;
  declare draft: Draft;
  declare record: Record;
  declare heard: Heard;
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
    this.draft = BLANK;
    this.record = CLOSED;
    this.heard = null;
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

  get #texts(): HubTexts {
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

  /** Open the comments on a notice; they are kept for as long as the panel shows them. */
  async #hear(id: string): Promise<void> {
    if (this.working || !this.#hass) return;
    this.working = true;
    this.fault = this.done = null;
    try {
      const type = hubCommand("comments");
      const answer = await this.#hass.callWS({ type, language: this.language, notice_id: id });
      this.heard = { id, comments: readComments(answer) };
    } catch (error) {
      this.fault = this.#text(error);
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

  get #tools(): Tools {
    return {
      texts: this.#texts,
      manner: this.#manner,
      working: this.working,
      call: (type, fields, done) => this.#do(type, fields, done),
    };
  }

  async #load(): Promise<void> {
    this.record = { ...this.record, state: "loading" };
    this.record = await loadRecord(fetch.bind(globalThis));
  }

  #content(hub: HubState): TemplateResult {
    if (!hub.moderator) return html`<p>${this.#texts.nobody}</p>`;
    const tools = this.#tools;
    const ask = (asked: Asked): void => {
      this.done = null;
      this.asked = asked;
    };
    const wanted = wantedItem(location.search);
    return html`<h2>${this.#texts.waiting}</h2>
      ${hub.waiting.length === 0
        ? html`<p data-testid="empty">${this.#texts.empty}</p>`
        : hub.waiting.map((one) => waitingView(one, wanted === one.id, { ...tools, asked: this.asked, ask }))}
      ${postedView(hub.notices, {
        ...tools,
        asked: this.asked,
        ask,
        heard: this.heard,
        hear: (id) => void this.#hear(id),
      })}
      ${noticeView(hub, this.draft, (draft) => (this.draft = draft), tools)}
      ${recordView({
        ...tools,
        record: this.record,
        change: (record) => (this.record = record),
        load: () => void this.#load(),
      })}`;
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
