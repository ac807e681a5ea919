/** Lists of cases: those open now, and all that ever were. */

import { css, html, nothing, type TemplateResult } from "lit";

import { grouped } from "../model/cases";
import { fill } from "../model/fill";
import { dayAndClock } from "../model/format";
import { collect, EVERYTHING, ONLY, type Wanted } from "../model/history";
import type { Case, Cursor } from "../model/wire";
import { panel } from "../strings/of_panel";
import { caseLine, untilWhat } from "./case_parts";
import { define, DeskElement, shared } from "./element";

const PAGE = 50;

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

  /** `more` is what else is said of it in this list. */
  line(one: Case, more: readonly TemplateResult[] = []): TemplateResult {
    const open = (): void => {
      this.dispatchEvent(new CustomEvent("open", { detail: one.case_id }));
    };
    return html`<li class=${one.state}>
      <button type="button" data-testid="case-line" data-case=${one.case_id} @click=${open}>
        ${caseLine(one, this.desk.manner)} ${more}
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

const TYPING = 300; // milliseconds without a key until it is looked for
const texts = panel.history;

/** All that ever were, or those that a search fits. */
export class History extends List {
  static override properties = {
    ...DeskElement.properties,
    cases: { state: true },
    next: { state: true },
  };

  static override styles = [
    ...styles,
    css`
      li {
        /* Of a thousand, only those on the screen are laid out. */
        content-visibility: auto;
        contain-intrinsic-block-size: auto 100px;
      }
    `,
  ];

  declare cases: readonly Case[] | null;
  declare next: Cursor | null;
  #wanted: Wanted = EVERYTHING;
  #typing = 0;

  constructor() {
    super();
    this.cases = null;
    this.next = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#look({});
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
  }

  #look(changes: Partial<Wanted>): void {
    clearTimeout(this.#typing);
    this.#wanted = { ...this.#wanted, ...changes };
    this.cases = null;
    this.next = null;
    void this.#more();
  }

  #type(search: string): void {
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => {
      if (search !== this.#wanted.search) this.#look({ search });
    }, TYPING);
  }

  async #more(): Promise<void> {
    const wanted = this.#wanted;
    if (this.working) return; // whoever is at work sees that something else is wanted
    await this.attempt(async () => {
      const ask = (before: Cursor | null) =>
        this.desk.call("history", { before, limit: PAGE, ...wanted });
      const page = await collect(ask, this.next, PAGE);
      for (const one of page.cases) this.desk.past.set(one.case_id, one);
      if (wanted !== this.#wanted) return;
      this.cases = [...(this.cases ?? []), ...page.cases];
      this.next = page.next;
    });
    if (wanted !== this.#wanted) await this.#more();
  }

  #shared(one: Case): TemplateResult[] {
    const { manner } = this.desk;
    return one.deliveries.map(({ delivered_at: at, available_until: end, revoked_at: revoked }) => {
      const parts = [
        at === null ? "" : `${panel.deliveries.at}: ${dayAndClock(at, manner)}`,
        revoked !== null
          ? fill(panel.deliveries.revoked, { when: dayAndClock(revoked, manner) })
          : end === null
            ? panel.deliveries.untilNot
            : `${untilWhat(one)}: ${dayAndClock(end, manner)}`,
      ];
      return html`<small data-testid="shared">${parts.filter((part) => part !== "").join(" · ")}</small>`;
    });
  }

  #form(): TemplateResult {
    const typed = (event: Event): void => {
      this.#type((event.target as HTMLInputElement).value.trim());
    };
    const chosen = (event: Event): void => {
      this.#look({ only: (event.target as HTMLSelectElement).value as Wanted["only"] });
    };
    return html`<search class="pair">
      <div>
        <label for="search">${texts.search}</label>
        <input id="search" type="search" data-testid="search" maxlength="200" @input=${typed}>
      </div>
      <div>
        <label for="only">${texts.only}</label>
        <select id="only" data-testid="only" @change=${chosen}>
          ${ONLY.map((name) => html`<option value=${name}>${texts.show[name]}</option>`)}
        </select>
      </div>
    </search>`;
  }

  #empty(): TemplateResult {
    const all = this.#wanted.search === "" && this.#wanted.only === "all";
    const what = all ? texts.empty : this.next === null ? texts.none : texts.noneYet;
    return html`<p role="status" data-testid="empty">${what}</p>`;
  }

  override render() {
    return html`${this.#form()}
      ${this.cases === null && this.working ? html`<p role="status">${panel.loading}</p>` : nothing}
      ${this.cases?.length === 0 ? this.#empty() : nothing}
      <ol data-testid="history">
        ${this.cases?.map((one) => this.line(one, this.#shared(one)))}
      </ol>
      ${this.faultView()}
      ${this.next !== null || this.fault !== null
        ? html`<button
            type="button"
            data-testid="more"
            ?disabled=${this.working}
            @click=${() => this.#more()}
          >
            ${this.fault === null ? texts.more : panel.retry}
          </button>`
        : nothing}`;
  }
}

define("clip-consent-waiting", Waiting);
define("clip-consent-history", History);
