/** The ledger, line by line, with what its verification found. */

import { css, html, nothing, type TemplateResult } from "lit";

import "../door";
import type { Entry } from "../model/answers";
import { COMMANDS, exportLedger } from "../model/commands";
import { fill, word } from "../model/fill";
import { dayAndClock, spanText } from "../model/format";
import { details, namesOf, shortId, withPage, type Lines } from "../model/ledger";
import { factsOf, type FactTexts } from "../model/ledger_facts";
import { FIND_ALL, GROUP_NAMES, isAll, soughtBy, type Find } from "../model/ledger_find";
import { saveFile } from "../save";
import { panel } from "../strings/of_panel";
import { heading } from "./case_line";
import { define, DeskElement, shared } from "./element";
import { Older } from "./older";

const PAGE = 50;
const CASES = 50; // the newest, to call lines by
const texts = panel.ledger;
/** Looked up when they are told: the language may be another one by then. */
const factTexts = (): FactTexts => ({
  means: texts.facts.means,
  closed: panel.closed,
  verdicts: panel.rules.verdicts,
  portals: texts.facts.portals,
  ways: texts.facts.ways,
  accepting: texts.facts.accepting,
  flags: texts.facts.flags,
  values: texts.facts.values,
  automation: texts.facts.automation,
  settings: texts.facts.settings,
});

/** Fires `open` with the id of a case. */
export class Ledger extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    lines: { state: true },
    checked: { state: true },
    find: { state: true },
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
        /* Of a thousand, only those on the screen are laid out. */
        content-visibility: auto;
        contain-intrinsic-block-size: auto 130px;
      }

      .find {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: 8px;
        margin: 16px 0;
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
  declare find: Find;
  /** Whether cases can be opened from here. */
  declare links: boolean;

  /** What the lines that are here were looked for by. */
  #loaded: Find = FIND_ALL;
  readonly #older = new Older(this, () => {
    const { lines } = this;
    // after a fault it is for people to say when it is tried again
    if (lines && lines.before !== null && this.fault === null) void this.#load(lines);
  });

  constructor() {
    super();
    this.lines = null;
    this.checked = null;
    this.find = FIND_ALL;
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
      const { cases } = await this.desk.call(COMMANDS.history, { before: null, limit: CASES });
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
    const { find } = this;
    if (find !== this.#loaded) after = null; // those lines are of something else
    await this.attempt(async () => {
      const page = await this.desk.call(COMMANDS.ledger, {
        before: after?.before ?? null,
        limit: PAGE,
        ...soughtBy(find, this.desk.manner.zone),
      });
      if (find !== this.find) return;
      this.#loaded = find;
      if (after === null) this.checked = Date.now();
      const lines = withPage(after, page);
      if (lines.entries.length > (after?.entries.length ?? 0)) this.#older.again();
      this.lines = lines;
    });
    if (find !== this.find) await this.#load(null);
  }

  /** Whoever is at work sees that something else is wanted. */
  #look(changes: Partial<Find>): void {
    this.find = { ...this.find, ...changes };
    if (this.lines) this.lines = { ...this.lines, entries: [], before: null };
    if (!this.working) void this.#load(null);
  }

  #day(name: "from" | "until"): TemplateResult {
    const changed = (event: Event): void => {
      this.#look({ [name]: (event.target as HTMLInputElement).value });
    };
    return html`<div>
      <label for=${name}>${texts.find[name]}</label>
      <input id=${name} type="date" data-testid="find-${name}" .value=${this.find[name]} @change=${changed}>
    </div>`;
  }

  #finding(): TemplateResult {
    const changed = (event: Event): void => {
      this.#look({ group: (event.target as HTMLSelectElement).value });
    };
    return html`<div class="find">
        <div>
          <label for="group">${texts.find.show}</label>
          <select id="group" data-testid="find-group" @change=${changed}>
            ${GROUP_NAMES.map(
              (name) =>
                html`<option value=${name} ?selected=${name === this.find.group}>${texts.find.groups[name]}</option>`,
            )}
          </select>
        </div>
        ${this.#day("from")} ${this.#day("until")}
      </div>
      ${this.find.caseId === null
        ? nothing
        : html`<p role="status" data-testid="find-case">
            ${texts.find.caseOnly}
            <button type="button" class="plain" @click=${() => this.#look({ caseId: null })}>
              ${texts.find.allCases}
            </button>
          </p>`}`;
  }

  async #save(): Promise<void> {
    await this.attempt(async () => {
      const record = await exportLedger(this.desk.hass);
      const content = new Blob([JSON.stringify(record, null, 2)], { type: "application/json" });
      saveFile(content, `clip-consent-${new Date().toISOString().slice(0, 10)}.json`);
    });
    if (this.#loaded !== this.find) await this.#load(null);
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
    const facts = factsOf(entry, this.lines?.names ?? {}, factTexts());
    const { case_id: id } = entry;
    return html`<li data-testid="entry" data-seq=${entry.seq}>
      <span class="soft">${entry.seq}</span>
      <div>
        <strong>${word(texts.kinds, name)}</strong><br>
        ${id === null ? nothing : html`<span data-testid="about">${this.#about(id)}</span><br>`}
        ${facts.length === 0 ? nothing : html`<span data-testid="facts">${facts.join(" · ")}</span><br>`}
        <small>${dayAndClock(entry.at, this.desk.manner, true)}</small>
        <details>
          <summary>${texts.details}</summary>
          <dl class="digest">
            ${id === null ? nothing : html`<dt>case_id</dt><dd>${id}</dd>`}
            ${pairs.map(([key, value]) => html`<dt>${key}</dt><dd>${value}</dd>`)}
            <dt>digest</dt>
            <dd>${entry.digest}</dd>
          </dl>
          ${id === null || id === this.find.caseId
            ? nothing
            : html`<button type="button" data-testid="of-case" @click=${() => this.#look({ caseId: id })}>
                ${texts.find.ofCase}
              </button>`}
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
    return html`${lines ? html`${this.#state(lines)} ${this.#tools()} ${this.#finding()}` : this.working ? html`<p>${panel.loading}</p>` : nothing}
      ${lines?.entries.length === 0 && !this.working && this.fault === null ? html`<p data-testid="empty">${isAll(this.find) ? texts.empty : texts.find.nothing}</p>` : nothing}
      <ol>
        ${lines?.entries.map((entry) => this.#entry(entry, names.get(entry.seq) ?? entry.kind))}
      </ol>
      ${this.faultView()}
      ${(lines?.before ?? null) !== null || this.fault !== null
        ? html`<button
            id="older"
            type="button"
            data-testid="more"
            aria-disabled=${this.working}
            @click=${() => this.#load(this.lines)}
          >
            ${this.fault === null ? texts.more : panel.retry}
          </button>`
        : nothing}`;
  }
}

define("clip-consent-ledger", Ledger);
