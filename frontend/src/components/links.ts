/** The invite links, and a request to try it all with. */

import { html, nothing, type TemplateResult } from "lit";

import "../door";
import { absolute } from "../model/address";
import { COMMANDS } from "../model/commands";
import { fill, word } from "../model/fill";
import { clock } from "../model/format";
import type { Invite } from "../model/wire";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";
import "./link_box";

const texts = panel.links;

/** Fires `open` with the id of the test's case. */
export class Links extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    invites: { attribute: false },
  };
  static override styles = shared;

  declare invites: readonly Invite[];

  async #test(): Promise<void> {
    await this.attempt(async () => {
      const sent = { caseId: "", pushedFrom: null as number | null };
      const link = await this.desk.keyedLink(async (recipient) => {
        const made = await this.desk.call(COMMANDS.testRequest, { recipient });
        sent.caseId = made.case_id;
        sent.pushedFrom = made.pushed_from;
        return made.status_url;
      });
      this.desk.test = { ...sent, link };
    });
  }

  #invite({ label, kind, url, external, expired }: Invite): TemplateResult {
    const name = label === "" ? texts.unnamed : label;
    return html`<section data-testid="invite">
      <h2>${name} <small>(${word(texts.kinds, kind)})</small></h2>
      ${expired ? html`<p data-testid="expired">${texts.expired}</p>` : nothing}
      ${external ? nothing : html`<p data-testid="at-home-only">${texts.atHomeOnly}</p>`}
      <clip-consent-link
        .link=${absolute(url, location.origin)}
        .label=${name}
      ></clip-consent-link>
    </section>`;
  }

  #tested(): TemplateResult | typeof nothing {
    const { test } = this.desk;
    if (test === null) return nothing;
    const { caseId, link, pushedFrom } = test;
    return html`<p role="status">${texts.testDone}</p>
      ${pushedFrom === null
        ? nothing
        : html`<p class="notice" data-testid="test-no-push">
            ${fill(texts.testNoPush, { when: clock(pushedFrom, this.desk.manner) })}
          </p>`}
      <div class="buttons">
        <button
          type="button"
          class="primary"
          data-testid="test-case"
          @click=${() => this.dispatchEvent(new CustomEvent("open", { detail: caseId }))}
        >
          ${texts.testCase}
        </button>
        <a class="button" href=${link} target="_blank" rel="noreferrer" data-testid="test-status">
          ${texts.testOpen}
        </a>
      </div>
      <clip-consent-link .link=${link} .label=${texts.testLabel}></clip-consent-link>`;
  }

  override render() {
    return html`<section data-testid="test">
        <h2>${texts.test}</h2>
        <p>${texts.testText}</p>
        ${this.#tested()} ${this.faultView()}
        <div class="buttons">
          <button
            type="button"
            data-testid="test-request"
            ?disabled=${this.working}
            @click=${() => this.#test()}
          >
            ${texts.testButton}
          </button>
        </div>
      </section>
      ${this.invites.length === 0 ? html`<p data-testid="empty">${texts.none}</p>` : nothing}
      ${this.invites.map((invite) => this.#invite(invite))}`;
  }
}

define("clip-consent-links", Links);
