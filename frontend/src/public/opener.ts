/** Opening sealed answers on a page: one at a time or several, each with its own state. */

import { loadOpener } from "./beside";
import type { Opened, Why } from "../model/package";
import { canPlay } from "../model/playback";
import type { FilmState } from "./opened_view";
import { wait } from "./page";

export type Opening =
  | { readonly kind: "closed" }
  | { readonly kind: "opening"; readonly done: number }
  | { readonly kind: "failed"; readonly why: Why | "browser" }
  | { readonly kind: "open"; readonly opened: Opened; readonly film: FilmState };

export interface Sealed {
  readonly id: string;
  readonly size: number;
  readonly url: string;
  /** The request that it has to belong to, and the key that opens it. */
  readonly requestId: string;
  readonly identity: string;
}

export class Opener {
  readonly #openings = new Map<string, Opening>();
  readonly #changed: () => void;
  readonly #get: () => typeof fetch;

  constructor(changed: () => void, get: () => typeof fetch = () => fetch.bind(globalThis)) {
    this.#changed = changed;
    this.#get = get;
  }

  of(id: string): Opening {
    return this.#openings.get(id) ?? { kind: "closed" };
  }

  async open({ id, size, url, requestId, identity }: Sealed): Promise<Opening> {
    if (this.of(id).kind === "opening") return this.of(id);
    this.#show(id, { kind: "opening", done: 0 });
    const ended = new AbortController();
    try {
      const { download, openPackage, toolsFor } = await loadOpener();
      const progress = this.#progressOf(id, ended.signal);
      const world = { fetch: this.#get(), wait, progress, signal: ended.signal };
      const sealed = download(url, size, world);
      await this.#showOpened(id, await openPackage(sealed, requestId, toolsFor(identity)));
    } catch (error) {
      this.#show(id, { kind: "failed", why: whyOf(error) });
    } finally {
      ended.abort();
    }
    return this.of(id);
  }

  /** Forget all that is open. */
  clear(): void {
    for (const one of this.#openings.values()) {
      if (one.kind === "open" && one.film.kind === "film") URL.revokeObjectURL(one.film.url);
    }
    this.#openings.clear();
  }

  #show(id: string, opening: Opening): void {
    this.#openings.set(id, opening);
    this.#changed();
  }

  /** Told for every chunk, drawn ten times a second at most, and never after the end. */
  #progressOf(id: string, ended: AbortSignal): (done: number) => void {
    let drawn = 0;
    return (done) => {
      const now = Date.now();
      if (ended.aborted || (done < 1 && now - drawn < 100)) return;
      drawn = now;
      this.#show(id, { kind: "opening", done });
    };
  }

  async #showOpened(id: string, opened: Opened): Promise<void> {
    if (opened.manifest.content.name === "answer.txt") {
      const text = await opened.content.text();
      this.#show(id, { kind: "open", opened, film: { kind: "words", text } });
      return;
    }
    const video = document.createElement("video");
    const playable = canPlay(opened.manifest.video_codec ?? "", (type) => video.canPlayType(type));
    // The type is ours: this address is on Home Assistant's own origin.
    const url = URL.createObjectURL(new Blob([opened.content], { type: "video/mp4" }));
    const draft = (plays: boolean): Opening => ({
      kind: "open",
      opened,
      film: { kind: "film", url, playable: plays, failed: () => this.#show(id, draft(false)) },
    });
    this.#show(id, draft(playable));
  }
}

function whyOf(error: unknown): Why | "browser" {
  // Its class lives in the lazy bundle.
  return error instanceof Error && "why" in error ? (error.why as Why) : "browser";
}
