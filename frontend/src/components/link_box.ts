/** A link to pass on: readable, to copy, as a QR code. */

import { css, html, LitElement, nothing } from "lit";
import { ref } from "lit/directives/ref.js";

import { copyText } from "../clipboard";
import { common } from "../strings/of_panel";
import { define, shared } from "./element";

export class LinkBox extends LitElement {
  static override properties = {
    link: {},
    label: {},
    copied: { state: true },
    shown: { state: true },
  };

  static override styles = [
    shared,
    css`
      canvas {
        display: block;
        width: min(100%, 240px);
        aspect-ratio: 1;
        border-radius: 8px;
        background: #fff;
        image-rendering: pixelated;
      }
    `,
  ];

  declare link: string;
  declare label: string;
  declare copied: boolean;
  declare shown: boolean;

  constructor() {
    super();
    this.link = "";
    this.label = "";
    this.copied = false;
    this.shown = false;
  }

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("link")) this.copied = false;
  }

  async #copy(): Promise<void> {
    this.copied = await copyText(this.link, this.renderRoot as ShadowRoot);
    if (!this.copied) this.renderRoot.querySelector("input")?.select();
  }

  readonly #draw = (canvas: Element | undefined): void => {
    if (canvas instanceof HTMLCanvasElement) {
      void import("../qr").then(({ drawQr }) => drawQr(canvas, this.link));
    }
  };

  override render() {
    return html`<input readonly class="digest" aria-label=${this.label} .value=${this.link} data-testid="link">
      <div class="buttons">
        <button type="button" data-testid="copy" @click=${() => this.#copy()}>
          ${this.copied ? common.copied : common.copy}
        </button>
        <button
          type="button"
          aria-expanded=${this.shown ? "true" : "false"}
          data-testid="show-qr"
          @click=${() => (this.shown = !this.shown)}
        >
          ${this.shown ? common.hideQr : common.showQr}
        </button>
      </div>
      ${this.shown
        ? html`<canvas
            role="img"
            aria-label=${common.qrAlt}
            data-testid="qr"
            ${ref(this.#draw)}
          ></canvas>`
        : nothing}`;
  }
}

define("clip-consent-link", LinkBox);
