/**
 * The page of one request: says "received", and opens answers.
 *
 * The key stays in the address, behind #, so that a reload and a bookmark keep working. It
 * is never sent, and never stored: the browser's storage is shared with Home Assistant's
 * own login page.
 */

import { render } from "lit/html.js";

import { idOf, keyOf } from "../model/link";
import {
  look,
  looksAgain,
  type Looked,
  type PublicStatus,
  type StatusDelivery,
} from "../model/status";
import { status } from "../strings/of_pages";
import { Opener } from "./opener";
import { page, speakTheirs } from "./page";
import { statusView } from "./status_view";

const main = page();
const here = location.pathname.replace(/\/$/, "");
const requestId = idOf(location.pathname) ?? "";

let looked: Looked | null = null;
let lookedAt = 0;
let looking = false;
let known: PublicStatus | null = null;
const opener = new Opener(draw);

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
      opening: (id) => opener.of(id),
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
    ({ id }) => !ids.has(id) && opener.of(id).kind === "open",
  );
  return { ...next, deliveries: [...kept, ...next.deliveries] };
}

async function open({ id, size }: StatusDelivery): Promise<void> {
  const key = keyOf(location.hash);
  if (!("identity" in key) || opener.of(id).kind === "opening") return;
  await opener.open({ id, size, url: sealedUrl(id), requestId, identity: key.identity });
  focusOutcome(id);
}

/** The button that was pressed is gone. Who went on to something else stays there. */
function focusOutcome(id: string): void {
  const at = document.activeElement;
  if (at !== null && at !== document.body) return;
  main.querySelector<HTMLElement>(`#answer-${CSS.escape(id)} [tabindex="-1"]`)?.focus();
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
