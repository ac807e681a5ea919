/** A choice across a gap: no clip can be made of it, but of each of its parts. */

import { html, nothing, type TemplateResult } from "lit";

import { duration, spanText, type Manner } from "../model/format";
import type { Choice } from "../model/picker";
import { panel } from "../strings/of_panel";

const texts = panel.picker;

/** Offer the parts, if there are several. */
export function gapView(
  parts: readonly Choice[],
  manner: Manner,
  take: (part: Choice) => void,
): TemplateResult | typeof nothing {
  if (parts.length < 2) return nothing;
  return html`<div class="notice" role="status" data-testid="gap">
    <p>${texts.gap}</p>
    <div class="buttons">
      ${parts.map(
        (part) =>
          html`<button type="button" data-testid="part" @click=${() => take(part)}>
            ${spanText(part.start, part.end, manner, true)}
            (${duration((part.end - part.start) / 1000, manner.locale)})
          </button>`,
      )}
    </div>
  </div>`;
}
