/** A case that is not open any more: looked for among those that are over. */

import { html, nothing } from "lit";

import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";

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
    await this.attempt(() => this.desk.seek(this.caseId));
    this.#looked = true;
    this.requestUpdate();
    if (this.desk.find(this.caseId)) this.dispatchEvent(new Event("found"));
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
