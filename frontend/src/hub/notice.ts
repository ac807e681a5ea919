/** A notice of the hub's own: to whom it goes, how long it may be, how long it stays. */

import { html, nothing, type TemplateResult } from "lit";

import { count, fill } from "../model/fill";
import { hubCommand, type HubState } from "../model/hub";
import { cellBounds, placeText } from "../model/portal_area";
import type { Tools } from "./waiting";

const TITLE = 127; // characters
const TEXT = 2000;
const DAY = 86_400; // seconds

/** What was typed so far. */
export interface Draft {
  readonly title: string;
  readonly text: string;
  /** The squares that it is not for. */
  readonly without: ReadonlySet<string>;
  /** Whether homes may comment on it. */
  readonly comments: boolean;
}

export const BLANK: Draft = { title: "", text: "", without: new Set(), comments: true };

function middle(cell: string): string {
  const { south, north, west, east } = cellBounds(cell);
  return placeText({ latitude: (south + north) / 2, longitude: (west + east) / 2 });
}

export function noticeView(hub: HubState, draft: Draft, change: (draft: Draft) => void, tools: Tools): TemplateResult {
  const { texts, manner, working, call } = tools;
  const cells = hub.cells.filter((cell) => !draft.without.has(cell));
  const post = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { title, text, comments } = draft;
    const fields = { title, text, cells, comments };
    if (await call(hubCommand("post_notice"), fields, texts.posted)) change(BLANK);
  };
  const type = (name: "title" | "text") => (event: InputEvent) =>
    change({ ...draft, [name]: (event.target as HTMLInputElement).value });
  const tick = (cell: string) => (): void => {
    const without = new Set(draft.without);
    if (!without.delete(cell)) without.add(cell);
    change({ ...draft, without });
  };
  const left = (used: string, most: number): string =>
    fill(texts.characters, {
      used: used.length.toLocaleString(manner.locale),
      most: most.toLocaleString(manner.locale),
    });
  return html`<section class="fold">
    <details>
      <summary>${texts.notice}</summary>
      <form @submit=${post} data-testid="notice">
        <p>${fill(texts.noticeHelp, { long: count(texts.days, Math.round(hub.open_seconds / DAY)) })}</p>
        <div>
          <label for="title">${texts.noticeTitle}</label>
          <input
            id="title"
            maxlength=${TITLE}
            required
            aria-describedby="title-length"
            .value=${draft.title}
            @input=${type("title")}
          >
          <p class="soft" id="title-length">${left(draft.title, TITLE)}</p>
        </div>
        <div>
          <label for="text">${texts.noticeText}</label>
          <textarea
            id="text"
            rows="4"
            maxlength=${TEXT}
            required
            aria-describedby="text-length"
            .value=${draft.text}
            @input=${type("text")}
          ></textarea>
          <p class="soft" id="text-length">${left(draft.text, TEXT)}</p>
        </div>
        ${hub.cells.length > 1
          ? html`<fieldset>
              <legend>${texts.noticeCells}</legend>
              ${hub.cells.map(
                (cell) => html`<label class="choice">
                  <input type="checkbox" .checked=${!draft.without.has(cell)} @change=${tick(cell)}>
                  <span>${cell} <small class="soft">${middle(cell)}</small></span>
                </label>`,
              )}
            </fieldset>`
          : nothing}
        <label class="choice">
          <input
            type="checkbox"
            data-testid="take-comments"
            .checked=${draft.comments}
            @change=${() => change({ ...draft, comments: !draft.comments })}
          >
          <span>${texts.takeComments}</span>
        </label>
        <button type="submit" ?disabled=${working || cells.length === 0}>${texts.post}</button>
      </form>
    </details>
  </section>`;
}
