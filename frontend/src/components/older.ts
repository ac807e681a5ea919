/** Loads what is older as the end of a list comes near, without anybody pressing its button. */

import type { LitElement, ReactiveController } from "lit";

/** How far below the screen the end of the list is when more is asked for. */
const AHEAD = "800px";

/** Watches the button `#older` of a list; it stays for the keyboard, and for another try. */
export class Older implements ReactiveController {
  readonly #host: LitElement;
  readonly #watch: IntersectionObserver;
  #button: Element | null = null;

  constructor(host: LitElement, load: () => void) {
    this.#host = host;
    this.#watch = new IntersectionObserver(
      (seen) => {
        if (seen.at(-1)?.isIntersecting) load();
      },
      { rootMargin: `0px 0px ${AHEAD}` },
    );
    host.addController(this);
  }

  hostUpdated(): void {
    const button = this.#host.renderRoot.querySelector("#older");
    if (button === this.#button) return;
    this.#button = button;
    this.again();
  }

  hostDisconnected(): void {
    this.#button = null;
    this.#watch.disconnect();
  }

  /** Look again: the end of the list may still be near after more has come. */
  again(): void {
    this.#watch.disconnect();
    if (this.#button) this.#watch.observe(this.#button);
  }
}
