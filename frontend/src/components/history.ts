/** All cases that ever were, or those that a search fits: page by page, newest first. */

import { css, html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";

import "../door";
import type { Cursor } from "../model/answers";
import { COMMANDS } from "../model/commands";
import type { Manner } from "../model/format";
import { BEGINNING, collect, isAll, ONLY, soughtBy, type Look, type Wanted } from "../model/history";
import type { Case } from "../model/wire";
import { panel } from "../strings/of_panel";
import { CaseList } from "./case_list";
import { deliveryLines } from "./delivery_line";
import { define, DeskElement } from "./element";
import { Older } from "./older";

const PAGE = 50;
const TYPING = 300; // milliseconds without a key until it is looked for
const texts = panel.history;

/** Goes on where the desk's last look at the history ended. */
export class History extends CaseList {
  static override properties = { ...DeskElement.properties, look: { state: true } };

  static override styles = [
    ...CaseList.styles,
    css`
      /* Two in a row on a phone too: what was looked for stands below. */
      search.pair {
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 140px), 1fr));
      }

      li {
        /* Of a thousand, only those on the screen are laid out. */
        content-visibility: auto;
        contain-intrinsic-block-size: auto 104px;
      }
    `,
  ];

  declare look: Look;
  #typing = 0;
  readonly #older = new Older(this, () => {
    // after a fault it is for people to say when it is tried again
    if (this.look.next !== null && this.fault === null) void this.#more();
  });

  constructor() {
    super();
    this.look = BEGINNING;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.desk.left = null; // it has its own place
    const kept = this.desk.look;
    if (kept?.cases) {
      // what was done to one of them meanwhile is known
      this.look = { ...kept, cases: kept.cases.map((one) => this.desk.find(one.case_id) ?? one) };
    } else {
      this.#begin(kept?.wanted ?? BEGINNING.wanted);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
  }

  override firstUpdated(): void {
    const { place } = this.look;
    if (!place) return;
    const button = this.renderRoot.querySelector<HTMLElement>(`[data-case="${place.caseId}"]`);
    const line = button?.closest("li");
    if (!button || !line) return;
    const move = (): void => scrollBy(0, line.getBoundingClientRect().top - place.top);
    move();
    requestAnimationFrame(move); // the lines around it have got their height
    button.focus({ preventScroll: true });
  }

  #see(look: Look): void {
    this.look = look;
    this.desk.look = look;
  }

  #begin(wanted: Wanted): void {
    clearTimeout(this.#typing);
    this.#see({ ...BEGINNING, wanted });
    void this.#more();
  }

  #type(search: string): void {
    clearTimeout(this.#typing);
    this.#typing = window.setTimeout(() => {
      const { wanted } = this.look;
      if (search !== wanted.search) this.#begin({ ...wanted, search });
    }, TYPING);
  }

  async #more(): Promise<void> {
    if (this.working) return; // whoever is at work sees that something else is wanted
    const { wanted } = this.look;
    await this.attempt(async () => {
      const ask = (before: Cursor | null) =>
        this.desk.call(COMMANDS.history, {
          before,
          limit: PAGE,
          ...soughtBy(wanted, this.desk.manner.zone),
        });
      const page = await collect(ask, this.look.next, PAGE);
      this.desk.remember(page.cases);
      if (wanted !== this.look.wanted) return;
      this.#see({
        ...this.look,
        cases: [...(this.look.cases ?? []), ...page.cases],
        next: page.next,
      });
      // where nothing was found it would go on through all there is
      if (page.cases.length > 0) this.#older.again();
    });
    if (wanted !== this.look.wanted) await this.#more();
  }

  protected override opens(line: HTMLElement, caseId: string): void {
    const { top } = line.getBoundingClientRect();
    this.#see({ ...this.look, place: { caseId, top } }); // a page may still be on its way
  }

  #form(): TemplateResult {
    const { wanted } = this.look;
    const typed = (event: Event): void => {
      this.#type((event.target as HTMLInputElement).value.trim());
    };
    const chosen = (event: Event): void => {
      const only = (event.target as HTMLSelectElement).value as Wanted["only"];
      this.#begin({ ...this.look.wanted, only });
    };
    const narrowed = (part: Partial<Wanted>): void => this.#begin({ ...this.look.wanted, ...part });
    const cameras = this.desk.known?.snapshot.cameras ?? [];
    return html`<search class="pair">
      <div>
        <label for="search">${texts.search}</label>
        <input
          id="search"
          type="search"
          data-testid="search"
          maxlength="200"
          value=${wanted.search}
          @input=${typed}
        >
      </div>
      <div>
        <label for="only">${texts.only}</label>
        <select id="only" data-testid="only" @change=${chosen}>
          ${ONLY.map(
            (name) =>
              html`<option value=${name} ?selected=${name === wanted.only}>${texts.show[name]}</option>`,
          )}
        </select>
      </div>
      <div>
        <label for="camera">${texts.camera}</label>
        <select
          id="camera"
          data-testid="of-camera"
          @change=${(event: Event) => narrowed({ camera: (event.target as HTMLSelectElement).value })}
        >
          <option value="">${texts.allCameras}</option>
          ${cameras.map(
            ({ camera_id: id, name }) =>
              html`<option value=${id} ?selected=${id === wanted.camera}>${name}</option>`,
          )}
        </select>
      </div>
      <div>
        <label for="day">${texts.day}</label>
        <input
          id="day"
          type="date"
          data-testid="of-day"
          .value=${wanted.day}
          @change=${(event: Event) => narrowed({ day: (event.target as HTMLInputElement).value })}
        >
      </div>
    </search>`;
  }

  #empty(): TemplateResult {
    const { wanted, next } = this.look;
    const what = isAll(wanted) ? texts.empty : next === null ? texts.none : texts.noneYet;
    return html`<p role="status" data-testid="empty">${what}</p>`;
  }

  /** Lines that are as they were are not drawn again. */
  #lines(cases: readonly Case[], manner: Manner): unknown {
    const { locale, zone, hour12 } = manner;
    return repeat(
      cases,
      (one) => one.case_id,
      (one) =>
        guard([one, locale, zone, hour12], () => this.line(one, manner, deliveryLines(one, manner))),
    );
  }

  #moreButton(): TemplateResult {
    return html`<button
      id="older"
      type="button"
      data-testid="more"
      aria-disabled=${this.working}
      @click=${() => this.#more()}
    >
      ${this.fault === null ? texts.more : panel.retry}
    </button>`;
  }

  override render() {
    const { cases, next } = this.look;
    return html`${this.#form()}
      ${cases === null && this.working ? html`<p role="status">${panel.loading}</p>` : nothing}
      ${cases?.length === 0 ? this.#empty() : nothing}
      <ol data-testid="history">
        ${this.#lines(cases ?? [], this.desk.manner)}
      </ol>
      ${this.faultView()} ${next !== null || this.fault !== null ? this.#moreButton() : nothing}`;
  }
}

define("clip-consent-history", History);
