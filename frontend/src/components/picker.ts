/** Choosing the clip: camera, start, end, sound. */

import { css, html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import { copyHelps } from "../model/abilities";
import { COMMANDS } from "../model/commands";
import { fill } from "../model/fill";
import { clock, duration, wireTime } from "../model/format";
import { identityOf, wordsOf, type Identity } from "../model/identity";
import { alwaysOn, beside, cornersOf, needed } from "../model/masks";
import {
  ENDS,
  corrections,
  covered,
  firstChoice,
  forCamera,
  limitsOf,
  moved,
  partsOf,
  runsOf,
  stepped,
  withFootage,
  type Choice,
  type Correction,
  type End,
} from "../model/picker";
import { isSilent } from "../model/sound";
import type { Case, Region, Span } from "../model/wire";
import { momentsOf, parseWall, wallClock, wallDate, wallOf } from "../model/zone";
import { panel } from "../strings/of_panel";
import "./begins";
import { define, DeskElement, shared } from "./element";
import { gapView } from "./gap";
import "./hiding";
import "./identity";
import "./pictures";
import type { Tap } from "./pictures";
import "./timeline";

const NUDGES = [-10, -1, 1, 10]; // seconds
const texts = panel.picker;

export class Picker extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    choice: { state: true },
    playable: { state: true },
    identity: { state: true },
    notes: { state: true },
  };

  static override styles = [
    shared,
    css`
      .ends {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 250px), 1fr));
        gap: 12px;
        margin: 12px 0;
      }

      .nudges {
        display: grid;
        grid-template-columns: repeat(4, 1fr);
        gap: 4px;
        margin-top: 4px;
      }

      .nudges button {
        min-width: 0;
        padding: 8px 2px;
        border-color: var(--line);
      }
    `,
  ];

  declare one: Case;
  declare choice: Choice | null;
  declare playable: boolean;
  /** Null until it is touched: then as with the draft. */
  declare identity: Identity | null;
  /** What was changed of what the owner set, in words. */
  declare notes: readonly string[];
  /** Being typed: what was chosen before, and what stands in the field now. */
  #typing: { readonly which: End; readonly before: Choice; text: string; wrong: boolean } | null =
    null;
  #touched = false;

  constructor() {
    super();
    this.choice = null;
    this.playable = false;
    this.identity = null;
    this.notes = [];
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("one")) return;
    const before = changed.get("one") as Case | undefined;
    if (before?.case_id !== this.one.case_id) {
      this.#touched = false;
      this.identity = null;
    }
    if (!this.#touched || !this.choice) {
      this.choice = this.#begin();
      this.notes = [];
    }
    if (before?.problem !== this.one.problem && copyHelps(this.one)) this.playable = true;
  }

  /** With the draft; if there is none, with what was tried before. */
  #begin(): Choice | null {
    const tried = this.desk.choices.get(this.one.case_id);
    const stands = !this.one.draft && tried && runsOf(this.one, tried.camera).length > 0;
    return stands ? tried : firstChoice(this.one);
  }

  #choose(choice: Choice | null, notes: readonly string[] = []): void {
    this.#touched = true;
    const moved = choice?.camera !== this.choice?.camera;
    this.choice = choice && moved ? { ...choice, masks: [] } : choice; // it shows something else
    this.notes = notes;
  }

  #move(which: End, to: number, from = this.choice): void {
    if (!from) return;
    const limits = limitsOf(this.one);
    const after = moved(from, which, to, limits);
    const found = corrections(from, which, to, after, limits);
    this.#choose(after, found.map((one) => this.#note(one, after)));
  }

  #note({ which, why }: Correction, after: Choice): string {
    const { start, end, maxSeconds } = limitsOf(this.one);
    const { manner } = this.desk;
    return fill(texts.corrected[why], {
      which: texts[which],
      time: clock(after[which], manner, true),
      from: clock(start, manner, true),
      to: clock(end, manner, true),
      most: duration(maxSeconds, manner.locale),
    });
  }

  #focused(which: End, text: string): void {
    if (this.choice) this.#typing = { which, before: this.choice, text, wrong: false };
  }

  /** The field shows what was typed until it is left, then what it became. */
  #left(which: End): void {
    const typing = this.#typing;
    this.#typing = null;
    if (typing?.wrong && this.choice) {
      const time = clock(this.choice[which], this.desk.manner, true);
      this.notes = [fill(texts.noTime, { which: texts[which], time })];
    }
    this.requestUpdate();
  }

  /** Browsers tell of every digit: each is taken as if it were the only one. */
  #typed(which: End, value: string): void {
    const typing = this.#typing?.which === which ? this.#typing : null;
    if (typing) typing.text = value;
    const { zone } = this.desk.manner;
    const [date = "", time = ""] = value.split("T");
    const wall = parseWall(date, time);
    const moments = wall === null ? [] : momentsOf(zone, wall);
    const { start, end } = limitsOf(this.one);
    const moment = moments.find((one) => one >= start && one <= end) ?? moments[0];
    if (typing) typing.wrong = moment === undefined;
    if (moment !== undefined) this.#move(which, moment, typing?.before ?? this.choice);
    else this.requestUpdate();
  }

  get #identity(): Identity {
    return this.identity ?? identityOf(this.one, this.desk.identities.get(this.one.case_id));
  }

  async #prepare(): Promise<void> {
    const { choice } = this;
    if (!choice) return;
    const identity = wordsOf(this.#identity);
    if (identity === null) {
      this.fault = panel.identity.needed;
      return;
    }
    this.desk.choices.set(this.one.case_id, choice);
    this.desk.identities.set(this.one.case_id, identity);
    const prepared = await this.attempt(() =>
      this.desk.call(COMMANDS.prepare, {
        case_id: this.one.case_id,
        camera_id: choice.camera,
        start: wireTime(choice.start),
        end: wireTime(choice.end),
        audio: choice.audio,
        playable: this.playable,
        identity,
        exact: choice.exact && !this.playable,
        masks: cornersOf(beside(choice.masks, this.#always(choice))),
      }),
    );
    if (!prepared) return;
    this.#touched = false;
    this.identity = null;
    this.dispatchEvent(new Event("prepared"));
  }

  #always({ camera }: Choice): readonly Region[] {
    return alwaysOn(this.desk.known?.snapshot.cameras ?? [], camera);
  }

  #hiding(choice: Choice): TemplateResult {
    const drawn = ({ detail: masks }: CustomEvent<readonly Region[]>): void =>
      this.#choose({ ...choice, masks });
    return html`<clip-consent-hiding
      .desk=${this.desk}
      .one=${this.one}
      .choice=${choice}
      @drawn=${drawn}
    ></clip-consent-hiding>`;
  }

  #cameras(choice: Choice): TemplateResult {
    const changed = (event: Event): void => {
      const camera = (event.target as HTMLSelectElement).value;
      this.#choose(forCamera(this.one, camera, choice.audio));
    };
    return html`<label for="camera">${texts.camera}</label>
      <select id="camera" data-testid="camera" @change=${changed}>
        ${withFootage(this.one).map(
          ({ camera_id: id, camera }) =>
            html`<option value=${id} ?selected=${id === choice.camera}>${camera ?? id}</option>`,
        )}
      </select>`;
  }

  #timeline(choice: Choice): TemplateResult {
    return html`<clip-consent-timeline
      .desk=${this.desk}
      .one=${this.one}
      .choice=${choice}
      @chosen=${(event: CustomEvent<Choice>) => this.#choose(event.detail)}
    ></clip-consent-timeline>`;
  }

  #pictures(choice: Choice): TemplateResult {
    return html`<clip-consent-pictures
      .desk=${this.desk}
      .one=${this.one}
      .choice=${choice}
      @tapped=${({ detail: { which, at } }: CustomEvent<Tap>) => this.#move(which, at)}
    ></clip-consent-pictures>`;
  }

  #end(choice: Choice, which: End): TemplateResult {
    const wall = wallOf(this.desk.manner.zone, choice[which]);
    const name = texts[which];
    const typed = this.#typing?.which === which ? this.#typing.text : null;
    return html`<div>
      <label for=${which}>${name}</label>
      <input
        id=${which}
        type="datetime-local"
        step="1"
        .value=${live(typed ?? `${wallDate(wall)}T${wallClock(wall)}`)}
        data-testid=${which}
        @focus=${(event: Event) => this.#focused(which, (event.target as HTMLInputElement).value)}
        @change=${(event: Event) => this.#typed(which, (event.target as HTMLInputElement).value)}
        @blur=${() => this.#left(which)}
      >
      <div class="nudges">
        ${NUDGES.map((by) => {
          const change = by < 0 ? `−${-by}` : `+${by}`;
          return html`<button
            type="button"
            aria-label=${fill(texts.nudge, { which: name, change })}
            data-testid="${which}${by}"
            @click=${() => this.#move(which, stepped(choice[which], by))}
          >
            ${change} s
          </button>`;
        })}
      </div>
    </div>`;
  }

  /** Only where the owner moves something: what was drafted tells for itself. */
  #begins(choice: Choice): TemplateResult | typeof nothing {
    // what is encoded anew, as all that hides something is, begins anywhere
    const copied = !this.playable && choice.masks.length + this.#always(choice).length === 0;
    if (!copied || !this.#touched) return nothing;
    return html`<clip-consent-begins
      .desk=${this.desk}
      .one=${this.one}
      .choice=${choice}
      @begin=${(event: CustomEvent<number>) => this.#move("start", event.detail)}
      @exact=${(event: CustomEvent<boolean>) => this.#choose({ ...choice, exact: event.detail })}
    ></clip-consent-begins>`;
  }

  #length(choice: Choice, runs: readonly Span[]): TemplateResult {
    const { locale } = this.desk.manner;
    const seconds = (choice.end - choice.start) / 1000;
    const there = covered(choice, runs);
    const most = duration(limitsOf(this.one).maxSeconds, locale);
    return html`<p role="status" data-testid="length">
      ${fill(texts.length, { length: duration(seconds, locale), most })}
      ${there === 0
        ? html`<br><strong>${texts.none}</strong>`
        : there < seconds
          ? html`<br><strong>${fill(texts.gaps, { length: duration(there, locale) })}</strong>`
          : nothing}
    </p>`;
  }

  #options(choice: Choice): TemplateResult {
    const allowed = this.one.screening?.audio_allowed ?? false;
    const sound = !allowed
      ? texts.audioNo
      : isSilent(choice, this.one.draft)
        ? texts.audioNone
        : null;
    return html`${sound === null
        ? html`<label class="tick">
            <input
              type="checkbox"
              data-testid="audio"
              .checked=${choice.audio}
              @change=${() => this.#choose({ ...choice, audio: !choice.audio })}
            >
            ${texts.audio}
          </label>`
        : html`<p class="soft" data-testid="audio-no">${sound}</p>`}
      <label class="tick">
        <input
          type="checkbox"
          data-testid="playable"
          .checked=${this.playable}
          @change=${() => (this.playable = !this.playable)}
        >
        ${texts.playable}
      </label>
      ${this.#aboutOwner()}`;
  }

  /** What is handed over has nothing beside it that could say it. */
  #aboutOwner(): TemplateResult | typeof nothing {
    if (this.one.request.way === "hand_over") return nothing;
    const said = (event: CustomEvent<Identity>): void => {
      this.#touched = true;
      this.identity = event.detail;
    };
    return html`<clip-consent-identity
      .identity=${this.#identity}
      @said=${said}
    ></clip-consent-identity>`;
  }

  override render() {
    const { choice } = this;
    if (!choice) return nothing;
    const runs = runsOf(this.one, choice.camera);
    const parts = partsOf(choice, runs);
    return html`${this.#cameras(choice)} ${this.#timeline(choice)} ${this.#pictures(choice)}
      <div class="ends">${ENDS.map((which) => this.#end(choice, which))}</div>
      ${this.notes.length === 0
        ? nothing
        : html`<div class="notice" role="status" data-testid="corrected">
            ${this.notes.map((note) => html`<p>${note}</p>`)}
          </div>`}
      ${this.#begins(choice)} ${this.#length(choice, runs)}
      ${gapView(parts, this.desk.manner, (part) => this.#choose(part))} ${this.#hiding(choice)}
      ${this.#options(choice)}
      ${this.one.offer && this.#touched
        ? html`<p class="soft" role="status" data-testid="not-yet">${texts.notYet}</p>`
        : nothing}
      ${this.faultView()}
      <div class="buttons">
        <button
          type="button"
          class=${this.one.draft ? "" : "primary"}
          data-testid="prepare"
          ?disabled=${this.working ||
          parts.length !== 1 ||
          needed(this.one, choice.masks, this.#always(choice))}
          @click=${() => this.#prepare()}
        >
          ${this.one.draft ? texts.prepareAgain : texts.prepare}
        </button>
      </div>`;
  }
}

define("clip-consent-picker", Picker);
