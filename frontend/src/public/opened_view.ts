/** An opened answer: the film or the words, what was checked, what it shows, the terms. */

import { html, nothing, type TemplateResult } from "lit/html.js";

import { fill, word } from "../model/fill";
import { bytes, dayAndClock, duration, spanText } from "../model/format";
import type { Manifest } from "../model/manifest";
import type { Opened } from "../model/package";
import { codecName, fileName } from "../model/playback";
import { utcSpanText, utcText, zoneText } from "../model/zone_text";
import { saveFile } from "../save";
import { common, status } from "../strings/of_pages";
import { manner } from "./page";

/** The content as it is shown: a film by its blob address, or words. */
export type FilmState =
  | { readonly kind: "film"; readonly url: string; readonly playable: boolean; readonly failed: () => void }
  | { readonly kind: "words"; readonly text: string };

function span(start: number, end: number): TemplateResult {
  return html`${spanText(start, end, manner, true)}<br>
    <small>${utcSpanText(start, end)}</small>`;
}

function film(manifest: Manifest, state: FilmState & { kind: "film" }): TemplateResult {
  const codec = codecName(manifest.video_codec ?? "");
  if (!state.playable) {
    return html`<p class="notice warning" role="alert" data-testid="cannot-play">
      ${fill(status.cannotPlay, { codec })}
    </p>`;
  }
  const checkPicture = (event: Event): void => {
    // Some browsers play the sound of a film whose pictures they do not know.
    if (event.target instanceof HTMLVideoElement && event.target.videoWidth === 0) state.failed();
  };
  return html`<video
      controls
      playsinline
      .muted=${true}
      preload="auto"
      src=${state.url}
      aria-label=${status.videoLabel}
      data-testid="video"
      @error=${state.failed}
      @loadedmetadata=${checkPicture}
    ></video>
    <p class="hint">${manifest.audio ? status.sound : status.silent}</p>`;
}

function content({ manifest }: Opened, state: FilmState): TemplateResult {
  return html`<h2 tabindex="-1">${state.kind === "film" ? status.clip : status.words}</h2>
    ${state.kind === "film"
      ? film(manifest, state)
      : html`<p class="words" data-testid="words">${state.text}</p>`}`;
}

function saving({ manifest, content: blob, jws }: Opened): TemplateResult {
  const clip = manifest.content.name === "clip.mp4";
  const start = manifest.covered?.start ?? manifest.consent.at;
  const saveContent = (): void => {
    const type = clip ? "video/mp4" : "text/plain";
    saveFile(new Blob([blob], { type }), fileName(clip ? "clip" : "answer", start));
  };
  const saveManifest = (): void => {
    saveFile(new Blob([jws], { type: "application/octet-stream" }), fileName("manifest", start));
  };
  return html`<div class="buttons">
      <button type="button" class="primary" data-testid="save-content" @click=${saveContent}>
        ${clip ? status.save : status.saveWords}
      </button>
      <button type="button" data-testid="save-manifest" @click=${saveManifest}>
        ${status.saveManifest}
      </button>
    </div>
    <p class="hint">${status.saveHint}</p>`;
}

function checks({ manifest, sha256 }: Opened): TemplateResult {
  const { title, sealed, signature, digest, request, limits } = status.checks;
  const size = bytes(manifest.content.size, manner.locale);
  return html`<h3>${title}</h3>
    <ul class="checks" data-testid="checks">
      <li>${sealed}</li>
      <li>${signature}</li>
      <li>
        ${fill(digest, { size })}
        <span class="digest" data-testid="digest">${sha256}</span>
      </li>
      <li>${request}</li>
    </ul>
    <p class="hint">${limits}</p>`;
}

function row(name: string, value: unknown): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

function picture({ width, height, video_codec: codec }: Manifest): string | null {
  if (!width || !height) return null;
  return fill(status.facts.pictureText, { width, height, codec: codecName(codec ?? "") });
}

function facts(manifest: Manifest): TemplateResult {
  const { title, covered, length, asked, camera, cameraText, picture: shape, changes, consent } =
    status.facts;
  const { identity } = manifest;
  const shown = manifest.covered;
  const seen = picture(manifest);
  return html`<h3>${title}</h3>
    <dl data-testid="facts">
      ${shown ? row(covered, span(shown.start, shown.end)) : nothing}
      ${shown ? row(length, duration(shown.seconds, manner.locale)) : nothing}
      ${row(asked, span(manifest.asked.start, manifest.asked.end))}
      ${manifest.camera === null
        ? nothing
        : row(camera, fill(cameraText, { n: manifest.camera }))}
      ${seen === null ? nothing : row(shape, seen)}
      ${manifest.transformations.length === 0
        ? nothing
        : row(
            changes,
            html`<ul>
              ${manifest.transformations.map((change) => html`<li>${word(common.changes, change)}</li>`)}
            </ul>`,
          )}
      ${row(consent, time(manifest.consent.at))}
      ${identity === null
        ? nothing
        : row(status.facts.identity, html`<span class="purpose" data-testid="identity">${identity}</span>`)}
    </dl>
    <p class="hint">${fill(status.local, { zone: zoneText(manner.zone, manifest.asked.start) })}</p>`;
}

function time(at: number): TemplateResult {
  return html`${dayAndClock(at, manner)}<br><small>${utcText(at)}</small>`;
}

function terms({ terms: agreed }: Manifest): TemplateResult {
  const { title, purpose, deleteBy, onward, onwardNo, onwardYes } = status.terms;
  return html`<h3>${title}</h3>
    <dl data-testid="terms">
      ${row(purpose, html`<span class="purpose" data-testid="purpose">${agreed.purpose}</span>`)}
      ${row(deleteBy, time(agreed.delete_by))}
      ${row(onward, agreed.onward_sharing ? onwardYes : onwardNo)}
    </dl>`;
}

export function openedView(opened: Opened, state: FilmState): TemplateResult {
  return html`${content(opened, state)} ${saving(opened)} ${terms(opened.manifest)}
  ${checks(opened)} ${facts(opened.manifest)}`;
}
