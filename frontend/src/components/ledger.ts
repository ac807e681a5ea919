/** The ledger, line by line, with what its verification found. */

import { css, html, nothing, type TemplateResult } from "lit";

import { exportLedger } from "../model/call";
import { fill, word } from "../model/fill";
import { dayAndClock, spanText } from "../model/format";
import { details, namesOf, shortId, withPage, type Lines } from "../model/ledger";
import type { Entry } from "../model/wire";
import { saveFile } from "../save";
import { panel } from "../strings/of_panel";
import { heading } from "./case_parts";
import { define, DeskElement, shared } from "./element";

const PAGE = 50;
const CASES = 50; // the newest, to call lines by
const texts = panel.ledger;

/** Fires `open` with the id of a case. */
export class Ledger extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    lines: { state: true },
    checked: { state: true },
    links: { type: Boolean },
  };

  static override styles = [
    shared,
    css`
      ol {
        margin: 0 0 16px;
        padding: 0;
        list-style: none;
      }

      li {
        display: grid;
        grid-template-columns: 3.5rem 1fr;
        padding: 8px 0;
        border-top: 1px solid var(--line);
      }

      summary {
        min-height: 0;
        padding: 4px 0;
        font-size: 0.875rem;
        font-weight: 400;
      }

      details {
        margin: 0;
      }
    `,
  ];

  declare lines: Lines | null;
  /** When all of it was last verified: the first page is only given with that. */
  declare checked: number | null;
  /** Whether cases can be opened from here. */
  declare links: boolean;

  constructor() {
    super();
    this.lines = null;
    this.checked = null;
    this.links = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.lines = null;
    void this.#load(null);
    if (this.links) void this.#learn();
  }

  /** What requests are called; without it lines have short ids. */
  async #learn(): Promise<void> {
    try {
      const { cases } = await this.desk.call("history", { before: null, limit: CASES });
      for (const one of cases) this.desk.past.set(one.case_id, one);
      this.requestUpdate();
    } catch {
      // the ids are there
    }
  }

  /** Which request a line is about: by the owner's own words if they are known. */
  #about(id: string): string {
    const known = this.links ? this.desk.find(id) : null;
    const short = fill(texts.about, { id: shortId(id) });
    if (!known) return short;
    const { request, draft } = known;
    const parts = [heading(request), draft?.camera ?? "", spanText(request.start, request.end, this.desk.manner)];
    return parts.filter((part) => part !== "").join(" · ");
  }

  /** The page behind these lines; behind none, all is verified as the file is now. */
  async #load(after: Lines | null): Promise<void> {
    await this.attempt(async () => {
      const page = await this.desk.call("ledger", { before: after?.before ?? null, limit: PAGE });
      if (after === null) this.checked = Date.now();
      this.lines = withPage(after, page);
    });
  }

  async #save(): Promise<void> {
    await this.attempt(async () => {
      const record = await exportLedger(this.desk.hass);
      const content = new Blob([JSON.stringify(record, null, 2)], { type: "application/json" });
      saveFile(content, `clip-consent-${new Date().toISOString().slice(0, 10)}.json`);
    });
  }

  #tools(): TemplateResult {
    return html`<div class="buttons">
        <button type="button" data-testid="verify" ?disabled=${this.working} @click=${() => this.#load(null)}>
          ${texts.verify}
        </button>
        <button type="button" data-testid="save" ?disabled=${this.working} @click=${() => this.#save()}>
          ${texts.save}
        </button>
      </div>
      <p class="soft">${texts.saved}</p>`;
  }

  #state({ head, fault }: Lines): TemplateResult {
    if (fault !== null) {
      return html`<p class="notice error" role="alert" data-testid="chain-fault">
        ${fill(texts.fault, { n: fault })}
      </p>`;
    }
    return html`<p class="notice" data-testid="chain">
      ${fill(texts.whole, { n: head.seq })}
      ${this.checked === null
        ? nothing
        : fill(texts.checked, { when: dayAndClock(this.checked, this.desk.manner, true) })}<br>
      <small>${texts.head}: <span class="digest">${head.digest}</span></small>
    </p>`;
  }

  #entry(entry: Entry, name: string): TemplateResult {
    const pairs = details(entry);
    const { case_id: id } = entry;
    return html`<li data-testid="entry" data-seq=${entry.seq}>
      <span class="soft">${entry.seq}</span>
      <div>
        <strong>${word(texts.kinds, name)}</strong><br>
        ${id === null ? nothing : html`<span data-testid="about">${this.#about(id)}</span><br>`}
        <small>${dayAndClock(entry.at, this.desk.manner, true)}</small>
        <details>
          <summary>${texts.details}</summary>
          <dl class="digest">
            ${id === null ? nothing : html`<dt>case_id</dt><dd>${id}</dd>`}
            ${pairs.map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)}
            <dt>digest</dt>
            <dd>${entry.digest}</dd>
          </dl>
          ${this.links && id !== null
            ? html`<button
                type="button"
                @click=${() => this.dispatchEvent(new CustomEvent("open", { detail: id }))}
              >
                ${texts.case}
              </button>`
            : nothing}
        </details>
      </div>
    </li>`;
  }

  override render() {
    const { lines } = this;
    const names = namesOf(lines?.entries ?? []);
    return html`${lines ? html`${this.#state(lines)} ${this.#tools()}` : this.working ? html`<p>${panel.loading}</p>` : nothing}
      ${lines?.entries.length === 0 ? html`<p data-testid="empty">${texts.empty}</p>` : nothing}
      <ol>
        ${lines?.entries.map((entry) => this.#entry(entry, names.get(entry.seq) ?? entry.kind))}
      </ol>
      ${this.faultView()}
      ${(lines?.before ?? null) !== null || this.fault !== null
        ? html`<button
            type="button"
            data-testid="more"
            ?disabled=${this.working}
            @click=${() => this.#load(this.lines)}
          >
            ${this.fault === null ? texts.more : panel.retry}
          </button>`
        : nothing}`;
  }
}

define("clip-consent-ledger", Ledger);
