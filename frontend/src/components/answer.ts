/** Answering in words: written here, shown once more as a draft, sent after Approve. */

import { html } from "lit";

import { characters, clean, LIMITS } from "../model/ask_form";
import { fill } from "../model/fill";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";

const texts = panel.answer;

export class Answer extends DeskElement {
  static override properties = { ...DeskElement.properties, caseId: { attribute: false } };
  static override styles = shared;

  declare caseId: string;

  async #prepare(): Promise<void> {
    const field = this.renderRoot.querySelector("textarea");
    const text = clean(field?.value ?? "");
    if (text === "") {
      this.fault = texts.needed;
      field?.focus();
    } else if (characters(text) > LIMITS.text) {
      this.fault = fill(texts.tooLong, { most: LIMITS.text });
    } else if (await this.attempt(() => this.desk.call("answer", { case_id: this.caseId, text }))) {
      if (field) field.value = "";
    }
  }

  override render() {
    return html`<label for="text">${texts.text}</label>
      <textarea id="text" rows="4" aria-describedby="hint" data-testid="answer-text"></textarea>
      <p id="hint" class="soft">${texts.hint}</p>
      ${this.faultView()}
      <div class="buttons">
        <button
          type="button"
          data-testid="answer-prepare"
          ?disabled=${this.working}
          @click=${() => this.#prepare()}
        >
          ${texts.prepare}
        </button>
      </div>`;
  }
}

define("clip-consent-answer", Answer);
