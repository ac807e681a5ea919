/** A case that is not open any more: looked for among those that are over. */

import { html, nothing } from "lit";

import "../door";
import type { Cursor } from "../model/answers";
import { COMMANDS } from "../model/commands";
import type { Found } from "../model/history";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";

/** How far back a case is looked for, in pages of the most that is given at once. */
const PAGES = 20;
const PAGE = 50;

/** Fires `found` once the desk knows the case, `history` to go and look by hand. */
export class Seek extends DeskElement {
  static override properties = { ...DeskElement.properties, caseId: { attribute: false } };
  static override styles = shared;

  declare caseId: string;
  #looked = false;

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("caseId")) void this.#look();
  }

  async #look(): Promise<void> {
    this.#looked = false;
    await this.attempt(() => this.#seek());
    this.#looked = true;
    this.requestUpdate();
    if (this.desk.find(this.caseId)) this.dispatchEvent(new Event("found"));
  }

  /** Newest first, until it is known or there is no more. */
  async #seek(): Promise<void> {
    let before: Cursor | null = null;
    for (let page = 0; page < PAGES && !this.desk.find(this.caseId); page += 1) {
      const found: Found = await this.desk.call(COMMANDS.history, { before, limit: PAGE });
      this.desk.remember(found.cases);
      if (found.next === null) return;
      before = found.next;
    }
  }

  override render() {
    if (!this.#looked) return html`<p>${panel.loading}</p>`;
    return html`<section data-testid="gone">
      ${this.fault === null ? html`<p>${panel.one.gone}</p>` : nothing} ${this.faultView()}
      <div class="buttons">
        <button
          type="button"
          data-testid="to-history"
          @click=${() => this.dispatchEvent(new Event("history"))}
        >
          ${panel.one.toHistory}
        </button>
      </div>
    </section>`;
  }
}

define("clip-consent-seek", Seek);
