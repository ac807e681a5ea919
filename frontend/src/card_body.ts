/** The card: the same requests as in the panel, on a dashboard. */

import { css, html, nothing, type TemplateResult } from "lit";

import { define, shared } from "./components/element";
import { Door } from "./door";
import type { Known } from "./model/cases";
import { panel } from "./strings/of_panel";

export class CardBody extends Door {
  static override properties = {
    ...Door.properties,
    heading: { attribute: false },
    caseId: { state: true },
  };

  static override styles = [
    shared,
    css`
      .inside {
        padding: 0 16px 16px;
      }

      .plain {
        padding-top: 16px;
      }

      .back {
        margin-bottom: 12px;
      }
    `,
  ];

  declare heading: string | undefined;
  declare caseId: string | null;

  constructor() {
    super();
    this.heading = undefined;
    this.caseId = null;
  }

  protected override open(caseId: string): void {
    this.caseId = caseId;
  }

  protected override history(): void {
    globalThis.history.pushState(null, "", "/clip-consent?tab=history");
    dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
  }

  protected override content(known: Known): TemplateResult {
    if (this.caseId === null || !known.snapshot.approver) return this.requests(known);
    return html`<button type="button" class="back" data-testid="back" @click=${() => (this.caseId = null)}>
        ${panel.back}
      </button>
      ${this.case(known, this.caseId)}`;
  }

  protected override page(): TemplateResult {
    const heading = this.heading ?? panel.title;
    return html`<ha-card .header=${heading === "" ? nothing : heading}>
      <div class="inside ${heading === "" ? "plain" : ""}">${this.inside()}</div>
    </ha-card>`;
  }
}

define("clip-consent-card-body", CardBody);
