/** Notices of the hub's own: how they stand, taking one back, and what homes said to them. */

import { html, nothing, type TemplateResult } from "lit";

import { count, fill } from "../model/fill";
import { dayAndClock } from "../model/format";
import { hubCommand, type Comment, type Comments, type PostedNotice } from "../model/hub";
import type { Asked, Tools } from "./waiting";

/** The comments that a moderator opened, and on which notice. */
export type Heard = { readonly id: string; readonly comments: Comments } | null;

export interface Posting extends Tools {
  readonly asked: Asked;
  readonly ask: (asked: Asked) => void;
  readonly heard: Heard;
  readonly hear: (id: string) => void;
}

/** Words of a stranger: they stand in text nodes. */
function commentView(one: Comment, { texts, manner }: Posting): TemplateResult {
  return html`<li data-testid="comment">
    <p class="words" dir="auto" data-testid="comment-text">${one.text}</p>
    <p class="soft">
      ${dayAndClock(one.came_at, manner)}
      ${one.identity === ""
        ? nothing
        : html`· ${texts.says} <bdi data-testid="comment-identity">${one.identity}</bdi>`}
    </p>
  </li>`;
}

function heardView({ comments, unreadable, more }: Comments, tools: Posting): TemplateResult {
  const { texts } = tools;
  return html`<ul data-testid="comments">
      ${comments.map((one) => commentView(one, tools))}
    </ul>
    ${unreadable === 0
      ? nothing
      : html`<p class="soft" data-testid="unreadable">${count(texts.unreadable, unreadable)}</p>`}
    ${more ? html`<p class="soft">${texts.moreComments}</p>` : nothing}`;
}

function commentsView(one: PostedNotice, tools: Posting): TemplateResult {
  const { texts, working, heard, hear } = tools;
  if (one.comments === null) return html`<p class="soft">${texts.noComments}</p>`;
  if (one.comments === 0) return html`<p class="soft">${texts.noneYet}</p>`;
  return html`<p data-testid="comment-count">${count(texts.comments, one.comments)}</p>
    ${heard?.id === one.id ? heardView(heard.comments, tools) : nothing}
    <div class="buttons">
      <button type="button" data-testid="read-comments" ?disabled=${working} @click=${() => hear(one.id)}>
        ${texts.readComments}
      </button>
    </div>`;
}

function withdrawView(one: PostedNotice, tools: Posting): TemplateResult | typeof nothing {
  const { texts, working, asked, ask, call } = tools;
  if (one.state !== "open") return nothing;
  if (asked?.what !== "withdraw" || asked.id !== one.id) {
    return html`<div class="buttons">
      <button type="button" data-testid="withdraw" @click=${() => ask({ id: one.id, what: "withdraw" })}>
        ${texts.withdraw}
      </button>
    </div>`;
  }
  const withdraw = (): void =>
    void call(hubCommand("withdraw_notice"), { notice_id: one.id }, texts.withdrawn);
  return html`<p>${texts.withdrawAsk}</p>
    <div class="buttons">
      <button type="button" class="danger" data-testid="really-withdraw" ?disabled=${working} @click=${withdraw}>
        ${texts.reallyWithdraw}
      </button>
      <button type="button" class="plain" @click=${() => ask(null)}>${texts.cancel}</button>
    </div>`;
}

function noticeOf(one: PostedNotice, tools: Posting): TemplateResult {
  const { texts, manner } = tools;
  const times = {
    state: texts.states[one.state],
    when: dayAndClock(one.posted_at, manner),
    until: dayAndClock(one.expires_at, manner),
  };
  return html`<section data-testid="posted" data-state=${one.state}>
    <h3 dir="auto">${one.title}</h3>
    <p class="soft">${fill(texts.postedWhen, times)}</p>
    <p class="words" dir="auto">${one.text}</p>
    ${commentsView(one, tools)} ${withdrawView(one, tools)}
  </section>`;
}

export function postedView(notices: readonly PostedNotice[], tools: Posting): TemplateResult | typeof nothing {
  if (notices.length === 0) return nothing;
  const { texts } = tools;
  return html`<h2>${texts.postedHead}</h2>
    <p class="soft">${texts.commentsHelp}</p>
    ${notices.map((one) => noticeOf(one, tools))}`;
}
