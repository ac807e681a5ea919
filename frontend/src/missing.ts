/** What is shown in place of a part of panel or card that is not here yet. */

import { html, type TemplateResult } from "lit";

import { need, retry, type Part } from "./parts";
import { panel } from "./strings/of_panel";

/** Null once the part is here; `changed` is called when there is something else to show. */
export function missing(part: Part, changed: () => void): TemplateResult | null {
  const standing = need(part, changed);
  if (standing === "here") return null;
  if (standing === "loading") return html`<p>${panel.loading}</p>`;
  const again = (): void => {
    retry(part);
    changed();
  };
  return html`<div class="notice error" role="alert" data-testid="part-failed">
    <p>${panel.partFailed}</p>
    <button type="button" data-testid="part-retry" @click=${again}>${panel.retry}</button>
  </div>`;
}
