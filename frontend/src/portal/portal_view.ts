/** A hub's public page: whether its record is whole, what was asked, and by which rules. */

import { html, nothing, type TemplateResult } from "lit/html.js";

import { count, fill } from "../model/fill";
import { dayAndClock } from "../model/format";
import type { HubError } from "../model/portal_keys";
import { hubWords } from "../model/portal_keys";
import type { Published, Restored } from "../model/portal_log";
import type { Seen } from "../model/portal_seen";
import type { Coverage, Info, SignedHead } from "../model/portal_wire";
import { insecureNotice, manner } from "../public/page";
import { portal } from "../strings/of_portal";
import { aboutView } from "./about_view";
import { noticeView, requestView } from "./published_view";

/** What the browser found out about the record. */
export type Verdict =
  | { readonly kind: "checking" }
  | { readonly kind: "good"; readonly head: SignedHead; readonly before: Seen | null }
  | {
      readonly kind: "bad";
      readonly why: HubError["why"] | "browser";
      readonly n: number;
      /** That of a record which is whole, but not the one that was seen before. */
      readonly head?: SignedHead;
    };

export interface Loaded {
  readonly info: Info;
  readonly coverage: Coverage | null;
  readonly all: readonly Published[];
  readonly restored: readonly Restored[];
}

export interface View {
  readonly trouble: "not_found" | "unreachable" | null;
  readonly loaded: Loaded | null;
  readonly verdict: Verdict;
  /** How many of those that are over are shown. */
  readonly shown: number;
  readonly more: () => void;
  readonly retry: () => void;
  readonly save: () => void;
  readonly believe: (head: SignedHead) => void;
}

function howView(): TemplateResult {
  const { title, local, voluntary, sealed, public: open, desk } = portal.how;
  return html`<section class="notice" data-testid="how">
    <h2>${title}</h2>
    <ul>
      ${[local, voluntary, sealed, open].map((one) => html`<li>${one}</li>`)}
    </ul>
    <p class="buttons"><a class="button" href="portal/desk" data-testid="to-desk">${desk}</a></p>
  </section>`;
}

function outcome(verdict: Verdict): TemplateResult {
  const { check } = portal;
  if (verdict.kind === "checking") return html`<p>${check.checking}</p>`;
  if (verdict.kind === "bad") {
    return html`<p><strong>${check.bad}</strong> ${fill(check.faults[verdict.why], { n: verdict.n })}</p>`;
  }
  const { head, before } = verdict;
  const said = { when: dayAndClock(head.at, manner), entries: count(check.entries, head.n) };
  return html`<p>${fill(head.n === 0 ? check.empty : check.good, said)}</p>
    ${before && before.n > 0
      ? html`<p data-testid="continued">
          ${fill(check.continued, { n: before.n, when: dayAndClock(before.at, manner) })}
        </p>`
      : nothing}
    <p class="hint">${check.limits}</p>`;
}

function restoredView(restored: readonly Restored[]): TemplateResult[] {
  const { restored: known, restoredUnsure: unknown } = portal.check;
  return restored.map(({ n, at, lost }) => {
    const said = { n, when: dayAndClock(at, manner), lost: lost ?? 0 };
    return html`<p data-testid="restored">${fill(lost === null ? unknown : known, said)}</p>`;
  });
}

function believeView({ verdict, believe }: View): TemplateResult | typeof nothing {
  const head = verdict.kind === "bad" ? verdict.head : undefined;
  if (!head) return nothing;
  return html`<p>${portal.check.believeHelp}</p>
    <div class="buttons">
      <button type="button" data-testid="believe" @click=${() => believe(head)}>${portal.check.believe}</button>
    </div>`;
}

function checkView(view: View, { info, restored }: Loaded): TemplateResult {
  const { verdict, save } = view;
  const { check } = portal;
  const style = { checking: "", good: "good", bad: "error" }[verdict.kind];
  return html`<section class="notice ${style}" data-testid="check" data-kind=${verdict.kind}>
    <h2>${check.title}</h2>
    <div role=${verdict.kind === "bad" ? "alert" : "status"} data-testid="verdict">${outcome(verdict)}</div>
    ${restoredView(restored)} ${believeView(view)}
    <dl>
      <dt>${check.words}</dt>
      <dd><code data-testid="hub-words">${hubWords(info.hub)}</code></dd>
      ${verdict.kind === "good" && verdict.head.n > 0
        ? html`<dt>${check.head}</dt>
            <dd>
              ${fill(check.entry, { n: verdict.head.n })}
              <span class="digest" data-testid="head">${verdict.head.hash}</span>
            </dd>`
        : nothing}
    </dl>
    <div class="buttons">
      <button type="button" data-testid="save-log" @click=${save}>${check.save}</button>
    </div>
  </section>`;
}

function requestsView({ shown, more }: View, all: readonly Published[]): TemplateResult {
  const { title, none, noneOpen, openOnes, over } = portal.requests;
  const requests = all.filter(({ item }) => item?.type !== "notice");
  const open = requests.filter(({ state }) => state === "open");
  const past = requests.filter(({ state }) => state !== "open");
  return html`<section class="plain" data-testid="requests">
    <h2>${title}</h2>
    <p>${requests.length === 0 ? none : open.length === 0 ? noneOpen : count(openOnes, open.length)}</p>
    ${open.map((one) => requestView(one))}
    ${past.length === 0 ? nothing : html`<h3>${count(over, past.length)}</h3>`}
    ${past.slice(0, shown).map((one) => requestView(one))}
    ${past.length > shown
      ? html`<button type="button" data-testid="more" @click=${more}>${portal.requests.more}</button>`
      : nothing}
  </section>`;
}

function noticesView(all: readonly Published[]): TemplateResult {
  const notices = all.filter(({ item }) => item?.type === "notice");
  return html`<section class="plain" data-testid="notices">
    <h2>${portal.notices.title}</h2>
    ${notices.length === 0 ? html`<p>${portal.notices.none}</p>` : notices.map((one) => noticeView(one))}
  </section>`;
}

function troubleView({ trouble, retry }: View): TemplateResult {
  if (trouble === null) return html`<p role="status">${portal.loading}</p>`;
  return html`<section class="notice error" role="alert" data-testid="trouble">
    <p>${trouble === "not_found" ? portal.notFound : portal.unreachable}</p>
    <div class="buttons"><button type="button" @click=${retry}>${portal.retry}</button></div>
  </section>`;
}

export function portalView(view: View): TemplateResult {
  const { loaded } = view;
  if (!loaded) return html`<h1>${portal.title}</h1>${insecureNotice(portal.insecure)}${troubleView(view)}`;
  return html`<h1><bdi>${loaded.info.name}</bdi></h1>
    <p class="lead">${portal.lead}</p>
    ${insecureNotice(portal.insecure)} ${howView()} ${checkView(view, loaded)}
    ${requestsView(view, loaded.all)} ${noticesView(loaded.all)} ${aboutView(loaded)}`;
}
