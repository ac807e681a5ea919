/** What both public pages share. */

import { html, nothing, type TemplateResult } from "lit/html.js";

import type { Manner } from "../model/format";
import { localeOf } from "../model/language";
import { speak } from "../strings/of_pages";

/** How times are told: the reader's own zone. The home's zone is nobody's business. */
export const manner: Manner = {
  locale: localeOf(navigator.languages),
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
};

export const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A warning on addresses that are not encrypted. */
export function insecureNotice(text: string): TemplateResult | typeof nothing {
  if (isSecureContext) return nothing;
  return html`<p class="notice warning" data-testid="insecure">${text}</p>`;
}

/** Speak the reader's language before the first word is shown. */
export async function speakTheirs(title: () => string): Promise<void> {
  document.documentElement.lang = await speak(navigator.languages);
  document.title = title();
}

export function page(): HTMLElement {
  const found = document.querySelector("main");
  if (!found) throw new Error("no main element");
  found.replaceChildren();
  return found;
}
