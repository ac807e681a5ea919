/** What all elements share: how they are defined, drawn and told of trouble. */

import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from "lit";

import type { Desk } from "../desk";

/** Define an element once; a panel loaded twice must not fail. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}

/** An element that works with the desk: one thing at a time, with its fault in words. */
export class DeskElement extends LitElement {
  static override properties: Record<string, object> = {
    desk: { attribute: false },
    working: { state: true },
    fault: { state: true },
  };

  declare desk: Desk;
  declare working: boolean;
  declare fault: string | null;

  constructor() {
    super();
    this.working = false;
    this.fault = null;
  }

  /** Whoever works by keyboard goes on from here when the button they pressed is gone. */
  override update(changed: Map<string, unknown>): void {
    const focused = this.shadowRoot?.activeElement;
    super.update(changed);
    if (!focused || (focused.isConnected && !focused.matches(":disabled"))) return;
    this.tabIndex = -1;
    this.focus({ preventScroll: true });
  }

  /** Do something that may fail. Returns whether it worked. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    if (this.working) return false;
    this.working = true;
    this.fault = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.fault = this.desk.text(error);
      return false;
    } finally {
      this.working = false;
    }
  }

  faultView(): TemplateResult | typeof nothing {
    return this.fault === null
      ? nothing
      : html`<p class="notice error" role="alert" data-testid="fault">${this.fault}</p>`;
  }
}

export function row(name: string, value: unknown): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

export const shared: CSSResult = css`
  :host {
    --ink: var(--primary-text-color, #212121);
    --ink-soft: var(--secondary-text-color, #5f6368);
    --card: var(--card-background-color, #fff);
    --ground: var(--primary-background-color, #f4f6f7);
    --line: var(--divider-color, #d0d5d9);
    --accent: var(--primary-color, #0b6bcb);
    --accent-ink: var(--text-primary-color, #fff);
    --good: var(--success-color, #1a7f37);
    --warn: var(--warning-color, #b26a00);
    --bad: var(--error-color, #c62828);
    /* A theme's colours are made for areas: as words they are too pale to be read. */
    --accent-words: color-mix(in srgb, var(--accent) 65%, var(--ink));
    --accent-ground: color-mix(in srgb, var(--accent) 70%, #000);
    --bad-words: color-mix(in srgb, var(--bad) 65%, var(--ink));
    display: block;
    color: var(--ink);
    line-height: 1.5;
    overflow-wrap: anywhere;
  }

  :host(:focus) {
    outline: none;
  }

  * {
    box-sizing: border-box;
  }

  /* Ours read from the left and a requester's as they are written, whatever the page. */
  :not(summary) {
    unicode-bidi: plaintext;
  }

  :host(:dir(rtl)) {
    text-align: right;
  }

  h2,
  h3 {
    margin: 0 0 8px;
    font-size: 1.125rem;
    font-weight: 600;
    line-height: 1.3;
  }

  h3 {
    margin-top: 16px;
    font-size: 1rem;
  }

  p {
    margin: 0 0 12px;
  }

  /* Two fields side by side, where there is room. */
  .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr));
    gap: 12px;
    align-items: end; /* whose name is longer than its neighbour's stands beside it all the same */
    margin-bottom: 12px;
  }

  section {
    min-width: 0;
    margin: 0 0 16px;
    padding: 16px;
    border: 1px solid var(--ha-card-border-color, var(--line));
    border-radius: var(--ha-card-border-radius, 12px);
    background: var(--ha-card-background, var(--card));
  }

  :is(section, .notice, details) > :last-child {
    margin-bottom: 0;
  }

  section.fold {
    padding-block: 8px;
  }

  .notice {
    margin: 0 0 16px;
    padding: 12px 16px;
    border-inline-start: 4px solid var(--accent);
    border-radius: 8px;
    background: color-mix(in srgb, var(--accent) 12%, var(--card));
  }

  .notice.warning {
    border-inline-start-color: var(--warn);
    background: color-mix(in srgb, var(--warn) 14%, var(--card));
  }

  .notice.error {
    border-inline-start-color: var(--bad);
    background: color-mix(in srgb, var(--bad) 12%, var(--card));
  }

  .soft,
  small {
    color: var(--ink-soft);
    font-size: 0.875rem;
  }

  .words {
    margin: 0 0 12px;
    padding: 12px 16px;
    border-radius: 8px;
    background: var(--ground);
    white-space: pre-wrap;
  }

  .digest {
    font-family: var(--ha-font-family-code, ui-monospace, Menlo, Consolas, monospace);
    font-size: 0.8125rem;
    word-break: break-all;
  }

  dl {
    display: grid;
    grid-template-columns: minmax(7rem, auto) 1fr;
    gap: 4px 16px;
    margin: 0 0 12px;
  }

  dt {
    color: var(--ink-soft);
  }

  dd {
    min-width: 0;
    margin: 0;
  }

  ul {
    margin: 0;
    padding-inline-start: 18px;
  }

  @media (max-width: 420px) {
    dl {
      grid-template-columns: 1fr;
      gap: 0;
    }

    dd {
      margin-bottom: 8px;
    }
  }

  button,
  a.button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    min-height: 44px;
    padding: 8px 16px;
    border: 1px solid var(--accent-words);
    border-radius: 8px;
    background: transparent;
    color: var(--accent-words);
    font: inherit;
    font-weight: 600;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
  }

  button.primary {
    border-color: transparent;
    background: var(--accent-ground);
    color: var(--accent-ink);
  }

  button.danger {
    border-color: var(--bad-words);
    color: var(--bad-words);
  }

  button.big {
    width: 100%;
    min-height: 56px;
    font-size: 1.125rem;
  }

  button.plain {
    border-color: transparent;
  }

  button:disabled {
    opacity: 0.5;
    cursor: default;
  }

  :focus-visible {
    outline: 3px solid var(--accent-words);
    outline-offset: 2px;
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    margin: 12px 0;
  }

  .buttons:first-child {
    margin-top: 0;
  }

  .buttons:last-child {
    margin-bottom: 0;
  }

  label {
    display: block;
    margin-bottom: 4px;
    font-weight: 500;
  }

  label.tick {
    display: flex;
    gap: 10px;
    align-items: center;
    min-height: 44px;
    margin: 0;
  }

  input,
  select,
  textarea {
    display: block;
    width: 100%;
    min-width: 0;
    min-height: 44px;
    padding: 8px 12px;
    border: 1px solid var(--ink-soft);
    border-radius: 8px;
    background: var(--card);
    color: inherit;
    color-scheme: inherit;
    font: inherit;
  }

  :is(input, textarea) + .soft {
    margin-top: 4px;
  }

  input[type="checkbox"],
  input[type="radio"] {
    flex: none;
    width: 20px;
    min-height: 20px;
    accent-color: var(--accent);
  }

  progress {
    display: block;
    width: 100%;
    height: 10px;
    margin: 8px 0;
    accent-color: var(--accent);
  }

  details {
    margin: 0 0 12px;
  }

  summary {
    min-height: 44px;
    padding: 10px 0;
    color: var(--accent-words);
    font-weight: 600;
    cursor: pointer;
  }

  .offscreen {
    position: fixed;
    inset-inline-start: -100vw;
  }
`;
