/** The invite links, and a request to try it all with. */

import { html, nothing, type TemplateResult } from "lit";

import { absolute } from "../model/address";
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
    testCase: { state: true },
    pushedFrom: { state: true },
  };
  static override styles = shared;

  declare invites: readonly Invite[];
  declare testCase: string | null;
  /** From when phones may be pushed again, if the test came too soon for it. */
  declare pushedFrom: number | null;

  constructor() {
    super();
    this.testCase = null;
    this.pushedFrom = null;
  }

  async #test(): Promise<void> {
    await this.attempt(async () => {
      const link = await this.desk.keyedLink(async (recipient) => {
        const made = await this.desk.call("testRequest", { recipient });
        this.testCase = made.case_id;
        this.pushedFrom = made.pushed_from;
        return made.status_url;
      });
      this.desk.testLink = link;
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
    const link = this.desk.testLink;
    if (link === null) return nothing;
    const id = this.testCase;
    const { pushedFrom } = this;
    return html`<p role="status">${texts.testDone}</p>
      ${pushedFrom === null
        ? nothing
        : html`<p class="notice" data-testid="test-no-push">
            ${fill(texts.testNoPush, { when: clock(pushedFrom, this.desk.manner) })}
          </p>`}
      <div class="buttons">
        <a class="button" href=${link} target="_blank" rel="noreferrer" data-testid="test-status">
          ${texts.testOpen}
        </a>
        ${id === null
          ? nothing
          : html`<button
              type="button"
              data-testid="test-case"
              @click=${() => this.dispatchEvent(new CustomEvent("open", { detail: id }))}
            >
              ${texts.testCase}
            </button>`}
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
