/** Pictures of a clip to draw on: of the draft, and of moments spread over what was chosen. */

import type { ReactiveController } from "lit";

import { COMMANDS } from "../model/commands";
import { clock, wireTime } from "../model/format";
import { alwaysOn, beside } from "../model/masks";
import { limitsOf, pictureTimes, runsOf, type Choice } from "../model/picker";
import type { Case } from "../model/wire";
import { panel } from "../strings/of_panel";
import type { DeskElement } from "./element";

const MOMENTS = 8;
const SETTLED = 500; // milliseconds without a change: then pictures are asked for anew
const WIDE = 16 / 9;

interface Still {
  /** Null where there is none. */
  readonly src: string | null;
  readonly label: string;
}

type Host = DeskElement & { readonly one: Case; readonly choice: Choice };

export class Stills implements ReactiveController {
  coming = false;
  aspect = WIDE;
  index = 0;
  readonly #host: Host;
  #moments: readonly Still[] = [];
  #of = "";
  #asking = 0;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#asking);
  }

  hostUpdate(): void {
    const { one, choice } = this.#host;
    const wanted = JSON.stringify([one.case_id, choice.camera, choice.start, choice.end]);
    if (wanted === this.#of) return;
    const first = this.#of === "";
    this.#of = wanted;
    this.coming = true;
    clearTimeout(this.#asking);
    this.#asking = window.setTimeout(() => void this.#ask(wanted), first ? 0 : SETTLED);
  }

  async #ask(wanted: string): Promise<void> {
    const { one, desk, choice } = this.#host;
    const { maxSeconds } = limitsOf(one);
    const limits = { start: choice.start, end: choice.end, maxSeconds };
    const times = pictureTimes(runsOf(one, choice.camera), limits, MOMENTS);
    const fields = { case_id: one.case_id, camera_id: choice.camera, times: times.map(wireTime) };
    const answer = await desk.call(COMMANDS.thumbnails, fields).catch(() => null);
    if (wanted !== this.#of) return;
    this.coming = false;
    this.#moments = (answer?.thumbnails ?? []).map(({ at, jpeg }) => ({
      src: jpeg === null ? null : `data:image/jpeg;base64,${jpeg}`,
      label: clock(at, desk.manner, true),
    }));
    this.#host.requestUpdate();
  }

  /** The draft's own, which is larger: if it is of this camera, and nothing drawn is in it. */
  get #drafted(): readonly Still[] {
    const { one, desk, choice } = this.#host;
    const { draft } = one;
    const always = alwaysOn(desk.known?.snapshot.cameras ?? [], choice.camera);
    const src = desk.media(one)?.still ?? null;
    const usable = draft?.camera_id === choice.camera && beside(draft.masks, always).length === 0;
    return usable && src !== null ? [{ src, label: panel.masks.drafted }] : [];
  }

  get #all(): readonly Still[] {
    return [...this.#drafted, ...this.#moments];
  }

  get count(): number {
    return this.#all.length;
  }

  get shown(): Still {
    return this.#all[this.index] ?? this.#all[0] ?? { src: null, label: "" };
  }

  go(by: number): void {
    const to = this.index + by;
    if (to < 0 || to >= this.count) return;
    this.index = to;
    this.#host.requestUpdate();
  }

  readonly loaded = (event: Event): void => {
    const { naturalWidth: width, naturalHeight: height } = event.target as HTMLImageElement;
    if (height === 0) return;
    this.aspect = width / height;
    this.#host.requestUpdate();
  };
}
