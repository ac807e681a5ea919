/** Choosing the clip: camera, start, end, sound. */

import { css, html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import { copyHelps } from "../model/cases";
import { fill } from "../model/fill";
import { clock, duration, wireTime } from "../model/format";
import {
  corrections,
  covered,
  firstChoice,
  forCamera,
  limitsOf,
  moved,
  pictureTimes,
  runsOf,
  withFootage,
  type Choice,
  type Correction,
  type End,
} from "../model/picker";
import { isSilent } from "../model/sound";
import type { Case, Span, Thumbnail } from "../model/wire";
import { momentsOf, parseWall, wallClock, wallDate, wallOf } from "../model/zone";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";
import "./timeline";

const PICTURES = 12;
const NUDGES = [-10, -1, 1, 10]; // seconds
const ENDS: readonly End[] = ["start", "end"];
const texts = panel.picker;

export class Picker extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    one: { attribute: false },
    choice: { state: true },
    tapSets: { state: true },
    playable: { state: true },
    pictures: { state: true },
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

      .taps {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        align-items: center;
      }

      .pictures {
        display: grid;
        grid-auto-columns: 128px;
        grid-auto-flow: column;
        gap: 8px;
        margin: 0 0 12px;
        padding: 4px 4px 8px;
        overflow-x: auto;
      }

      .pictures button {
        flex-direction: column;
        padding: 0 0 4px;
        overflow: hidden;
        border-color: var(--line);
        color: inherit;
        font-weight: 400;
      }

      .pictures button.inside {
        border-color: var(--accent);
      }

      .pictures :is(img, span.none) {
        display: grid;
        place-items: center;
        width: 100%;
        aspect-ratio: 16 / 9;
        object-fit: cover;
        background: var(--ground);
      }
    `,
  ];

  declare one: Case;
  declare choice: Choice | null;
  declare tapSets: End;
  declare playable: boolean;
  declare pictures: readonly Thumbnail[];
  /** What was changed of what the owner set, in words. */
  declare notes: readonly string[];
  /** Being typed: what was chosen before, and what stands in the field now. */
  #typing: { readonly which: End; readonly before: Choice; text: string; wrong: boolean } | null =
    null;
  #touched = false;
  #picturesOf = "";

  constructor() {
    super();
    this.choice = null;
    this.tapSets = "start";
    this.playable = false;
    this.pictures = [];
    this.notes = [];
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("one")) return;
    const before = changed.get("one") as Case | undefined;
    if (before?.case_id !== this.one.case_id) this.#touched = false;
    if (!this.#touched || !this.choice) {
      this.choice = this.#begin();
      this.notes = [];
    }
    if (before?.problem !== this.one.problem && copyHelps(this.one)) this.playable = true;
    void this.#fetchPictures();
  }

  /** With the draft; if there is none, with what was tried before. */
  #begin(): Choice | null {
    const tried = this.desk.choices.get(this.one.case_id);
    const stands = !this.one.draft && tried && runsOf(this.one, tried.camera).length > 0;
    return stands ? tried : firstChoice(this.one);
  }

  /** Fetched once for each camera of a case; without them the picker works as well. */
  async #fetchPictures(): Promise<void> {
    const camera = this.choice?.camera;
    const wanted = `${this.one.case_id} ${camera}`;
    if (camera === undefined || wanted === this.#picturesOf) return;
    this.#picturesOf = wanted;
    this.pictures = [];
    const times = pictureTimes(runsOf(this.one, camera), limitsOf(this.one), PICTURES);
    try {
      const { thumbnails } = await this.desk.call("thumbnails", {
        case_id: this.one.case_id,
        camera_id: camera,
        times: times.map(wireTime),
      });
      if (this.#picturesOf === wanted) this.pictures = thumbnails;
    } catch {
      if (this.#picturesOf === wanted) this.pictures = [];
    }
  }

  #choose(choice: Choice | null, notes: readonly string[] = []): void {
    this.#touched = true;
    this.choice = choice;
    this.notes = notes;
    void this.#fetchPictures();
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

  #tapped(at: number): void {
    this.#move(this.tapSets, at);
    this.tapSets = "end";
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

  async #prepare(): Promise<void> {
    const { choice } = this;
    if (!choice) return;
    this.desk.choices.set(this.one.case_id, choice);
    const prepared = await this.attempt(() =>
      this.desk.call("prepare", {
        case_id: this.one.case_id,
        camera_id: choice.camera,
        start: wireTime(choice.start),
        end: wireTime(choice.end),
        audio: choice.audio,
        playable: this.playable,
      }),
    );
    if (!prepared) return;
    this.#touched = false;
    this.dispatchEvent(new Event("prepared"));
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
            @click=${() => this.#move(which, choice[which] + by * 1000)}
          >
            ${change} s
          </button>`;
        })}
      </div>
    </div>`;
  }

  #picture({ at, jpeg }: Thumbnail, choice: Choice): TemplateResult {
    const time = clock(at, this.desk.manner, true);
    const inside = at >= choice.start && at < choice.end;
    return html`<button
      type="button"
      class=${inside ? "inside" : ""}
      aria-label=${fill(texts.picture, { which: texts.ends[this.tapSets], time })}
      data-testid="picture"
      @click=${() => this.#tapped(at)}
    >
      ${jpeg === null
        ? html`<span class="none soft">${texts.noPicture}</span>`
        : html`<img src="data:image/jpeg;base64,${jpeg}" alt="">`}
      <small>${time}</small>
    </button>`;
  }

  #strip(choice: Choice): TemplateResult | typeof nothing {
    if (this.pictures.length === 0) return nothing;
    return html`<div class="taps" role="radiogroup" aria-label=${texts.pictures}>
        <span class="soft">${texts.pictures}</span>
        ${ENDS.map(
          (which) =>
            html`<label class="tick">
              <input
                type="radio"
                name="tap"
                .checked=${this.tapSets === which}
                @change=${() => (this.tapSets = which)}
              >
              ${texts.ends[which]}
            </label>`,
        )}
      </div>
      <div class="pictures">${this.pictures.map((picture) => this.#picture(picture, choice))}</div>`;
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
      </label>`;
  }

  override render() {
    const { choice } = this;
    if (!choice) return nothing;
    const runs = runsOf(this.one, choice.camera);
    return html`${this.#cameras(choice)} ${this.#timeline(choice)} ${this.#strip(choice)}
      <div class="ends">${ENDS.map((which) => this.#end(choice, which))}</div>
      ${this.notes.length === 0
        ? nothing
        : html`<div class="notice" role="status" data-testid="corrected">
            ${this.notes.map((note) => html`<p>${note}</p>`)}
          </div>`}
      ${this.#length(choice, runs)} ${this.#options(choice)}
      ${this.one.offer && this.#touched
        ? html`<p class="soft" role="status" data-testid="not-yet">${texts.notYet}</p>`
        : nothing}
      ${this.faultView()}
      <div class="buttons">
        <button
          type="button"
          class=${this.one.draft ? "" : "primary"}
          data-testid="prepare"
          ?disabled=${this.working || covered(choice, runs) === 0}
          @click=${() => this.#prepare()}
        >
          ${this.one.draft ? texts.prepareAgain : texts.prepare}
        </button>
      </div>`;
  }
}

define("clip-consent-picker", Picker);
