/** Tells where a copy would begin instead, and offers to begin there, or exactly as chosen. */

import { html, nothing, type TemplateResult } from "lit";

import { beginsOf, beginsThere, reaches, type Known } from "../model/begins";
import { COMMANDS } from "../model/commands";
import { fill } from "../model/fill";
import { clock, wireTime } from "../model/format";
import { limitsOf, type Choice } from "../model/picker";
import type { Case } from "../model/wire";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";

const SETTLED = 500; // milliseconds without a change: then the home is asked
const texts = panel.picker;

/** Fires `begin` with the moment that was taken, `exact` with whether it begins as chosen. */
export class Begins extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    choice: { attribute: false },
    known: { state: true },
    untold: { state: true },
  };

  static override styles = [shared];

  declare one: Case;
  declare choice: Choice;
  declare known: Known | null;
  /** For which choice the home could not tell. */
  declare untold: Choice | null;
  #asking = 0;
  #asked = 0;

  constructor() {
    super();
    this.known = null;
    this.untold = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#asking);
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("choice")) return;
    clearTimeout(this.#asking);
    if (!reaches(this.known, this.choice)) {
      this.#asking = window.setTimeout(() => void this.#ask(this.choice), SETTLED);
    }
  }

  /** Without an answer the clip can be prepared as well: then the draft tells. */
  async #ask(choice: Choice): Promise<void> {
    const { camera, start: at } = choice;
    const fields = { case_id: this.one.case_id, camera_id: camera, at: wireTime(at) };
    const asked = (this.#asked += 1);
    const answer = await this.desk.call(COMMANDS.keyTimes, fields).catch(() => null);
    // of several that are under way the last one counts; what failed is asked for again
    if (asked !== this.#asked) return;
    if (answer) this.known = { camera, at, times: answer.key_times };
    else this.untold = choice;
  }

  /** Whether to begin exactly there is a question: not where a copy does, nor before that is known. */
  get #open(): boolean {
    const { known, choice } = this;
    if (reaches(known, choice)) return beginsThere(choice, known.times) !== true;
    return choice.exact || this.untold === choice;
  }

  #exact(): TemplateResult | typeof nothing {
    if (!this.#open) return nothing;
    const { exact, start } = this.choice;
    const time = clock(start, this.desk.manner, true);
    return html`<label class="tick">
        <input
          type="checkbox"
          aria-describedby="exact-hint"
          data-testid="exact"
          .checked=${exact}
          @change=${() => this.dispatchEvent(new CustomEvent("exact", { detail: !exact }))}
        >
        ${fill(texts.exact, { time })}
      </label>
      <p id="exact-hint" class="soft">${texts.exactHint}</p>`;
  }

  #instead(): TemplateResult | typeof nothing {
    const { known, choice } = this;
    const begins =
      reaches(known, choice) && !choice.exact
        ? beginsOf(choice, known.times, limitsOf(this.one))
        : null;
    if (begins === null) return nothing;
    const time = (moment: number): string => clock(moment, this.desk.manner, true);
    return html`<div class="notice" role="status" data-testid="begins">
      <p>${fill(texts.copyBegins, { time: time(begins.copy) })}</p>
      <div class="buttons">
        ${begins.offers.map(
          (moment) =>
            html`<button
              type="button"
              data-testid="begin"
              @click=${() => this.dispatchEvent(new CustomEvent<number>("begin", { detail: moment }))}
            >
              ${fill(texts.beginAt, { time: time(moment) })}
            </button>`,
        )}
      </div>
    </div>`;
  }

  override render() {
    return html`${this.#instead()} ${this.#exact()}`;
  }
}

define("clip-consent-begins", Begins);
