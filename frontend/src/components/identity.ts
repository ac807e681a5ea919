/** Saying who one is: a tick, and with it a line of one's own words. */

import { html, LitElement, nothing } from "lit";

import { IDENTITY_MAX, type Identity } from "../model/identity";
import { panel } from "../strings/of_panel";
import { define, shared } from "./element";

const texts = panel.identity;

/** Tells every change by `said`; whoever shows it keeps what it says. */
export class IdentityField extends LitElement {
  static override properties = { identity: { attribute: false }, hint: { attribute: false } };
  static override styles = shared;

  declare identity: Identity;
  /** Who reads it; null: the one who asked. */
  declare hint: string | null;

  constructor() {
    super();
    this.hint = null;
  }

  #say(identity: Identity): void {
    this.dispatchEvent(new CustomEvent<Identity>("said", { detail: identity }));
  }

  override render() {
    const { identity } = this;
    return html`<label class="tick">
        <input
          type="checkbox"
          data-testid="identity-tick"
          .checked=${identity.said}
          @change=${() => this.#say({ ...identity, said: !identity.said })}
        >
        ${texts.tick}
      </label>
      ${identity.said
        ? html`<label for="identity">${texts.label}</label>
            <input
              id="identity"
              type="text"
              autocomplete="off"
              maxlength=${IDENTITY_MAX}
              .value=${identity.text}
              aria-describedby="hint"
              data-testid="identity-text"
              @input=${(event: Event) =>
                this.#say({ said: true, text: (event.target as HTMLInputElement).value })}
            >
            <p id="hint" class="soft">${this.hint ?? texts.hint}</p>`
        : nothing}`;
  }
}

define("clip-consent-identity", IdentityField);
