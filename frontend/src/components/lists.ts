/** Lists of cases: those open now, and all that ever were. */

import { css, html, nothing, type TemplateResult } from "lit";

import { grouped } from "../model/cases";
import type { Case, Cursor } from "../model/wire";
import { panel } from "../strings/of_panel";
import { caseLine } from "./case_parts";
import { define, DeskElement, shared } from "./element";

const PAGE = 20;

const styles = [
  shared,
  css`
    ol {
      margin: 0 0 16px;
      padding: 0;
      list-style: none;
    }

    li button {
      display: grid;
      gap: 2px;
      justify-content: stretch;
      justify-items: start;
      width: 100%;
      margin-bottom: 8px;
      padding: 12px 16px;
      border-color: var(--line);
      background: var(--ha-card-background, var(--card));
      color: inherit;
      font-weight: 400;
      text-align: start;
    }

    li.waiting button {
      border-inline-start: 4px solid var(--accent);
    }
  `,
];

/** Both fire `open` with the id of the case. */
class List extends DeskElement {
  static override styles = styles;

  line(one: Case): TemplateResult {
    const open = (): void => {
      this.dispatchEvent(new CustomEvent("open", { detail: one.case_id }));
    };
    return html`<li class=${one.state}>
      <button type="button" data-testid="case-line" data-case=${one.case_id} @click=${open}>
        ${caseLine(one, this.desk.manner)}
      </button>
    </li>`;
  }
}

export class Waiting extends List {
  static override properties = { ...DeskElement.properties, cases: { attribute: false } };

  declare cases: ReadonlyMap<string, Case>;

  #group(title: string, cases: readonly Case[]): TemplateResult | typeof nothing {
    if (cases.length === 0) return nothing;
    return html`<h2>${title}</h2>
      <ol>
        ${cases.map((one) => this.line(one))}
      </ol>`;
  }

  override render() {
    const { waiting, busy, done } = grouped(this.cases.values());
    return html`${waiting.length === 0 ? html`<p data-testid="empty">${panel.list.empty}</p>` : nothing}
    ${this.#group(panel.list.waiting, waiting)} ${this.#group(panel.list.busy, busy)}
    ${this.#group(panel.list.done, done)}`;
  }
}

export class History extends List {
  static override properties = {
    ...DeskElement.properties,
    cases: { state: true },
    next: { state: true },
  };

  declare cases: readonly Case[] | null;
  declare next: Cursor | null;

  constructor() {
    super();
    this.cases = null;
    this.next = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.cases = null;
    this.next = null;
    void this.#more();
  }

  async #more(): Promise<void> {
    await this.attempt(async () => {
      const page = await this.desk.call("history", { before: this.next, limit: PAGE });
      for (const one of page.cases) this.desk.past.set(one.case_id, one);
      this.cases = [...(this.cases ?? []), ...page.cases];
      this.next = page.next;
    });
  }

  override render() {
    return html`${this.cases === null && this.working ? html`<p>${panel.loading}</p>` : nothing}
      ${this.cases?.length === 0 ? html`<p data-testid="empty">${panel.history.empty}</p>` : nothing}
      <ol data-testid="history">
        ${this.cases?.map((one) => this.line(one))}
      </ol>
      ${this.faultView()}
      ${this.next !== null || this.fault !== null
        ? html`<button
            type="button"
            data-testid="more"
            ?disabled=${this.working}
            @click=${() => this.#more()}
          >
            ${this.fault === null ? panel.history.more : panel.retry}
          </button>`
        : nothing}`;
  }
}

define("clip-consent-waiting", Waiting);
define("clip-consent-history", History);
