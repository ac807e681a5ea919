/** The cases that are open now. */

import { html, nothing, type TemplateResult } from "lit";

import { grouped } from "../model/cases";
import type { Case } from "../model/wire";
import { panel } from "../strings/of_panel";
import { CaseList } from "./case_list";
import { define, DeskElement } from "./element";

export class Waiting extends CaseList {
  static override properties = { ...DeskElement.properties, cases: { attribute: false } };

  declare cases: ReadonlyMap<string, Case>;

  /** Whoever comes back from a case goes on from its line. */
  override firstUpdated(): void {
    const { left } = this.desk;
    this.desk.left = null;
    if (left === null) return;
    const line = this.renderRoot.querySelector<HTMLElement>(`[data-case="${left}"]`);
    line?.focus({ preventScroll: true });
  }

  #group(title: string, cases: readonly Case[]): TemplateResult | typeof nothing {
    if (cases.length === 0) return nothing;
    const { manner } = this.desk;
    return html`<h2>${title}</h2>
      <ol>
        ${cases.map((one) => this.line(one, manner))}
      </ol>`;
  }

  override render() {
    const { waiting, busy, done } = grouped(this.cases.values());
    return html`${waiting.length === 0 ? html`<p data-testid="empty">${panel.list.empty}</p>` : nothing}
    ${this.#group(panel.list.waiting, waiting)} ${this.#group(panel.list.busy, busy)}
    ${this.#group(panel.list.done, done)}`;
  }
}

define("clip-consent-waiting", Waiting);
