/** What was added to an own request, how it stands, and a form for more. */

import { css, html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import { clean } from "../model/ask_form";
import { COMMANDS } from "../model/commands";
import { word } from "../model/fill";
import { dayAndClock } from "../model/format";
import type { OwnNote, OwnRequest } from "../model/neighbours";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";

const texts = panel.neighbours;

/** Fires `noted` with the request as it is now. */
export class OwnNotes extends DeskElement {
  static override properties = { ...DeskElement.properties, one: { attribute: false } };

  static override styles = [
    shared,
    css`
      .words {
        margin-bottom: 4px;
      }
    `,
  ];

  declare one: OwnRequest;

  /** Where what is typed is kept until it is sent. */
  get #key(): string {
    return `note ${this.one.request_id}`;
  }

  async #send(): Promise<void> {
    const text = clean(this.desk.typed.get(this.#key) ?? "");
    if (text === "") {
      this.fault = texts.noteBlank;
      this.renderRoot.querySelector("textarea")?.focus();
      return;
    }
    await this.attempt(async () => {
      const fields = { request_id: this.one.request_id, text };
      const { request } = await this.desk.call(COMMANDS.noteOwnRequest, fields);
      this.desk.typed.delete(this.#key);
      this.dispatchEvent(new CustomEvent("noted", { detail: request }));
    });
  }

  #note(note: OwnNote): TemplateResult {
    const when = dayAndClock(note.written_at, this.desk.manner);
    return html`<div data-testid="own-note">
      <p class="words">${note.text}</p>
      <p class="soft">${when}. ${note.problem_text ?? word(texts.noteStates, note.state)}</p>
    </div>`;
  }

  #form(): TemplateResult {
    const typed = this.desk.typed.get(this.#key) ?? "";
    return html`<details data-testid="own-noting" ?open=${typed !== ""}>
      <summary>${texts.note}</summary>
      <label for="note">${texts.noteText}</label>
      <textarea
        id="note"
        rows="3"
        aria-describedby="note-hint"
        data-testid="own-note-text"
        .value=${live(typed)}
        @input=${(event: Event) => {
          this.desk.typed.set(this.#key, (event.target as HTMLTextAreaElement).value);
        }}
      ></textarea>
      <p id="note-hint" class="soft">${texts.noteHint}</p>
      ${this.faultView()}
      <div class="buttons">
        <button
          type="button"
          data-testid="own-note-send"
          ?disabled=${this.working}
          @click=${() => this.#send()}
        >
          ${texts.noteSend}
        </button>
      </div>
    </details>`;
  }

  override render() {
    const { notes, may_note: may } = this.one;
    return html`${notes.length === 0 ? nothing : html`<h3>${texts.notes}</h3>`}
    ${notes.map((note) => this.#note(note))} ${may ? this.#form() : nothing}`;
  }
}

define("clip-consent-own-notes", OwnNotes);
