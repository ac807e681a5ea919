/** Notices of the hubs that are followed: read, put away, commented; and one of one's own. */

import { css, html, nothing, type TemplateResult } from "lit";

import "../door";
import { clean } from "../model/ask_form";
import { fill, word } from "../model/fill";
import { dayAndClock } from "../model/format";
import { wordsOf, type Identity } from "../model/identity";
import {
  forAll,
  isHeld,
  NOTICE_COMMANDS,
  NOTICE_LIMITS,
  noticeFault,
  NOTICES,
  noticesTold,
  type Comment,
  type Notice,
  type NoticesTold,
  type Reach,
  type Written,
} from "../model/notices";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";
import "./identity";

const UNSAID: Identity = { said: false, text: "" };
const texts = panel.notices;
const TICK = 1_000; // milliseconds

/** Fires `open` with the id of a comment's case. */
export class Notices extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    told: { state: true },
    sent: { state: true },
    ticks: { state: true },
    identities: { state: true },
  };

  static override styles = [
    shared,
    css`
      input,
      select {
        margin-bottom: 12px;
      }
    `,
  ];

  declare told: NoticesTold | null;
  /** Whether a notice was just handed in. */
  declare sent: boolean;
  /** Only draws it anew. */
  declare ticks: number;
  /** What is ticked and written about oneself, by the notice that is commented on. */
  declare identities: ReadonlyMap<string, Identity>;
  #leave: Promise<() => Promise<void>> | null = null;
  #ticking = 0;

  constructor() {
    super();
    this.told = null;
    this.sent = false;
    this.ticks = 0;
    this.identities = new Map();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const joined = this.desk.hass.connection.subscribeMessage(
      (message) => (this.told = noticesTold(message)),
      { type: NOTICES, language: this.desk.language },
    );
    this.#leave = joined;
    joined.catch((error: unknown) => (this.fault = this.desk.text(error)));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
    this.#ticking = 0;
    this.#leave?.then((leave) => leave()).catch(() => undefined);
    this.#leave = null;
  }

  /** While something can be taken back, the time goes on. */
  override updated(): void {
    const held = this.told?.written.some((one) => isHeld(one, this.desk.now)) ?? false;
    if (held && this.#ticking === 0) {
      this.#ticking = window.setInterval(() => (this.ticks += 1), TICK);
    } else if (!held) {
      clearInterval(this.#ticking);
      this.#ticking = 0;
    }
  }

  async #comment({ portal_id, notice_id }: Notice, field: HTMLTextAreaElement | null): Promise<void> {
    const text = clean(field?.value ?? "");
    const identity = wordsOf(this.identities.get(notice_id) ?? UNSAID);
    if (text === "") {
      field?.focus();
      return;
    }
    if (identity === null) {
      this.fault = panel.identity.needed;
      return;
    }
    await this.attempt(async () => {
      const written = { portal_id, notice_id, text, identity };
      const { case: one } = await this.desk.call(NOTICE_COMMANDS.comment, written);
      this.desk.identities.set(one.case_id, identity);
      this.dispatchEvent(new CustomEvent("open", { detail: one.case_id }));
    });
  }

  #commenting(notice: Notice): TemplateResult | typeof nothing {
    if (!notice.comments) return nothing;
    const id = `comment-${notice.notice_id}`;
    const write = (event: Event): void => {
      const place = (event.currentTarget as HTMLElement).closest("details");
      void this.#comment(notice, place?.querySelector("textarea") ?? null);
    };
    return html`<details data-testid="commenting">
      <summary>${texts.comment.title}</summary>
      <label for=${id}>${texts.comment.text}</label>
      <textarea id=${id} rows="3" data-testid="comment-text"></textarea>
      <p class="soft">${texts.comment.hint}</p>
      <clip-consent-identity
        .identity=${this.identities.get(notice.notice_id) ?? UNSAID}
        .hint=${texts.comment.identity}
        @said=${(event: CustomEvent<Identity>) =>
          (this.identities = new Map(this.identities).set(notice.notice_id, event.detail))}
      ></clip-consent-identity>
      <div class="buttons">
        <button type="button" data-testid="comment" ?disabled=${this.working} @click=${write}>
          ${texts.comment.prepare}
        </button>
      </div>
    </details>`;
  }

  /** Title and text are a stranger's: they stand in text nodes. */
  #notice(notice: Notice): TemplateResult {
    const { portal_id, notice_id, author, label, title, text } = notice;
    const { manner } = this.desk;
    const dismiss = (): Promise<boolean> =>
      this.attempt(() => this.desk.call(NOTICE_COMMANDS.dismiss, { portal_id, notice_id }));
    return html`<section data-testid="notice">
      <p class="soft" data-testid="notice-from">
        ${fill(texts.from[author], { hub: label })} ·
        ${fill(texts.published, { when: dayAndClock(notice.published_at, manner) })}
      </p>
      <h2 data-testid="notice-title">${title}</h2>
      <div class="words" data-testid="notice-text">${text}</div>
      <p class="soft">${texts.words} ${fill(texts.until, { when: dayAndClock(notice.expires_at, manner) })}</p>
      ${this.#commenting(notice)}
      <div class="buttons">
        <button type="button" data-testid="dismiss" ?disabled=${this.working} @click=${dismiss}>
          ${texts.dismiss}
        </button>
      </div>
    </section>`;
  }

  /** Words of a stranger, opened here: they stand in text nodes. */
  #said(one: Comment): TemplateResult {
    const { manner } = this.desk;
    return html`<div data-testid="comment-here">
      <p class="words" dir="auto" data-testid="said-text">${one.text}</p>
      <p class="soft">
        ${one.came_at === null ? nothing : dayAndClock(one.came_at, manner)}
        ${one.identity === ""
          ? nothing
          : html`· ${texts.says} <bdi data-testid="said-identity">${one.identity}</bdi>`}
      </p>
    </div>`;
  }

  #comments({ takes_comments: takes, at_hub: at, comments }: Written): TemplateResult | typeof nothing {
    if (!takes || at === null) return nothing;
    if (comments.length === 0) return html`<p class="soft" data-testid="no-comments">${texts.noComments}</p>`;
    return html`<h4>${texts.comments}</h4>
      ${comments.map((one) => this.#said(one))}
      <p class="soft">${texts.words}</p>`;
  }

  #written(one: Written): TemplateResult {
    const { manner } = this.desk;
    const takeBack = (): Promise<boolean> =>
      this.attempt(() => this.desk.call(NOTICE_COMMANDS.takeBack, { written_id: one.written_id }));
    return html`<li data-testid="written">
      <strong>${one.title}</strong><br>
      <small>
        ${one.label} · ${dayAndClock(one.written_at, manner)} ·
        ${one.at_hub === null ? texts.states[one.state] : word(texts.atHub, one.at_hub)}
        ${one.problem_text ?? ""}
      </small>
      ${this.#comments(one)}
      ${one.state === "waiting"
        ? html`<div class="buttons">
            <button type="button" data-testid="take-back" ?disabled=${this.working} @click=${takeBack}>
              ${texts.takeBack}
            </button>
          </div>`
        : nothing}
    </li>`;
  }

  async #send(hubs: readonly Reach[]): Promise<void> {
    const title = this.renderRoot.querySelector("input");
    const words = this.renderRoot.querySelector<HTMLTextAreaElement>("#words");
    const chosen = this.renderRoot.querySelector<HTMLSelectElement>("#hub")?.value;
    const hub = hubs.find(({ portal_id: id }) => id === chosen) ?? hubs[0];
    if (!title || !words || !hub) return;
    this.sent = false;
    const wrong = noticeFault(title.value, words.value);
    if (wrong !== null) {
      this.fault = fill(texts.send[wrong], NOTICE_LIMITS);
      (wrong === "textLong" ? words : title).focus();
      return;
    }
    const wide = this.renderRoot.querySelector<HTMLSelectElement>("#for")?.value === "all";
    const all = wide && forAll(hub);
    const tick = this.renderRoot.querySelector<HTMLInputElement>("#comments");
    this.sent = await this.attempt(() =>
      this.desk.call(NOTICE_COMMANDS.send, {
        portal_id: hub.portal_id,
        title: clean(title.value),
        text: clean(words.value),
        cells: all ? [...hub.cells] : [],
        comments: tick?.checked ?? true,
      }),
    );
    if (this.sent) title.value = words.value = "";
  }

  #sending({ hubs, written }: NoticesTold): TemplateResult | typeof nothing {
    if (hubs.length === 0) return nothing;
    return html`<section data-testid="sending">
      <h2>${texts.send.title}</h2>
      <p>${texts.send.lead}</p>
      ${hubs.length === 1
        ? nothing
        : html`<label for="hub">${texts.send.hub}</label>
            <select id="hub" data-testid="notice-hub">
              ${hubs.map(({ portal_id: id, label }) => html`<option value=${id}>${label}</option>`)}
            </select>`}
      <label for="title">${texts.send.name}</label>
      <input id="title" maxlength="254" data-testid="notice-name">
      <label for="words">${texts.send.text}</label>
      <textarea id="words" rows="4" data-testid="notice-words"></textarea>
      <p class="soft">${fill(texts.send.limits, NOTICE_LIMITS)}</p>
      ${hubs.some(forAll)
        ? html`<label for="for">${texts.send.for}</label>
            <select id="for" data-testid="notice-for">
              <option value="near">${texts.send.near}</option>
              <option value="all">${texts.send.all}</option>
            </select>`
        : html`<p class="soft">${texts.send.nearOnly}</p>`}
      <label class="tick">
        <input type="checkbox" id="comments" checked data-testid="notice-comments">
        ${texts.send.comments}
      </label>
      ${this.sent ? html`<p class="notice" role="status" data-testid="handed-in">${texts.send.done}</p>` : nothing}
      <div class="buttons">
        <button
          type="button"
          class="primary"
          data-testid="send-notice"
          ?disabled=${this.working}
          @click=${() => this.#send(hubs)}
        >
          ${texts.send.button}
        </button>
      </div>
      ${written.length === 0
        ? nothing
        : html`<h3>${texts.written}</h3>
            <ul>
              ${written.map((one) => this.#written(one))}
            </ul>`}
    </section>`;
  }

  override render() {
    const { told } = this;
    if (!told) return html`${this.faultView()} ${this.fault === null ? html`<p>${panel.loading}</p>` : nothing}`;
    return html`${told.notices.length === 0
      ? html`<p data-testid="empty">${texts.empty}</p>`
      : told.notices.map((notice) => this.#notice(notice))}
    ${this.faultView()} ${this.#sending(told)}`;
  }
}

define("clip-consent-notices", Notices);
