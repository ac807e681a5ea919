/** Answering in words: written here, shown once more as a draft, sent after Approve. */

import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";

import { characters, clean, LIMITS } from "../model/ask_form";
import { COMMANDS } from "../model/commands";
import { fill } from "../model/fill";
import { identityOf, wordsOf, type Identity } from "../model/identity";
import type { Case } from "../model/wire";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";
import "./identity";

const texts = panel.answer;

/** Fires `prepared` once what was written is on its way to be shown. */
export class Answer extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    identity: { state: true },
  };

  static override styles = shared;

  declare one: Case;
  /** Null until it is touched: then as with the draft. */
  declare identity: Identity | null;

  constructor() {
    super();
    this.identity = null;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get("one") as Case | undefined;
    if (before && before.case_id !== this.one.case_id) this.identity = null;
  }

  get #identity(): Identity {
    return this.identity ?? identityOf(this.one, this.desk.identities.get(this.one.case_id));
  }

  /** Kept outside: whatever another approver does meanwhile, it is there again. */
  get #typed(): string {
    return this.desk.typed.get(this.one.case_id) ?? "";
  }

  async #prepare(): Promise<void> {
    const field = this.renderRoot.querySelector("textarea");
    const text = clean(this.#typed);
    const identity = wordsOf(this.#identity);
    if (text === "") {
      this.fault = texts.needed;
      field?.focus();
    } else if (characters(text) > LIMITS.text) {
      this.fault = fill(texts.tooLong, { most: LIMITS.text });
    } else if (identity === null) {
      this.fault = panel.identity.needed;
    } else {
      await this.#send(text, identity);
    }
  }

  async #send(text: string, identity: string): Promise<void> {
    const id = this.one.case_id;
    this.desk.identities.set(id, identity);
    const sent = await this.attempt(() =>
      this.desk.call(COMMANDS.answer, { case_id: id, text, identity }),
    );
    if (!sent) return;
    this.identity = null;
    this.desk.typed.delete(id);
    this.dispatchEvent(new Event("prepared"));
  }

  /** What becomes of a clip that is prepared. */
  #instead(): string {
    const { draft, state, request } = this.one;
    if (draft?.text !== null || state !== "waiting") return "";
    return request.way === "put" ? texts.oneFile : texts.instead;
  }

  override render() {
    return html`<label for="text">${texts.text}</label>
      <textarea
        id="text"
        rows="4"
        aria-describedby="hint"
        data-testid="answer-text"
        .value=${live(this.#typed)}
        @input=${(event: Event) => {
          this.desk.typed.set(this.one.case_id, (event.target as HTMLTextAreaElement).value);
        }}
      ></textarea>
      <p id="hint" class="soft">${texts.hint} ${this.#instead()}</p>
      ${this.one.request.way === "hand_over"
        ? nothing
        : html`<clip-consent-identity
            .identity=${this.#identity}
            @said=${(event: CustomEvent<Identity>) => (this.identity = event.detail)}
          ></clip-consent-identity>`}
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
