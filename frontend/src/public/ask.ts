/**
 * The page behind an invite link: fill in, send, keep the link.
 *
 * Nothing is remembered in the browser's storage: it is shared with Home Assistant's own
 * login page, and the key belongs to the person, not to this device.
 */

import { render } from "lit/html.js";

import { loadKeys, loadQr } from "./beside";
import { copyText } from "../clipboard";
import { checkForm, type AskBody, type Answers, type Faults, type Field } from "../model/ask_form";
import { calendarOf, reminders } from "../model/calendar";
import { fill } from "../model/fill";
import { dayAndClock } from "../model/format";
import { linkPage, statusLink } from "../model/link";
import { played } from "../model/playback";
import { send, type Received } from "../model/send";
import { wallDate, wallOf, zonesByArea } from "../model/zone";
import { utcText } from "../model/zone_text";
import { saveFile } from "../save";
import { ask } from "../strings/of_pages";
import { askView, type Phase } from "./ask_view";
import { manner, page, speakTheirs, wait } from "./page";
import { receivedView } from "./received_view";

interface Prepared {
  readonly body: AskBody & { readonly recipient: string };
  readonly identity: string;
}

const main = page();
const video = document.createElement("video");
const codecs = played((type) => video.canPlayType(type));
/** What the browser knows: of where the home is nothing is told. */
const areas = zonesByArea(knownZones());

let answers: Answers = {
  date: "",
  from: "",
  to: "",
  text: "",
  name: "",
  kind: "",
  contact: "",
  caseNumber: "",
};
/** Of the typed times alone: when to look again is told in the reader's own. */
let zone = manner.zone;
let faults: Faults = {};
let phase: Phase = { kind: "filling" };
let failure: string | null = null;
/** What was sent and may have arrived; sent again unchanged, it is one request. */
let prepared: Prepared | null = null;
let received: Received | null = null;
let kept = false;
let copied = false;

/** Browsers of before 2022 list none. */
function knownZones(): string[] {
  try {
    return Intl.supportedValuesOf("timeZone");
  } catch {
    return [];
  }
}

function draw(): void {
  if (received && prepared) drawReceived(received, prepared.identity);
  else render(askView({ answers, zone, areas, played: codecs, faults, phase, failure, changed, submit, edit }), main);
}

function read(): void {
  const form = new FormData(main.querySelector("form") ?? undefined);
  const typed = (name: Field | "zone") => {
    const value = form.get(name);
    return typeof value === "string" ? value : "";
  };
  zone = typed("zone");
  answers = {
    date: typed("date"),
    from: typed("from"),
    to: typed("to"),
    text: typed("text"),
    name: typed("name"),
    kind: typed("kind"),
    contact: typed("contact"),
    caseNumber: typed("caseNumber"),
  };
}

function changed(event: Event): void {
  if (phase.kind !== "filling") return;
  read();
  if (event.target instanceof Element) faults = without(faults, event.target.id);
  draw();
}

const WINDOW: readonly string[] = ["date", "from", "to", "zone"];

/** A fault goes as soon as its field is touched; those of the window go together. */
function without(found: Faults, touched: string): Faults {
  const mended = WINDOW.includes(touched) ? WINDOW : [touched];
  return Object.fromEntries(Object.entries(found).filter(([name]) => !mended.includes(name)));
}

function edit(): void {
  phase = { kind: "filling" };
  failure = null;
  prepared = null; // another text is another request, so it gets another key
  draw();
}

function submit(event: Event): void {
  event.preventDefault();
  if (phase.kind === "sending") return;
  if (phase.kind === "filling") {
    read();
    const checked = checkForm(answers, zone, Date.now());
    faults = "faults" in checked ? checked.faults : {};
    failure = null;
    if ("faults" in checked) {
      draw();
      main.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
      return;
    }
    void sendNow(checked.body);
  } else if (prepared) {
    void sendNow(prepared.body);
  }
}

async function sendNow(body: AskBody): Promise<void> {
  phase = { kind: "sending" };
  failure = null;
  draw();
  try {
    prepared ??= await prepare(body);
  } catch {
    phase = { kind: "filling" };
    failure = ask.failed.key;
    draw();
    return;
  }
  const sent = await send(location.pathname, prepared.body, { fetch: fetch.bind(globalThis), wait });
  if (sent.kind === "received") {
    received = sent;
    draw();
    main.querySelector("h1")?.focus();
    scrollTo(0, 0);
    return;
  }
  if (sent.kind === "refused") {
    phase = { kind: "filling" };
    failure = ask.failed[sent.why];
    prepared = null;
  } else {
    phase = { kind: "uncertain" };
    failure = ask.failed.unreachable;
  }
  draw();
}

/** The key is made before the first byte is sent: only its public half leaves. */
async function prepare(body: AskBody): Promise<Prepared> {
  const { makeKeyPair } = await loadKeys();
  const { identity, recipient } = await makeKeyPair();
  return { body: { ...body, recipient }, identity };
}

function drawReceived(answer: Received, identity: string): void {
  const link = statusLink(location.origin, answer.id, identity);
  const until = answer.look_again_until;
  const keep = (): void => {
    kept = true;
    draw();
  };
  render(
    receivedView({
      link,
      until,
      kept,
      copied,
      canShare: typeof navigator.share === "function",
      copy: () => void copy(link),
      share: () => void share(link, until).then((shared) => shared && keep()),
      save: () => {
        saveFile(linkFile(link, until), `footage-request-${wallDate(wallOf(manner.zone, Date.now()))}.html`);
        keep();
      },
      remind: () => saveFile(calendarFile(until), "footage-request.ics"),
      tick: (event) => {
        kept = event.target instanceof HTMLInputElement && event.target.checked;
        draw();
      },
      drawQr: qrDrawer(link),
    }),
    main,
  );
}

async function copy(link: string): Promise<void> {
  copied = await copyText(link, document);
  if (copied) kept = true;
  else main.querySelector<HTMLInputElement>("#link")?.select();
  draw();
}

async function share(link: string, until: number): Promise<boolean> {
  try {
    await navigator.share({ title: ask.received.fileTitle, text: fileSentences(until).join(" "), url: link });
    return true;
  } catch {
    return false; // changed their mind
  }
}

function fileSentences(until: number): string[] {
  const when = { when: dayAndClock(until, manner), utc: utcText(until) };
  return [ask.received.fileText, fill(ask.received.fileUntil, when)];
}

function calendarFile(until: number): Blob {
  const { calendarFirst: first, calendarLast: last, calendarText } = ask.received;
  const now = Date.now();
  const uid = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const events = reminders(now, until, { first, last });
  return new Blob([calendarOf(events, calendarText, { now, uid })], { type: "text/calendar" });
}

function linkFile(link: string, until: number): Blob {
  return new Blob([linkPage(link, ask.received.fileTitle, fileSentences(until), document.documentElement.lang)], { type: "text/html" });
}

let drawer: ((canvas: Element | undefined) => void) | null = null;

/** The same function for every drawing of the page, so that the code is drawn once. */
function qrDrawer(link: string): (canvas: Element | undefined) => void {
  drawer ??= (canvas) => {
    if (canvas instanceof HTMLCanvasElement) void loadQr().then(({ drawQr }) => drawQr(canvas, link));
  };
  return drawer;
}

addEventListener("beforeunload", (event) => {
  const unsaved = prepared !== null && !kept;
  if (unsaved) event.preventDefault();
});

await speakTheirs(() => ask.title, draw);
draw();
// Ready before it is needed, and a broken connection shows early; not before the page is.
requestAnimationFrame(() => void loadKeys().catch(() => undefined));
