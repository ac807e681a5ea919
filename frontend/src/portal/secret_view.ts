/** The desk secret as HTML: make it or open it, keep it. */

import { html, nothing, type TemplateResult } from "lit/html.js";

import { desk } from "../strings/of_portal";
import type { DeskSecret } from "./secret";

interface View {
  readonly secret: DeskSecret;
  readonly hub: string;
  /** Whether there are requests already, made with one secret or another. */
  readonly asked: boolean;
  readonly changed: () => void;
  readonly forget: () => void;
}

function openView({ secret }: View): TemplateResult {
  const { load, paste, use, bad } = desk.secret;
  const pick = (event: Event): void => {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file && file.size < 65_536) void file.text().then((text) => secret.open(text));
    else if (file) void secret.open("");
  };
  const typed = (event: Event): void => {
    event.preventDefault();
    const value = new FormData(event.target as HTMLFormElement).get("secret");
    void secret.open(typeof value === "string" ? value : "");
  };
  return html`<div class="field">
      <label for="secret-file">${load}</label>
      <input id="secret-file" type="file" accept=".txt,text/plain" data-testid="secret-file" @change=${pick}>
    </div>
    <form class="field" novalidate @submit=${typed}>
      <label for="secret">${paste}</label>
      <input
        id="secret"
        name="secret"
        class="link"
        autocomplete="off"
        spellcheck="false"
        data-testid="secret"
        aria-invalid=${secret.bad ? "true" : nothing}
      >
      <div class="buttons"><button type="submit" data-testid="use-secret">${use}</button></div>
    </form>
    <div role="alert">
      ${secret.bad ? html`<p class="fault" data-testid="secret-bad">${bad}</p>` : nothing}
      ${secret.failed ? html`<p class="fault">${desk.refusals.key}</p>` : nothing}
    </div>`;
}

function noneView(view: View): TemplateResult {
  const { why, make, lost } = desk.secret;
  return html`<p>${why}</p>
    ${openView(view)} ${view.asked ? html`<p class="notice warning" data-testid="secret-lost">${lost}</p>` : nothing}
    <div class="buttons">
      <button type="button" data-testid="make-secret" @click=${() => void view.secret.make()}>${make}</button>
    </div>`;
}

function keepView({ secret, hub, changed }: View): TemplateResult {
  const { keep, recovery, save, kept } = desk.secret;
  const done = (): void => {
    secret.kept = true;
    changed();
    document.querySelector<HTMLElement>('[data-testid="secret-box"] h2')?.focus();
  };
  return html`<div role="status">
      <p><strong>${keep}</strong></p>
      <p>${recovery}</p>
    </div>
    <p class="secret"><code data-testid="secret-text">${secret.text}</code></p>
    <div class="buttons">
      <button type="button" class="primary" data-testid="save-secret" @click=${() => secret.save(hub)}>${save}</button>
      <button type="button" data-testid="secret-kept" @click=${done}>${kept}</button>
    </div>`;
}

function hereView({ secret, hub, forget }: View): TemplateResult {
  const { here, show, save, recovery, forget: gone } = desk.secret;
  return html`<p data-testid="secret-here">${here}</p>
    <details>
      <summary>${show}</summary>
      <p class="secret"><code data-testid="secret-text">${secret.text}</code></p>
      <p>${recovery}</p>
      <div class="buttons">
        <button type="button" data-testid="save-secret" @click=${() => secret.save(hub)}>${save}</button>
        <button type="button" data-testid="forget-secret" @click=${forget}>${gone}</button>
      </div>
    </details>`;
}

export function secretView(view: View): TemplateResult {
  const { bytes, kept } = view.secret;
  return html`<section class=${bytes && !kept ? "notice important" : ""} data-testid="secret-box">
    <h2 tabindex="-1">${desk.secret.title}</h2>
    ${bytes ? (kept ? hereView(view) : keepView(view)) : noneView(view)}
  </section>`;
}
