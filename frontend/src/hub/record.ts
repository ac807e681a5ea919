/** Taking a text out of the public log: the entry is chosen by its words, not by its number. */

import { html, nothing, type TemplateResult } from "lit";

import { fill } from "../model/fill";
import { dayAndClock } from "../model/format";
import { hubCommand } from "../model/hub";
import { callHub } from "../model/portal_call";
import { published } from "../model/portal_log";
import { logPage, type Recorded } from "../model/portal_wire";
import type { Tools } from "./waiting";

const LOG = "/api/clip_consent/portal/v1/log";
const SHOWN = 10;
const WHY = 2000; // characters

/** A text that still stands in the log. */
export interface Words {
  readonly n: number;
  readonly at: number;
  readonly kind: "request" | "note" | "notice";
  readonly title: string;
  readonly text: string;
}

export interface Record {
  readonly state: "closed" | "loading" | "failed" | "there";
  readonly words: readonly Words[];
  readonly shown: number;
  readonly chosen: number | null;
  readonly why: string;
}

export const CLOSED: Record = { state: "closed", words: [], shown: SHOWN, chosen: null, why: "" };

/** All texts that can be taken out, newest first. */
export function wordsOf(log: readonly Recorded[], now: number): Words[] {
  return published(log, now)
    .flatMap(({ n, at, item, notes }): Words[] => {
      const added = notes.flatMap(({ n: number, at: when, text }): Words[] =>
        text === null ? [] : [{ n: number, at: when, kind: "note", title: item?.title ?? "", text }],
      );
      return item ? [...added, { n, at, kind: item.type, title: item.title, text: item.text }] : added;
    })
    .sort((one, other) => other.n - one.n);
}

/** The log as everybody reads it. */
export async function loadRecord(get: typeof fetch): Promise<Record> {
  const log: Recorded[] = [];
  for (;;) {
    const called = await callHub({ url: `${LOG}?from=${log.length + 1}`, check: logPage }, get);
    if (called.kind !== "done") return { ...CLOSED, state: "failed" };
    if (called.value.entries.length === 0) break;
    log.push(...called.value.entries);
  }
  try {
    return { ...CLOSED, state: "there", words: wordsOf(log, Date.now()) };
  } catch {
    return { ...CLOSED, state: "failed" };
  }
}

export interface Redacting extends Tools {
  readonly record: Record;
  readonly change: (record: Record) => void;
  readonly load: () => void;
}

function choiceView(one: Words, { texts, manner, record, change }: Redacting): TemplateResult {
  const when = dayAndClock(one.at, manner);
  return html`<label class="choice" data-testid="entry" data-n=${one.n}>
    <input type="radio" name="n" required .checked=${record.chosen === one.n} @change=${() => change({ ...record, chosen: one.n })}>
    <span>
      <strong dir="auto">${one.title}</strong><br>
      <small class="soft">${fill(texts.entry, { kind: texts.recordKinds[one.kind], n: one.n, when })}</small>
      <span class="words" dir="auto">${one.text}</span>
    </span>
  </label>`;
}

function formView(tools: Redacting): TemplateResult {
  const { texts, working, call, record, change, load } = tools;
  const { words, shown, chosen, why } = record;
  if (words.length === 0) return html`<p data-testid="no-words">${texts.noWords}</p>`;
  const redact = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (await call(hubCommand("redact"), { n: chosen, why }, texts.redacted)) load();
  };
  return html`<form @submit=${redact} data-testid="redact">
    <fieldset>
      <legend>${texts.choose}</legend>
      ${words.slice(0, shown).map((one) => choiceView(one, tools))}
    </fieldset>
    ${words.length > shown
      ? html`<button type="button" class="plain" data-testid="more" @click=${() => change({ ...record, shown: shown + SHOWN })}>
          ${texts.more}
        </button>`
      : nothing}
    <div>
      <label for="why">${texts.why}</label>
      <textarea
        id="why"
        rows="2"
        maxlength=${WHY}
        required
        .value=${why}
        @input=${(event: InputEvent) => change({ ...record, why: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
    </div>
    <button type="submit" class="danger" ?disabled=${working}>${texts.redact}</button>
  </form>`;
}

function bodyView(tools: Redacting): TemplateResult {
  const { texts, record, load } = tools;
  if (record.state === "there") return formView(tools);
  if (record.state !== "failed") return html`<p role="status">${texts.loading}</p>`;
  return html`<p class="notice error" role="alert">${texts.noRecord}</p>
    <button type="button" @click=${load}>${texts.again}</button>`;
}

export function recordView(tools: Redacting): TemplateResult {
  const { texts, record, change, load } = tools;
  const toggle = (event: Event): void => {
    if (!(event.target as HTMLDetailsElement).open) change(CLOSED);
    else if (record.state === "closed") load();
  };
  return html`<section class="fold">
    <details data-testid="record" @toggle=${toggle}>
      <summary>${texts.redact}</summary>
      <p>${texts.redactHelp}</p>
      ${bodyView(tools)}
    </details>
  </section>`;
}
