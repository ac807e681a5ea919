/** What both public pages share. */

import { html, nothing, render, type TemplateResult } from "lit/html.js";

import type { Manner } from "../model/format";
import { LANGUAGES, localeFor, localeOf, OWN_NAMES, type LanguageName } from "../model/language";
import { common, speak, speakIn } from "../strings/of_pages";

/** How times are told: the reader's own zone. The home's zone is nobody's business. */
export const manner: Manner & { locale: string } = {
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

/** Speak the reader's language before the first word is shown, and let them choose another. */
export async function speakTheirs(title: () => string, draw: () => void): Promise<void> {
  const show = (name: LanguageName): void => {
    document.documentElement.lang = name;
    document.title = title();
    render(languagesView(name, choose), head);
  };
  const choose = async (name: LanguageName): Promise<void> => {
    try {
      await speakIn(name);
    } catch {
      return; // the connection is gone: the words stay as they are
    }
    manner.locale = localeFor(name, navigator.languages);
    show(name);
    draw();
  };
  const head = document.createElement("header");
  document.body.prepend(head);
  show(await speak(navigator.languages));
}

/** Buttons, not links: what was typed stays. */
function languagesView(
  spoken: LanguageName,
  choose: (name: LanguageName) => Promise<void>,
): TemplateResult {
  return html`<nav class="languages" aria-label=${common.language}>
    ${LANGUAGES.map(
      (name) =>
        html`<button
          type="button"
          lang=${name}
          aria-pressed=${name === spoken ? "true" : "false"}
          data-testid="language-${name}"
          @click=${() => void choose(name)}
        >
          ${OWN_NAMES[name]}
        </button>`,
    )}
  </nav>`;
}

export function page(): HTMLElement {
  const found = document.querySelector("main");
  if (!found) throw new Error("no main element");
  found.replaceChildren();
  return found;
}
