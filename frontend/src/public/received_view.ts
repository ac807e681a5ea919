/** What follows a request that was received: the link to keep. */

import { html, nothing, type TemplateResult } from "lit/html.js";
import { ref } from "lit/directives/ref.js";

import { fill } from "../model/fill";
import { dayAndClock } from "../model/format";
import { utcText } from "../model/zone_text";
import { ask, common } from "../strings/of_pages";
import { manner } from "./page";

export interface Kept {
  readonly link: string;
  readonly until: number;
  readonly kept: boolean;
  readonly copied: boolean;
  readonly canShare: boolean;
  readonly copy: () => void;
  readonly share: () => void;
  readonly save: () => void;
  readonly remind: () => void;
  readonly tick: (event: Event) => void;
  readonly drawQr: (canvas: Element | undefined) => void;
}

/** `Mon, 30 November 2026, 20:00`, UTC small beside it. */
export function moment(at: number): TemplateResult {
  return html`<time datetime=${new Date(at).toISOString()}>${dayAndClock(at, manner)}</time>
    <small class="utc">${utcText(at)}</small>`;
}

export function untilText(until: number): string {
  return fill(ask.received.until, { when: dayAndClock(until, manner) });
}

function keeping(view: Kept): TemplateResult {
  return html`<div class="buttons">
    <button type="button" class="primary" data-testid="copy" @click=${view.copy}>
      ${view.copied ? common.copied : common.copy}
    </button>
    <button type="button" data-testid="save" @click=${view.save}>${common.saveFile}</button>
    ${view.canShare
      ? html`<button type="button" data-testid="share" @click=${view.share}>
          ${common.share}
        </button>`
      : nothing}
    <a class="button" data-testid="open-status" href=${view.link} target="_blank" rel="noreferrer">
      ${ask.received.open}
    </a>
  </div>`;
}

export function receivedView(view: Kept): TemplateResult {
  const { title, keep, why, link, kept, keptDone, next, nextText } = ask.received;
  return html`<h1 tabindex="-1" data-testid="received">${title}</h1>
    <section class="notice important">
      <h2>${keep}</h2>
      <p>${why}</p>
      <label for="link">${link}</label>
      <input id="link" class="link" data-testid="link" readonly .value=${view.link}>
      ${keeping(view)}
      <figure class="qr">
        <canvas
          data-testid="qr"
          role="img"
          aria-label=${common.qrAlt}
          ${ref(view.drawQr)}
        ></canvas>
      </figure>
      <label class="tick">
        <input type="checkbox" data-testid="kept" .checked=${view.kept} @change=${view.tick}>
        ${kept}
      </label>
      <p class="hint" role="status" data-testid="kept-note">
        ${view.kept ? keptDone : ask.received.leave}
      </p>
    </section>
    <section>
      <h2>${next}</h2>
      <p data-testid="until"><strong>${untilText(view.until)}</strong> <small class="utc">${utcText(view.until)}</small></p>
      <p>${nextText}</p>
      <div class="buttons">
        <button type="button" data-testid="calendar" @click=${view.remind}>
          ${ask.received.calendar}
        </button>
      </div>
    </section>`;
}
