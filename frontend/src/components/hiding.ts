/** What of the picture is hidden, and the way to hide more. */

import { html, nothing, type TemplateResult } from "lit";

import { missing } from "../missing";
import { count } from "../model/fill";
import { alwaysOn, beside, needed } from "../model/masks";
import type { Choice } from "../model/picker";
import type { Case, Region } from "../model/wire";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";

const texts = panel.hiding;

/** Fires `drawn` with all regions that were drawn. */
export class Hiding extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    choice: { attribute: false },
    open: { state: true },
  };

  static override styles = shared;

  declare one: Case;
  declare choice: Choice;
  declare open: boolean;

  constructor() {
    super();
    this.open = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get("one") as Case | undefined;
    // what was drawn is in the clip now
    if (before && before.draft?.sha256 !== this.one.draft?.sha256) this.open = false;
  }

  #editor(): TemplateResult | typeof nothing {
    if (!this.open) return nothing;
    return (
      missing("masks", () => this.requestUpdate()) ??
      html`<clip-consent-masks
        .desk=${this.desk}
        .one=${this.one}
        .choice=${this.choice}
        @drawn=${(event: CustomEvent<readonly Region[]>) =>
          this.dispatchEvent(new CustomEvent("drawn", { detail: event.detail }))}
      ></clip-consent-masks>`
    );
  }

  override render() {
    const { masks, camera } = this.choice;
    const always = alwaysOn(this.desk.known?.snapshot.cameras ?? [], camera);
    const hidden = always.length + beside(masks, always).length;
    const wanted = needed(this.one, masks, always);
    return html`${wanted
        ? html`<p class="notice warning" role="status" data-testid="masks-needed">${texts.needed}</p>`
        : nothing}
      <div class="buttons">
        <button
          type="button"
          class=${wanted && !this.open ? "primary" : ""}
          aria-expanded=${this.open}
          data-testid="hide"
          @click=${() => (this.open = !this.open)}
        >
          ${this.open ? texts.close : texts.open}
        </button>
        <span role="status" class="soft" data-testid="hidden"
          >${hidden === 0 ? nothing : count(texts.regions, hidden)}</span
        >
      </div>
      ${this.#editor()}`;
  }
}

define("clip-consent-hiding", Hiding);
