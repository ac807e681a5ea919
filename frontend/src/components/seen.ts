/** What a recorder saw, in words: each can be tapped, and leads the clip there. */

import { html, nothing, type TemplateResult } from "lit";

import { fill, word } from "../model/fill";
import { clock, type Manner } from "../model/format";
import { place } from "../model/picker";
import type { Sight } from "../model/seen";
import type { Span } from "../model/wire";
import { panel } from "../strings/of_panel";

const texts = panel.seen;

/** A recorder's own word is text, in our words where we have one. */
function labelText(label: string, times: number): string {
  const name = word(texts.labels, label.toLowerCase());
  return times === 1 ? name : `${name} ×${times}`;
}

/** Where it was seen, on a camera's row: words beside it tell what. */
export function seenMarks(sights: readonly Sight[], limits: Span): TemplateResult[] {
  const shown = sights.filter(({ start, end }) => end >= limits.start && start <= limits.end);
  return shown.map((sight) => {
    const { x, width } = place(sight, limits);
    return html`<div class="mark" style="left: ${x / 10}%; width: ${width / 10}%"></div>`;
  });
}

export function seenView(
  sights: readonly Sight[],
  camera: string,
  manner: Manner,
  take: (sight: Sight) => void,
): TemplateResult | typeof nothing {
  if (sights.length === 0) return nothing;
  return html`<ul class="seen" aria-label=${fill(texts.by, { camera })} data-testid="seen">
    ${sights.map((sight) => {
      const { start, end, labels } = sight;
      const what = labels.map(([label, times]) => labelText(label, times)).join(", ");
      const time = clock(start, manner, true);
      const until = end - start < 60_000 ? "" : `–${clock(end, manner, true)}`;
      return html`<li>
        <button type="button" data-testid="sight" @click=${() => take(sight)}>
          <span>${time}${until}</span> ${what}
        </button>
      </li>`;
    })}
  </ul>`;
}
