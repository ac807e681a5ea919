/** Fetches what the recorders saw of a case's window, camera by camera. */

import type { ReactiveController } from "lit";

import { COMMANDS } from "../model/commands";
import { wireTime } from "../model/format";
import { limitsOf, withFootage } from "../model/picker";
import { sightsOf, type Sight } from "../model/seen";
import type { Case } from "../model/wire";
import type { DeskElement } from "./element";

const MOST = 12; // groups of a camera

/** Without an answer nothing is shown: the timeline works as well. */
export class Sightings implements ReactiveController {
  /** By camera. */
  readonly found = new Map<string, readonly Sight[]>();
  readonly #host: DeskElement & { readonly one: Case };
  #of = "";

  constructor(host: DeskElement & { readonly one: Case }) {
    this.#host = host;
    host.addController(this);
  }

  /** Asked once for what a case is about and what was found of it. */
  hostUpdate(): void {
    const { case_id: id, request, findings } = this.#host.one;
    const wanted = JSON.stringify([id, request.start, request.end, findings]);
    if (wanted === this.#of) return;
    this.#of = wanted;
    this.found.clear();
    void this.#ask(wanted);
  }

  /** One camera after the other: nobody waits for it. */
  async #ask(wanted: string): Promise<void> {
    const { one, desk } = this.#host;
    const limits = limitsOf(one);
    const window = { start: wireTime(limits.start), end: wireTime(limits.end) };
    for (const { camera_id: camera } of withFootage(one)) {
      const fields = { camera_id: camera, ...window };
      const answer = await desk.call(COMMANDS.findClips, fields).catch(() => null);
      if (wanted !== this.#of) return;
      const sights = sightsOf(answer?.detections ?? [], limits, MOST);
      if (sights.length === 0) continue;
      this.found.set(camera, sights);
      this.#host.requestUpdate();
    }
  }
}
