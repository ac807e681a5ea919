/** The sharing rules: what each decided of the last requests, and a made-up one to try. */

import { css, html, nothing, type TemplateResult } from "lit";

import "../door";
import { KINDS } from "../model/ask_form";
import type { Tried } from "../model/answers";
import { COMMANDS } from "../model/commands";
import { count, fill, word } from "../model/fill";
import { spanText } from "../model/format";
import { shortId } from "../model/ledger";
import {
  byRule,
  FAR,
  firstTrial,
  isOfArea,
  madeUp,
  RADIUS,
  TRUSTS,
  withCamera,
  type Decided,
  type Trial,
  type Wrong,
} from "../model/rules";
import { common, panel } from "../strings/of_panel";
import { heading } from "./case_line";
import { define, DeskElement, shared } from "./element";

const CASES = 50;
const TEXT_MAX = 2000;
const texts = panel.rules;

/** Fires `open` with the id of a case. */
export class Rules extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    admin: { type: Boolean },
    links: { type: Boolean },
    tried: { state: true },
    trial: { state: true },
    said: { state: true },
    wrong: { state: true },
  };

  static override styles = [
    shared,
    css`
      .said {
        margin-top: 16px;
      }

      .phrases {
        margin: 4px 0;
      }

      .phrases ul {
        margin: 0;
      }

      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      ol > li {
        padding: 12px 0;
        border-top: 1px solid var(--line);
      }

      textarea {
        min-height: 72px;
      }

      fieldset {
        margin-inline: 0;
        padding: 0;
        border: 0;
      }

      legend {
        padding: 0;
        font-size: 0.875rem;
      }

      .next {
        margin-top: 12px;
      }

      .verdict {
        font-weight: 600;
      }
    `,
  ];

  declare admin: boolean;
  /** Whether this is an approver's: nobody else is told of cases, or can open them. */
  declare links: boolean;
  declare tried: Tried | null;
  declare trial: Trial | null;
  declare said: Tried["results"][number] | null;
  declare wrong: Wrong | null;

  constructor() {
    super();
    this.admin = false;
    this.links = false;
    this.tried = null;
    this.trial = null;
    this.said = null;
    this.wrong = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.trial ??= firstTrial(this.desk.manner.zone, Date.now());
    void this.#learn();
  }

  /** The answer comes below the button, on a small screen out of sight. */
  override updated(changed: Map<string, unknown>): void {
    if (!changed.has("said")) return;
    this.renderRoot.querySelector(".said")?.scrollIntoView({ block: "nearest" });
  }

  async #learn(): Promise<void> {
    await this.attempt(async () => {
      if (this.links) {
        const { cases } = await this.desk.call(COMMANDS.history, { before: null, limit: CASES });
        for (const one of cases) this.desk.past.set(one.case_id, one);
      }
      this.tried = await this.desk.call(COMMANDS.tryRules, { request: null });
    });
  }

  async #try(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.trial) return;
    const request = madeUp(this.trial, this.desk.manner.zone);
    this.said = null;
    this.wrong = typeof request === "string" ? request : null;
    if (typeof request === "string") return;
    await this.attempt(async () => {
      const { results } = await this.desk.call(COMMANDS.tryRules, { request });
      this.said = results[0] ?? null;
    });
  }

  /** By the owner's own words, if the case is known. */
  #name(id: string): string {
    const known = this.desk.find(id);
    if (!known) return fill(panel.ledger.about, { id: shortId(id) });
    const { start, end } = known.request;
    return `${heading(known.request)} · ${spanText(start, end, this.desk.manner)}`;
  }

  #result({ case_id: id, sentence }: Tried["results"][number]): TemplateResult {
    if (id === null) return html`<li>${sentence}</li>`;
    return html`<li>
      <strong>${this.#name(id)}</strong><br>
      <span class="soft">${sentence}</span>
      <br><button
        type="button"
        class="plain"
        @click=${() => this.dispatchEvent(new CustomEvent("open", { detail: id }))}
      >
        ${panel.ledger.case}
      </button>
    </li>`;
  }

  /** One phrase goes on in the line, more are told one by one. */
  #phrases(name: string, label: string, phrases: readonly string[]): TemplateResult {
    if (phrases.length === 1) return html`<p class="phrases" data-testid=${name}>${label} ${phrases[0]}</p>`;
    return html`<div class="phrases" data-testid=${name}>
      ${label}
      <ul>
        ${phrases.map((phrase) => html`<li>${phrase}</li>`)}
      </ul>
    </div>`;
  }

  #decided(results: Decided["results"]): TemplateResult {
    if (results.length === 0) return html`<br><span class="soft">${texts.decidedNone}</span>`;
    return html`<details>
      <summary>${count(texts.decided, results.length)}</summary>
      <ul>
        ${results.map((result) => this.#result(result))}
      </ul>
    </details>`;
  }

  #rule({ rule, results }: Decided): TemplateResult | typeof nothing {
    if (!rule && results.length === 0) return nothing;
    return html`<li data-testid="rule-line" data-rule=${rule?.rule_id ?? ""}>
      <strong>${rule ? `${rule.order} · ${rule.title}` : texts.none}</strong><br>
      ${rule ? this.#phrases("conditions", texts.fits, rule.conditions) : nothing}
      <span class="verdict">${word(texts.verdicts, rule?.verdict ?? "list")}</span>
      ${rule && rule.limits.length > 0 ? this.#phrases("limits", texts.allows, rule.limits) : nothing}
      ${this.links ? this.#decided(results) : nothing}
    </li>`;
  }

  #list(): TemplateResult {
    const { tried } = this;
    return html`<section data-testid="rules">
      <h2>${texts.title}</h2>
      <p>${texts.text}</p>
      ${tried
        ? html`<ol>
            ${byRule(tried).map((one) => this.#rule(one))}
          </ol>`
        : this.working
          ? html`<p>${panel.loading}</p>`
          : nothing}
      ${this.admin
        ? html`<div class="buttons">
            <a class="button" href="/config/integrations/integration/clip_consent">${texts.change}</a>
          </div>`
        : nothing}
    </section>`;
  }

  #set(changes: Partial<Trial>): void {
    if (this.trial) this.trial = { ...this.trial, ...changes };
  }

  #select(
    name: "trust" | "kind",
    label: string,
    options: readonly string[],
    words: Readonly<Record<string, string>>,
  ): TemplateResult {
    const changed = (event: Event): void => {
      this.#set({ [name]: (event.target as HTMLSelectElement).value });
    };
    return html`<div>
      <label for=${name}>${label}</label>
      <select id=${name} data-testid="trial-${name}" @change=${changed}>
        ${options.map(
          (one) =>
            html`<option value=${one} ?selected=${one === this.trial?.[name]}>${word(words, one)}</option>`,
        )}
      </select>
    </div>`;
  }

  #moment(name: "start" | "end" | "received", label: string): TemplateResult {
    const changed = (event: Event): void => {
      this.#set({ [name]: (event.target as HTMLInputElement).value });
    };
    return html`<div>
      <label for=${name}>${label}</label>
      <input
        id=${name}
        type="datetime-local"
        data-testid="trial-${name}"
        aria-describedby=${this.wrong === null || isOfArea(this.wrong) ? nothing : "wrong"}
        .value=${this.trial?.[name] ?? ""}
        @change=${changed}
      >
    </div>`;
  }

  #metres(name: "areaRadius" | "distance", id: string): TemplateResult {
    const typed = (event: Event): void => {
      this.#set({ [name]: (event.target as HTMLInputElement).value });
    };
    return html`<div>
      <label for=${id}>${texts[name]}</label>
      <input
        id=${id}
        data-testid="trial-${id}"
        inputmode="numeric"
        maxlength="8"
        autocomplete="off"
        aria-describedby=${isOfArea(this.wrong) ? "wrong" : nothing}
        .value=${this.trial?.[name] ?? ""}
        @input=${typed}
      >
    </div>`;
  }

  #cameras(): TemplateResult | typeof nothing {
    const cameras = this.desk.known?.snapshot.cameras ?? [];
    if (cameras.length < 2) return nothing;
    const all = cameras.map(({ camera_id: id }) => id);
    const ticked = (id: string) => (event: Event) => {
      const { checked } = event.target as HTMLInputElement;
      if (this.trial) this.#set({ cameras: withCamera(this.trial, id, checked, all) });
    };
    return html`<fieldset class="next">
      <legend>${texts.cameras}</legend>
      ${cameras.map(
        ({ camera_id: id, name }) =>
          html`<label class="tick">
            <input
              type="checkbox"
              data-testid="trial-camera"
              .checked=${this.trial?.cameras?.includes(id) ?? true}
              @change=${ticked(id)}
            >
            ${name}
          </label>`,
      )}
    </fieldset>`;
  }

  #form(): TemplateResult {
    const typed = (name: "caseNumber" | "text") => (event: Event) => {
      this.#set({ [name]: (event.target as HTMLInputElement | HTMLTextAreaElement).value });
    };
    return html`<form @submit=${(event: Event) => this.#try(event)}>
      <div class="pair">
        ${this.#select("trust", texts.trust, TRUSTS, panel.trust)}
        ${this.#select("kind", texts.kind, KINDS, common.kinds)}
      </div>
      <div class="pair">
        ${this.#moment("start", texts.start)} ${this.#moment("end", texts.end)}
      </div>
      <div class="pair">
        ${this.#moment("received", texts.received)}
      </div>
      <div class="pair">
        ${this.#metres("areaRadius", "area-radius")} ${this.#metres("distance", "distance")}
      </div>
      ${this.#cameras()}
      <label for="case-number" class="next">${texts.caseNumber}</label>
      <input
        id="case-number"
        data-testid="trial-case-number"
        maxlength="64"
        autocomplete="off"
        .value=${this.trial?.caseNumber ?? ""}
        @input=${typed("caseNumber")}
      >
      <label for="words" class="next">${texts.words}</label>
      <textarea
        id="words"
        data-testid="trial-text"
        maxlength=${TEXT_MAX}
        .value=${this.trial?.text ?? ""}
        @input=${typed("text")}
      ></textarea>
      ${this.wrong === null
        ? nothing
        : html`<p class="notice error" role="alert" id="wrong" data-testid="trial-wrong">
            ${fill(texts.wrong[this.wrong], { ...RADIUS, km: FAR / 1000 })}
          </p>`}
      <div class="buttons">
        <button type="submit" class="primary" data-testid="try" ?disabled=${this.working}>
          ${texts.try}
        </button>
      </div>
    </form>`;
  }

  #answer(): TemplateResult | typeof nothing {
    if (!this.said) return nothing;
    return html`<div class="notice said" role="status" data-testid="trial-said">
      <p class="verdict">${word(texts.verdicts, this.said.verdict)}</p>
      <p>${this.said.sentence}</p>
    </div>`;
  }

  override render() {
    return html`${this.#list()}
      <section data-testid="trial">
        <h2>${texts.tryTitle}</h2>
        <p>${texts.tryText}</p>
        ${this.#form()} ${this.#answer()} ${this.faultView()}
      </section>`;
  }
}

define("clip-consent-rules", Rules);
