/** The exact draft: as a film where the browser plays it, else as a strip of pictures. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";

import type { Media } from "../model/cases";
import { fill } from "../model/fill";
import { canPlay, codecName } from "../model/playback";
import type { Draft } from "../model/wire";
import { panel } from "../strings/of_panel";
import { define, shared } from "./element";

/** Fires `stale` when the paths may have run out, `copy` for a playable copy. */
export class Film extends LitElement {
  static override properties = {
    draft: { attribute: false },
    media: { attribute: false },
    copying: { attribute: false },
    failures: { state: true },
  };

  static override styles = [
    shared,
    css`
      video,
      img {
        display: block;
        width: 100%;
        margin-bottom: 12px;
        border-radius: 8px;
        background: #000;
        color: #fff; /* what is said in place of a picture that does not load */
      }

      .buttons:last-child {
        margin-bottom: 12px;
      }

      video {
        max-height: 70vh;
      }
    `,
  ];

  declare draft: Draft;
  declare media: Media | null;
  /** Whether a copy may be asked for now. */
  declare copying: boolean;
  declare failures: number;

  constructor() {
    super();
    this.media = null;
    this.copying = false;
    this.failures = 0;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get("draft") as Draft | undefined;
    if (before && before.sha256 !== this.draft.sha256) this.failures = 0;
  }

  override updated(changed: Map<string, unknown>): void {
    // A fresh path may be the same, letter by letter: the element would not try it again.
    if (changed.has("media") && this.failures === 1) this.renderRoot.querySelector("video")?.load();
  }

  readonly #failed = (): void => {
    this.failures += 1;
    // The first failure may be a path that ran out; the second is not.
    if (this.failures === 1) this.#reload();
  };

  #reload(): void {
    this.dispatchEvent(new Event("stale"));
  }

  get #plays(): boolean {
    const probe = document.createElement("video");
    return canPlay(this.draft.video_codec, (type) => probe.canPlayType(type));
  }

  #copyButton(): TemplateResult | typeof nothing {
    if (!this.copying) return nothing;
    return html`<button
      type="button"
      data-testid="make-playable"
      @click=${() => this.dispatchEvent(new Event("copy"))}
    >
      ${panel.draft.makePlayable}
    </button>`;
  }

  #strip(): TemplateResult | typeof nothing {
    const picture = this.media?.sheet ?? this.media?.still;
    if (!picture) return nothing;
    return html`<img src=${picture} alt=${panel.draft.sheet} data-testid="sheet">`;
  }

  override render() {
    if (!this.#plays) {
      const codec = codecName(this.draft.video_codec);
      return html`<p class="notice warning" data-testid="not-playable">
          ${fill(panel.draft.notPlayable, { codec })}
        </p>
        ${this.#strip()}
        <div class="buttons">${this.#copyButton()}</div>`;
    }
    if (this.failures > 1) {
      return html`<p class="notice error" role="alert" data-testid="film-broken">
          ${panel.draft.broken}
        </p>
        ${this.#strip()}
        <div class="buttons">
          <button
            type="button"
            data-testid="film-reload"
            @click=${() => {
              this.failures = 0;
              this.#reload();
            }}
          >
            ${panel.draft.reload}
          </button>
          ${this.#copyButton()}
        </div>`;
    }
    return html`<video
      controls
      playsinline
      preload="metadata"
      src=${this.media?.video ?? nothing}
      poster=${this.media?.still ?? nothing}
      aria-label=${panel.draft.video}
      data-testid="draft-video"
      @error=${this.#failed}
    ></video>`;
  }
}

define("clip-consent-film", Film);
