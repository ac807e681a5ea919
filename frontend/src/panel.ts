/** The panel at /clip-consent. Home Assistant sets `hass`, `narrow`, `route` and `panel`. */

import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";

import "./components/case";
import { define, shared } from "./components/element";
import "./components/ledger";
import "./components/links";
import "./components/lists";
import "./components/seek";
import { Desk } from "./desk";
import type { Hass } from "./hass";
import { readAddress, searchOf, tabsFor, type Address, type Tab } from "./model/address";
import type { Known } from "./model/cases";
import { count } from "./model/fill";
import { panel, speak } from "./strings/spoken";

const MENU = svg`<path d="M3 6h18v2H3zm0 5h18v2H3zm0 5h18v2H3z"></path>`;
const BACK = svg`<path d="M20 11H7.8l5.6-5.6L12 4l-8 8 8 8 1.4-1.4L7.8 13H20z"></path>`;

export class Panel extends LitElement {
  static override properties = {
    narrow: { type: Boolean },
    address: { state: true },
    known: { state: true },
    trouble: { state: true },
    online: { state: true },
    spoken: { state: true },
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
        background: var(--app-header-background-color, var(--accent));
        color: var(--app-header-text-color, #fff);
      }

      .bar {
        display: flex;
        gap: 4px;
        align-items: center;
        min-height: var(--header-height, 56px);
        padding: 0 8px;
      }

      h1 {
        margin: 0 8px;
        font-size: 1.25rem;
        font-weight: 400;
      }

      header button {
        border-color: transparent;
        color: inherit;
      }

      .bar button {
        width: 48px;
        min-height: 48px;
        padding: 0;
      }

      header :focus-visible {
        outline-color: currentcolor;
        outline-offset: -4px;
      }

      svg {
        width: 24px;
        height: 24px;
        fill: currentcolor;
      }

      nav {
        display: flex;
        overflow-x: auto;
      }

      nav button {
        min-height: 48px;
        padding: 8px 16px;
        border-radius: 0;
        border-bottom: 3px solid transparent;
        font-weight: 500;
        opacity: 0.8;
      }

      nav button[aria-current] {
        border-bottom-color: currentcolor;
        opacity: 1;
      }

      main {
        max-width: 800px;
        margin: 0 auto;
        padding: 16px;
      }

      @media (max-width: 360px) {
        main {
          padding: 8px;
        }

        nav button {
          padding: 8px 10px;
        }
      }
    `,
  ];

  declare narrow: boolean;
  declare address: Address;
  declare known: Known | null;
  declare trouble: string | null;
  declare online: boolean;
  /** The language of the texts; nothing is shown before it is known. */
  declare spoken: string | null;

  #wanted: string | undefined;

  readonly #desk = new Desk(() => {
    this.known = this.#desk.known;
    this.trouble = this.#desk.trouble;
    this.online = this.#desk.online;
  });

  readonly #moved = (): void => {
    this.address = readAddress(location.search);
  };

  constructor() {
    super();
    this.narrow = false;
    this.known = null;
    this.trouble = null;
    this.online = true;
    this.spoken = null;
    this.address = readAddress(location.search);
  }

  /** Not a property that redraws: it is set with every state that changes anywhere. */
  set hass(hass: Hass) {
    this.#desk.hass = hass;
    void this.#speak(hass.locale?.language ?? "en");
  }

  async #speak(language: string): Promise<void> {
    if (language === this.#wanted) return;
    this.#wanted = language;
    this.spoken = await speak([language]);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("location-changed", this.#moved);
    addEventListener("popstate", this.#moved);
    this.#moved();
    this.#desk.connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("location-changed", this.#moved);
    removeEventListener("popstate", this.#moved);
    this.#desk.disconnect();
  }

  override updated(changed: Map<string, unknown>): void {
    const before = changed.get("address") as Address | undefined;
    if (before && before.caseId !== this.address.caseId) scrollTo(0, 0);
  }

  #go(address: Address): void {
    history.pushState(null, "", `${location.pathname}${searchOf(address)}`);
    dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
  }

  readonly #open = (event: CustomEvent<string>): void => {
    this.#go({ tab: this.address.tab, caseId: event.detail });
  };

  #menu(): void {
    this.dispatchEvent(new Event("hass-toggle-menu", { bubbles: true, composed: true }));
  }

  #header(tabs: readonly Tab[]): TemplateResult {
    const { caseId, tab } = this.address;
    const inCase = caseId !== null;
    return html`<header>
      <div class="bar">
        ${inCase
          ? html`<button
              type="button"
              aria-label=${panel.back}
              data-testid="back"
              @click=${() => this.#go({ tab, caseId: null })}
            >
              <svg viewBox="0 0 24 24" aria-hidden="true">${BACK}</svg>
            </button>`
          : this.narrow
            ? html`<button
                type="button"
                aria-label=${panel.menu}
                data-testid="menu"
                @click=${() => this.#menu()}
              >
                <svg viewBox="0 0 24 24" aria-hidden="true">${MENU}</svg>
              </button>`
            : nothing}
        <h1>${panel.title}</h1>
      </div>
      ${inCase || tabs.length < 2 ? nothing : this.#tabs(tabs)}
    </header>`;
  }

  #tabs(tabs: readonly Tab[]): TemplateResult {
    return html`<nav>
      ${tabs.map(
        (tab) =>
          html`<button
            type="button"
            aria-current=${tab === this.address.tab ? "page" : nothing}
            data-testid="tab-${tab}"
            @click=${() => this.#go({ tab, caseId: null })}
          >
            ${panel.tabs[tab]}
          </button>`,
      )}
    </nav>`;
  }

  #content(known: Known, tabs: readonly Tab[]): TemplateResult {
    const { approver, invites } = known.snapshot;
    const tab = tabs.includes(this.address.tab) ? this.address.tab : "requests";
    if (approver && this.address.caseId !== null) return this.#case(known, this.address.caseId);
    switch (tab) {
      case "history":
        return html`<clip-consent-history .desk=${this.#desk} @open=${this.#open}></clip-consent-history>`;
      case "ledger":
        return html`<clip-consent-ledger
          .desk=${this.#desk}
          .links=${approver}
          @open=${this.#open}
        ></clip-consent-ledger>`;
      case "links":
        return html`<clip-consent-links
          .desk=${this.#desk}
          .invites=${invites}
          @open=${this.#open}
        ></clip-consent-links>`;
      case "requests":
        return this.#requests(known);
    }
  }

  #requests({ snapshot, cases }: Known): TemplateResult {
    const { accepting, approver, waiting } = snapshot;
    return html`${accepting
      ? nothing
      : html`<p class="notice warning" data-testid="off">${panel.off}</p>`}
    ${approver
      ? html`<clip-consent-waiting
          .desk=${this.#desk}
          .cases=${cases}
          @open=${this.#open}
        ></clip-consent-waiting>`
      : html`<section data-testid="counts">
          <p><strong>${waiting === 0 ? panel.counts.none : count(panel.counts, waiting)}</strong></p>
          <p>${panel.notApprover}</p>
        </section>`}`;
  }

  #case(known: Known, id: string): TemplateResult {
    const one = this.#desk.find(id);
    if (one) {
      return html`<clip-consent-case
        .desk=${this.#desk}
        .one=${one}
        .progress=${known.progress.get(id) ?? null}
      ></clip-consent-case>`;
    }
    return html`<clip-consent-seek
      .desk=${this.#desk}
      .caseId=${id}
      @found=${() => this.requestUpdate()}
      @history=${() => this.#go({ tab: "history", caseId: null })}
    ></clip-consent-seek>`;
  }

  override render() {
    // another language draws all of it anew
    return this.spoken === null ? nothing : keyed(this.spoken, this.#page());
  }

  #page(): TemplateResult {
    const { known, trouble } = this;
    const tabs = known ? tabsFor(known.snapshot) : [];
    return html`${this.#header(tabs)}
      <main>
        ${this.online
          ? nothing
          : html`<p class="notice warning" role="status" data-testid="offline">${panel.offline}</p>`}
        ${trouble === null
          ? nothing
          : html`<div class="notice error" role="alert" data-testid="trouble">
              <p>${trouble}</p>
              <button type="button" @click=${() => this.#desk.reconnect()}>${panel.retry}</button>
            </div>`}
        ${known ? this.#content(known, tabs) : trouble === null ? html`<p>${panel.loading}</p>` : nothing}
      </main>`;
  }
}

define("clip-consent-panel", Panel);
