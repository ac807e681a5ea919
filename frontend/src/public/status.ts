/**
 * The page of one request: says "received", and opens answers.
 *
 * The key stays in the address, behind #, so that a reload and a bookmark keep working. It
 * is never sent, and never stored: the browser's storage is shared with Home Assistant's
 * own login page.
 */

import { render } from "lit/html.js";

import { loadOpener } from "./beside";
import { idOf, keyOf } from "../model/link";
import type { Opened, Why } from "../model/package";
import { canPlay } from "../model/playback";
import {
  look,
  looksAgain,
  type Looked,
  type PublicStatus,
  type StatusDelivery,
} from "../model/status";
import { status } from "../strings/of_pages";
import { page, speakTheirs, wait } from "./page";
import { statusView, type Opening } from "./status_view";

const main = page();
const here = location.pathname.replace(/\/$/, "");
const requestId = idOf(location.pathname) ?? "";

let looked: Looked | null = null;
let lookedAt = 0;
let looking = false;
let known: PublicStatus | null = null;
const openings = new Map<string, Opening>();

const sealedUrl = (id: string): string => `${here}/drop/${id}`;

function draw(): void {
  const key = keyOf(location.hash);
  render(
    statusView({
      looked,
      lookedAt,
      looking,
      keyFault: "fault" in key ? key.fault : null,
      known,
      opening: (id) => openings.get(id) ?? { kind: "closed" },
      open: (delivery) => void open(delivery),
      refresh: () => void refresh(),
      sealedUrl,
    }),
    main,
  );
}

async function refresh(): Promise<void> {
  if (looking) return;
  looking = true;
  draw();
  looked = await look(`${here}/data`, fetch.bind(globalThis));
  if (looked.kind === "status") known = withOpened(looked.status);
  lookedAt = Date.now();
  looking = false;
  draw();
}

/** What is open on this page stays, even if it can be fetched no longer. */
function withOpened(next: PublicStatus): PublicStatus {
  const ids = new Set(next.deliveries.map((delivery) => delivery.id));
  const kept = (known?.deliveries ?? []).filter(
    ({ id }) => !ids.has(id) && openings.get(id)?.kind === "open",
  );
  return { ...next, deliveries: [...kept, ...next.deliveries] };
}

function show(id: string, opening: Opening): void {
  openings.set(id, opening);
  draw();
}

async function open({ id, size }: StatusDelivery): Promise<void> {
  const key = keyOf(location.hash);
  if (!("identity" in key) || openings.get(id)?.kind === "opening") return;
  show(id, { kind: "opening", done: 0 });
  const ended = new AbortController();
  try {
    const { download, openPackage, toolsFor } = await loadOpener();
    const sealed = download(sealedUrl(id), size, {
      fetch: fetch.bind(globalThis),
      wait,
      progress: progressOf(id, ended.signal),
      signal: ended.signal,
    });
    await showOpened(id, await openPackage(sealed, requestId, toolsFor(key.identity)));
  } catch (error) {
    show(id, { kind: "failed", why: whyOf(error) });
  } finally {
    ended.abort();
  }
}

/** Told for every chunk, drawn ten times a second at most, and never after the end. */
function progressOf(id: string, ended: AbortSignal): (done: number) => void {
  let drawn = 0;
  return (done) => {
    const now = Date.now();
    if (ended.aborted || (done < 1 && now - drawn < 100)) return;
    drawn = now;
    show(id, { kind: "opening", done });
  };
}

function whyOf(error: unknown): Why | "browser" {
  // Its class lives in the lazy bundle.
  return error instanceof Error && "why" in error ? (error.why as Why) : "browser";
}

async function showOpened(id: string, opened: Opened): Promise<void> {
  if (opened.manifest.content.name === "answer.txt") {
    const text = await opened.content.text();
    show(id, { kind: "open", opened, film: { kind: "words", text } });
    return;
  }
  const video = document.createElement("video");
  const playable = canPlay(opened.manifest.video_codec ?? "", (type) => video.canPlayType(type));
  // The type is ours: this address is on Home Assistant's own origin.
  const url = URL.createObjectURL(new Blob([opened.content], { type: "video/mp4" }));
  const draft = (plays: boolean): Opening => ({
    kind: "open",
    opened,
    film: { kind: "film", url, playable: plays, failed: () => show(id, draft(false)) },
  });
  show(id, draft(playable));
}

function lookIfDue(): void {
  const visible = document.visibilityState === "visible";
  if (looked && looksAgain(looked, lookedAt, Date.now(), visible)) void refresh();
}

await speakTheirs(() => status.title, draw);
addEventListener("hashchange", draw);
document.addEventListener("visibilitychange", lookIfDue);
setInterval(lookIfDue, 10_000);
void refresh();
