/** One labelled field of the form, with its hint and its fault. */

import { html, nothing, type TemplateResult } from "lit/html.js";

import type { Field } from "../model/ask_form";

export interface FieldText<Name extends string = Field> {
  readonly name: Name;
  readonly label: string;
  readonly note?: string;
  readonly hint?: string | TemplateResult;
  readonly fault?: string | undefined;
}

/** What a control needs so that screen readers find hint and fault. */
export function describedBy({ name, hint, fault }: FieldText<string>): string {
  const ids = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean);
  return ids.join(" ");
}

export function field(texts: FieldText<string>, control: TemplateResult): TemplateResult {
  const { name, label, note, hint, fault } = texts;
  return html`<div class="field">
    <label for=${name}>
      ${label}${note ? html` <span class="note">(${note})</span>` : nothing}
    </label>
    ${control}
    ${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : nothing}
    ${fault
      ? html`<p class="fault" id="${name}-fault" data-testid="fault-${name}">${fault}</p>`
      : nothing}
  </div>`;
}
