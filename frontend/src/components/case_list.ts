/** What lists of cases share. */

import { css, html, type TemplateResult } from "lit";

import type { Manner } from "../model/format";
import type { Case } from "../model/wire";
import { caseLine } from "./case_line";
import { DeskElement, shared } from "./element";

/** Fires `open` with the id of the case. */
export class CaseList extends DeskElement {
  static override styles = [
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

  readonly #open = (event: Event): void => {
    const line = event.currentTarget as HTMLElement;
    const { case: caseId = "" } = line.dataset;
    this.opens?.(line, caseId);
    this.dispatchEvent(new CustomEvent("open", { detail: caseId }));
  };

  /** For a list that wants to know which line was left from. */
  protected opens?(line: HTMLElement, caseId: string): void;

  /** `more` is what else is said of it in this list. */
  line(one: Case, manner: Manner, more: readonly TemplateResult[] = []): TemplateResult {
    return html`<li class=${one.state}>
      <button type="button" data-testid="case-line" data-case=${one.case_id} @click=${this.#open}>
        ${caseLine(one, manner)} ${more}
      </button>
    </li>`;
  }
}
