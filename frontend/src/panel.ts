/** The panel at /clip-consent. Home Assistant sets `hass`, `narrow`, `route` and `panel`. */

import { css, html, nothing, svg, type TemplateResult } from "lit";

import { define, shared } from "./components/element";
import { Door } from "./door";
import { readAddress, searchOf, tabsFor, type Address, type Tab } from "./model/address";
import type { Known } from "./model/cases";
import { panel } from "./strings/of_panel";

const MENU = svg`<path d="M3 6h18v2H3zm0 5h18v2H3zm0 5h18v2H3z"></path>`;
const BACK = svg`<path d="M20 11H7.8l5.6-5.6L12 4l-8 8 8 8 1.4-1.4L7.8 13H20z"></path>`;

/** Kept with a case's entry in the browser's history: the entry before it is the list. */
const FROM_LIST = { clipConsent: "from list" } as const;

function cameFromList(state: unknown): boolean {
  return (state as Partial<typeof FROM_LIST> | null)?.clipConsent === FROM_LIST.clipConsent;
}

export class Panel extends Door {
  static override properties = {
    ...Door.properties,
    narrow: { type: Boolean },
    address: { state: true },
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

      /* Back is where a line begins. */
      .back svg:dir(rtl) {
        transform: scaleX(-1);
      }

      nav {
        display: flex;
        overflow-x: auto;
      }

      nav button {
        flex: none;
        min-height: 48px;
        padding: 8px 16px;
        border-radius: 0;
        border-bottom: 3px solid transparent;
        font-weight: 500;
        white-space: nowrap;
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

  readonly #moved = (): void => {
    this.address = readAddress(location.search);
  };

  constructor() {
    super();
    this.narrow = false;
    this.address = readAddress(location.search);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("location-changed", this.#moved);
    addEventListener("popstate", this.#moved);
    this.#moved();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("location-changed", this.#moved);
    removeEventListener("popstate", this.#moved);
  }

  override updated(changed: Map<string, unknown>): void {
    const before = changed.get("address") as Address | undefined;
    if (before && before.caseId !== this.address.caseId) scrollTo(0, 0);
    // on a small screen not all tabs are to be seen at once
    this.renderRoot.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  #go(address: Address, { replace = false, state = {} } = {}): void {
    const url = `${location.pathname}${searchOf(address)}`;
    if (replace) history.replaceState(state, "", url);
    else history.pushState(state, "", url);
    dispatchEvent(new CustomEvent("location-changed", { detail: { replace } }));
  }

  protected override open(caseId: string): void {
    this.#go({ tab: this.address.tab, caseId }, { state: FROM_LIST });
  }

  /** To where the case was opened from; a case that a link led to has its list put in place. */
  #leave(): void {
    if (cameFromList(history.state)) history.back();
    else this.#go({ ...this.address, caseId: null }, { replace: true });
  }

  #choose(tab: Tab): void {
    this.desk.look = null; // the history is looked at anew
    this.desk.left = null;
    this.#go({ tab, caseId: null });
  }

  protected override history(): void {
    this.#go({ tab: "history", caseId: null });
  }

  #menu(): void {
    this.dispatchEvent(new Event("hass-toggle-menu", { bubbles: true, composed: true }));
  }

  /** A tab's name; of notices, how many there are too. */
  #name(tab: Tab): string {
    const n = tab === "notices" ? (this.known?.snapshot.notices ?? 0) : 0;
    return n === 0 ? panel.tabs[tab] : `${panel.tabs[tab]} (${n})`;
  }

  #header(tabs: readonly Tab[]): TemplateResult {
    // who may not see it is not in it, whatever link they came by
    const inCase = this.address.caseId !== null && this.known?.snapshot.approver !== false;
    return html`<header>
      <div class="bar">
        ${inCase
          ? html`<button
              type="button"
              class="back"
              aria-label=${panel.back}
              data-testid="back"
              @click=${() => this.#leave()}
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
            @click=${() => this.#choose(tab)}
          >
            ${this.#name(tab)}
          </button>`,
      )}
    </nav>`;
  }

  /** Who begins finds the way to a test where nothing else is. */
  #trial({ snapshot, cases }: Known): TemplateResult | typeof nothing {
    if (!snapshot.approver || cases.size > 0) return nothing;
    return html`<button type="button" data-testid="to-test" @click=${() => this.#choose("links")}>
      ${panel.list.trial}
    </button>`;
  }

  protected override content(known: Known): TemplateResult {
    const { approver, invites } = known.snapshot;
    const tabs = tabsFor(known.snapshot);
    const tab = tabs.includes(this.address.tab) ? this.address.tab : "requests";
    if (approver && this.address.caseId !== null) return this.case(known, this.address.caseId);
    if (tab === "requests") return html`${this.requests(known)} ${this.#trial(known)}`;
    const missing = this.missing(tab);
    if (missing) return missing;
    switch (tab) {
      case "notices":
        return html`<clip-consent-notices .desk=${this.desk} @open=${this.opened}></clip-consent-notices>`;
      case "history":
        return html`<clip-consent-history .desk=${this.desk} @open=${this.opened}></clip-consent-history>`;
      case "neighbours":
        return html`<clip-consent-neighbours
          .desk=${this.desk}
          .heard=${known.heard}
          .approver=${approver}
        ></clip-consent-neighbours>`;
      case "ledger":
        return html`<clip-consent-ledger
          .desk=${this.desk}
          .links=${approver}
          @open=${this.opened}
        ></clip-consent-ledger>`;
      case "rules":
        return html`<clip-consent-rules
          .desk=${this.desk}
          .admin=${known.snapshot.admin}
          .links=${approver}
          @open=${this.opened}
        ></clip-consent-rules>`;
      case "links":
        return html`<clip-consent-links
          .desk=${this.desk}
          .invites=${invites}
          @open=${this.opened}
        ></clip-consent-links>`;
    }
  }

  protected override page(): TemplateResult {
    return html`${this.#header(this.known ? tabsFor(this.known.snapshot) : [])}
      <main>${this.inside()}</main>`;
  }
}

define("clip-consent-panel", Panel);
