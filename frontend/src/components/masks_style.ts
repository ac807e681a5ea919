/** How what is hidden is drawn: the picture, its regions, their handles. */

import { css, type CSSResult } from "lit";

export const drawing: CSSResult = css`
  /* Handles hang over its edges: there is room for them. */
  .frame {
    padding: 34px;
    background: var(--ground);
  }

  .stage {
    position: relative;
    max-width: calc(70vh * var(--aspect));
    margin: 0 auto;
    direction: ltr;
    touch-action: none;
    user-select: none;
    cursor: crosshair;
  }

  .stage > :is(img, .none) {
    display: grid;
    place-items: center;
    width: 100%;
    aspect-ratio: var(--aspect);
    background: var(--card);
    font-size: 0.875rem;
    text-align: center;
    pointer-events: none;
  }

  .region,
  .always,
  .fresh {
    position: absolute;
    border: 2px solid #fff;
    background: rgb(0 0 0 / 65%);
    outline: 1px solid #000;
  }

  .region {
    cursor: move;
  }

  .region > span {
    display: inline-block;
    padding: 0 6px;
    background: #000;
    color: #fff;
    font-size: 0.8125rem;
    pointer-events: none;
  }

  .region.chosen {
    border-style: dashed;
  }

  .region:focus-visible {
    outline: 3px solid var(--accent-words);
    outline-offset: 2px;
  }

  .always {
    background: repeating-linear-gradient(45deg, #000 0 6px, #777 6px 9px);
    pointer-events: none;
  }

  .handle {
    display: grid;
    place-items: center;
    position: absolute;
    width: 44px;
    height: 44px;
    cursor: nwse-resize;
  }

  .handle::after {
    width: 18px;
    height: 18px;
    border: 2px solid #fff;
    border-radius: 50%;
    outline: 1px solid #000;
    background: var(--accent-ground);
    content: "";
  }

  .handle.first {
    translate: -75% -75%;
  }

  .handle.last {
    translate: -25% -25%;
  }

  .sides {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(110px, 1fr));
    gap: 8px;
    min-width: 0;
    margin: 0 0 12px;
    padding: 12px;
    border: 1px solid var(--line);
    border-radius: 8px;
  }

  .sides button {
    grid-column: 1 / -1;
    justify-self: start;
  }

  .moments {
    display: grid;
    grid-template-columns: auto 1fr auto;
    gap: 8px;
    align-items: center;
    margin: 12px 0;
    text-align: center;
  }
`;
