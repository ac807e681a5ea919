/** Hides on every clip of a camera what was drawn for one: for admins, asked once more. */

import { html, nothing } from "lit";

import { COMMANDS } from "../model/commands";
import { fill } from "../model/fill";
import { alwaysOn, beside, cornersOf } from "../model/masks";
import type { Region } from "../model/wire";
import { panel } from "../strings/of_panel";
import { define, DeskElement, shared } from "./element";

const texts = panel.masks.everywhere;

export class Always extends DeskElement {
  static override properties = {
    ...DeskElement.properties,
    camera: { attribute: false },
    regions: { attribute: false },
    asking: { state: true },
    saved: { state: true },
  };

  static override styles = shared;

  declare camera: string;
  /** Those that were drawn. */
  declare regions: readonly Region[];
  declare asking: boolean;
  /** What the camera hides from now on, as soon as the home is back. */
  declare saved: readonly Region[] | null;

  constructor() {
    super();
    this.asking = false;
    this.saved = null;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("camera")) {
      this.asking = false;
      this.saved = null;
    }
  }

  /** Whoever works by keyboard or hears the page goes on with the question, or from its button. */
  override updated(changed: Map<string, unknown>): void {
    const before = changed.get("asking");
    if (before === undefined || before === this.asking) return;
    const next = this.asking ? ".sure" : "button, [role=status]";
    this.renderRoot.querySelector<HTMLElement>(next)?.focus();
  }

  get #always(): readonly Region[] {
    return alwaysOn(this.desk.known?.snapshot.cameras ?? [], this.camera);
  }

  async #set(): Promise<void> {
    // added to what the home has by now: that may be more than is shown here yet
    const masks = cornersOf(this.regions);
    const fields = { camera_id: this.camera, masks, add: true as const };
    const done = await this.attempt(() => this.desk.call(COMMANDS.setCameraMasks, fields));
    if (!done) return;
    this.saved = [...this.#always, ...this.regions];
    this.asking = false;
  }

  #told(saved: readonly Region[], name: string): unknown {
    const here = beside(saved, this.#always).length === 0;
    return html`<p class="notice" role="status" tabindex="-1" data-testid="everywhere-saved">
      ${fill(here ? texts.done : texts.saved, { camera: name })}
    </p>`;
  }

  override render() {
    const cameras = this.desk.known?.snapshot.cameras ?? [];
    const name = cameras.find((one) => one.camera_id === this.camera)?.name ?? this.camera;
    const { saved, regions } = this;
    const told = saved === null ? nothing : this.#told(saved, name);
    if (regions.length === 0 || (saved !== null && beside(regions, saved).length === 0)) return told;
    if (!this.asking) {
      return html`${told} ${this.faultView()}
        <div class="buttons">
          <button type="button" data-testid="everywhere" @click=${() => (this.asking = true)}>
            ${texts.button}
          </button>
        </div>`;
    }
    return html`<p class="sure" tabindex="-1">${fill(texts.sure, { camera: name })}</p>
      ${this.faultView()}
      <div class="buttons">
        <button
          type="button"
          class="primary"
          data-testid="everywhere-confirm"
          ?disabled=${this.working}
          @click=${() => this.#set()}
        >
          ${texts.confirm}
        </button>
        <button type="button" class="plain" @click=${() => (this.asking = false)}>
          ${texts.keep}
        </button>
      </div>`;
  }
}

define("clip-consent-always", Always);
