/** How the moderators' panel looks, beside what all of ours share. */

import { css } from "lit";

export const style = css`
  :host {
    min-height: 100vh;
    background: var(--ground);
    font-family: var(--ha-font-family-body, Roboto, system-ui, sans-serif);
  }

  header {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    gap: 4px;
    align-items: center;
    min-height: var(--header-height, 56px);
    padding: 0 8px;
    background: var(--app-header-background-color, var(--accent));
    color: var(--app-header-text-color, #fff);
  }

  h1 {
    margin: 0 8px;
    font-size: 1.25rem;
    font-weight: 400;
  }

  header button {
    width: 48px;
    min-height: 48px;
    padding: 0;
    border-color: transparent;
    color: inherit;
  }

  header svg {
    width: 24px;
    height: 24px;
    fill: currentcolor;
  }

  main {
    max-width: 800px;
    margin: 0 auto;
    padding: 16px;
  }

  section > h3 {
    margin-top: 0;
  }

  section[data-wanted] {
    border-color: var(--accent-words);
  }

  form > * {
    margin-bottom: 12px;
  }

  fieldset {
    margin: 0 0 12px;
    padding: 0;
    border: 0;
  }

  legend {
    padding: 0;
    font-weight: 500;
  }

  .choice {
    display: flex;
    gap: 12px;
    align-items: flex-start;
    min-height: 48px;
    padding: 8px 0;
    font-weight: 400;
  }

  .choice + .choice {
    border-top: 1px solid var(--line);
  }

  .choice input {
    flex: none;
    width: 20px;
    height: 20px;
    min-height: 0;
    margin: 2px 0 0;
  }

  .choice span {
    min-width: 0;
    overflow-wrap: anywhere;
  }

  .choice .words {
    display: block;
    margin: 4px 0 0;
  }

  .choice:not(:has(:checked)) .words {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
  }

  .map {
    display: block;
    width: 100%;
    max-width: 30rem;
    margin: 12px 0;
    overflow: hidden;
    border-radius: 8px;
    background: var(--ground);
    direction: ltr;
    font-size: 13px;
  }

  .grid {
    fill: none;
    stroke: var(--line);
  }

  .area {
    fill: color-mix(in srgb, var(--accent) 22%, transparent);
    stroke: var(--accent-words);
    stroke-width: 2;
    stroke-linejoin: round;
  }

  :is(.scale, .north) path {
    fill: none;
    stroke: var(--ink);
    stroke-width: 1.5;
  }

  .north path {
    fill: var(--ink);
  }

  .map text {
    fill: var(--ink);
    stroke: var(--ground);
    stroke-width: 3;
    paint-order: stroke;
  }

  .north text {
    text-anchor: middle;
  }
`;
