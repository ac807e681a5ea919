/** What came for an own request: a clip to play, or words; all of it somebody else's. */

import { html, nothing, type TemplateResult } from "lit";

import { word } from "../model/fill";
import { bytes, dayAndClock, spanText, type Manner } from "../model/format";
import type { Answer } from "../model/neighbours";
import { common, panel } from "../strings/of_panel";
import { row } from "./element";

const texts = panel.neighbours;

/** `stale` hears that the path of a clip may have run out. */
export function answerView(answer: Answer, manner: Manner, stale: () => void): TemplateResult {
  if (answer.state !== "here") {
    return html`<p data-testid="answer">${word(texts.answerStates, answer.state)}</p>`;
  }
  const said =
    answer.identity === "" ? nothing : html`<p>${texts.says} <bdi>${answer.identity}</bdi></p>`;
  if (answer.text !== null) {
    return html`<div data-testid="answer">
      <p class="words">${answer.text}</p>
      <p class="soft">${texts.theirs}</p>
      ${said}
    </div>`;
  }
  return html`<div data-testid="answer">${clipView(answer, manner, stale)} ${said}</div>`;
}

function clipView(answer: Answer, manner: Manner, stale: () => void): TemplateResult {
  const { start, end, size, kept_until: until } = answer;
  return html`${answer.video === null
      ? nothing
      : html`<video
          controls
          playsinline
          preload="metadata"
          src=${answer.video}
          aria-label=${texts.clip}
          data-testid="answer-video"
          @error=${stale}
        ></video>`}
    <dl>
      ${start === null || end === null ? nothing : row(texts.covers, spanText(start, end, manner, true))}
      ${answer.changes.length === 0
        ? nothing
        : row(texts.changed, answer.changes.map((one) => word(common.changes, one)).join("; "))}
      ${size === null ? nothing : row(texts.size, bytes(size, manner.locale))}
      ${until === null ? nothing : row(texts.kept, dayAndClock(until, manner))}
      ${row(texts.digest, html`<span class="digest">${answer.sha256}</span>`)}
    </dl>
    <p class="soft">${texts.checked}</p>
    ${answer.file === null
      ? nothing
      : html`<a class="button" href=${answer.file} download data-testid="answer-save">${texts.save}</a>`}`;
}
