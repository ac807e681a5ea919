/** Fetches the small pictures of a strip: those that are looked at first, as they are made. */

import type { ReactiveController } from "lit";

import { thumbnailsAnswer, type Thumbnail } from "../model/answers";
import { wireTime } from "../model/format";
import { covered, limitsOf, pictureTimes, runsOf, type Choice } from "../model/picker";
import { nearestFirst, picturesOf } from "../model/strip";
import type { Case } from "../model/wire";
import type { DeskElement } from "./element";

const COMMAND = "thumbnail_strip";
const FIRST = 12; // that the home makes before all others

type Host = DeskElement & { readonly one: Case; readonly choice: Choice };
type Asked = Promise<() => Promise<void>>;

export class Strip implements ReactiveController {
  /** The moments of the pictures, in order, whether or not they have come. */
  times: readonly number[] = [];
  readonly #host: Host;
  readonly #come = new Map<number, string | null>();
  #of = "";
  #asked: Asked | null = null;
  #soon: readonly number[] = [];

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  /** Asked for what a camera has of a case's window; other pictures are other moments'. */
  hostUpdate(): void {
    const { one, choice } = this.#host;
    const runs = runsOf(one, choice.camera);
    const wanted = JSON.stringify([one.case_id, choice.camera, runs]);
    if (wanted === this.#of) return;
    this.#of = wanted;
    const limits = limitsOf(one);
    this.times = pictureTimes(runs, limits, picturesOf(covered(limits, runs) * 1000));
    this.#come.clear();
    this.#ask(choice.start);
  }

  hostConnected(): void {
    if (this.#of !== "") this.#ask(this.#host.choice.start);
  }

  /** Nobody looks: what is being made ends. */
  hostDisconnected(): void {
    this.#leave();
  }

  /** In base64; null if there is none, undefined while it may still come. */
  picture(at: number): string | null | undefined {
    return this.#come.get(at);
  }

  /** Let these come first, unless they do: the view has moved on to them. */
  look(seen: readonly number[]): void {
    const missing = seen.filter((at) => !this.#come.has(at) && !this.#soon.includes(at));
    const middle = seen[Math.floor(seen.length / 2)];
    if (missing.length > 0 && middle !== undefined) this.#ask(middle);
  }

  #ask(near: number): void {
    this.#leave();
    const times = nearestFirst(this.#missing, near);
    if (times.length === 0) return;
    this.#soon = times.slice(0, FIRST);
    const { one, choice, desk } = this.#host;
    const asked: Asked = desk.hass.connection.subscribeMessage(
      (message) => {
        if (this.#asked === asked) this.#hear(message);
      },
      {
        type: `clip_consent/${COMMAND}`,
        case_id: one.case_id,
        camera_id: choice.camera,
        times: times.map(wireTime),
        language: desk.language,
      },
    );
    this.#asked = asked;
    asked.catch(() => {
      if (this.#asked === asked) this.#none();
    });
  }

  get #missing(): number[] {
    return this.times.filter((at) => !this.#come.has(at));
  }

  #leave(): void {
    const asked = this.#asked;
    this.#asked = null;
    // Refused: then there is nothing to leave.
    asked?.then((leave) => leave()).catch(() => undefined);
  }

  #hear(message: unknown): void {
    let told: readonly Thumbnail[];
    try {
      told = thumbnailsAnswer(message, COMMAND).thumbnails;
    } catch {
      this.#none();
      return;
    }
    for (const { at, jpeg } of told) this.#come.set(at, jpeg);
    if (this.#missing.length === 0) this.#leave();
    this.#host.requestUpdate();
  }

  /** Without them the picker works as well: their moments can be tapped. */
  #none(): void {
    for (const at of this.#missing) this.#come.set(at, null);
    this.#leave();
    this.#host.requestUpdate();
  }
}
