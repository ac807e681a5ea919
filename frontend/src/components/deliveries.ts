/** What was shared of a case: until when it can be fetched, taking it back. */

import { html, nothing, type TemplateResult } from "lit";

import { isHere } from "../model/cases";
import { COMMANDS } from "../model/commands";
import { fill } from "../model/fill";
import { bytes, dayAndClock } from "../model/format";
import { fileName } from "../model/playback";
import type { Case, Delivery } from "../model/wire";
import { saveFile } from "../save";
import { panel } from "../strings/of_panel";
import { sharedText, untilWhat } from "./delivery_line";
import { define, DeskElement, row, shared } from "./element";

const texts = panel.deliveries;

export class Deliveries extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    asking: { state: true },
  };
  static override styles = shared;

  declare one: Case;
  declare asking: string | null;

  constructor() {
    super();
    this.asking = null;
  }

  async #revoke(id: string): Promise<void> {
    await this.attempt(() => this.desk.call(COMMANDS.revoke, { delivery_id: id }));
    this.asking = null;
  }

  /** With this session's own token: the address itself opens nothing. */
  async #download({ sha256, delivered_at: at }: Delivery): Promise<void> {
    const path = `/api/clip_consent/draft/${this.one.case_id}/${sha256}/file`;
    await this.attempt(async () => {
      const answer = await this.desk.hass.fetchWithAuth(path);
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- as callWS rejects
      if (!answer.ok) throw { code: "download" };
      const words = answer.headers.get("Content-Type")?.startsWith("text/") ?? false;
      saveFile(await answer.blob(), fileName(words ? "answer" : "clip", at ?? Date.now()));
    });
  }

  /** What the home knows of the delivery: with it a clip can be checked by others. */
  #receipt({ receipt, delivered_at: at }: Delivery): void {
    const content = new Blob([JSON.stringify(receipt, null, 2)], { type: "application/json" });
    saveFile(content, fileName("receipt", at ?? Date.now()));
  }

  #actions(delivery: Delivery): TemplateResult | typeof nothing {
    if (!isHere(delivery, this.desk.now)) return nothing;
    if (this.one.request.way === "hand_over") {
      return html`<div class="buttons">
        <button
          type="button"
          class="primary"
          data-testid="download"
          ?disabled=${this.working}
          @click=${() => this.#download(delivery)}
        >
          ${this.working ? texts.downloading : texts.download}
        </button>
      </div>`;
    }
    if (this.one.request.way !== "drop") return nothing;
    const id = delivery.delivery_id;
    if (this.asking !== id) {
      return html`<div class="buttons">
        <button type="button" class="danger" data-testid="revoke" @click=${() => (this.asking = id)}>
          ${texts.revoke}
        </button>
      </div>`;
    }
    return html`<p>${texts.sure}</p>
      <div class="buttons">
        <button
          type="button"
          class="danger"
          data-testid="revoke-confirm"
          ?disabled=${this.working}
          @click=${() => this.#revoke(id)}
        >
          ${texts.confirm}
        </button>
        <button type="button" class="plain" @click=${() => (this.asking = null)}>${texts.keep}</button>
      </div>`;
  }

  #delivery(delivery: Delivery): TemplateResult {
    const { manner } = this.desk;
    return html`<div data-testid="delivery">
      <dl>
        ${row(texts.what, sharedText(delivery, manner))}
        ${delivery.delivered_at === null
          ? nothing
          : row(texts.at, dayAndClock(delivery.delivered_at, manner, true))}
        ${delivery.available_until === null
          ? nothing
          : row(untilWhat(this.one), dayAndClock(delivery.available_until, manner))}
        ${delivery.package_size === null
          ? nothing
          : row(texts.size, bytes(delivery.package_size, manner.locale))}
        ${row(panel.draft.digest, html`<span class="digest">${delivery.sha256}</span>`)}
      </dl>
      ${delivery.available_until === null ? html`<p class="soft">${texts.untilNot}</p>` : nothing}
      ${delivery.revoked_at === null
        ? nothing
        : html`<p data-testid="revoked">
            ${fill(texts.revoked, { when: dayAndClock(delivery.revoked_at, manner) })}
          </p>`}
      ${this.#actions(delivery)}
      <button type="button" class="plain" data-testid="receipt" @click=${() => this.#receipt(delivery)}>
        ${texts.receipt}
      </button>
    </div>`;
  }

  override render() {
    return html`${this.one.deliveries.map((delivery) => this.#delivery(delivery))}
    ${this.faultView()}`;
  }
}

define("clip-consent-deliveries", Deliveries);
