/** Notices of hubs: what the panel is told, and the commands about them. */

import { anyAnswer, caseAnswer } from "./answers";
import { characters, clean } from "./ask_form";
import type { Command } from "./call";
import { flag, list, nullable, object, oneOf, text, time, type Check, type Checked } from "./shape";

const notice = object({
  notice_id: text,
  portal_id: text,
  label: text,
  title: text,
  text,
  author: oneOf(["operator", "neighbour"]),
  published_at: time,
  expires_at: time,
  comments: flag,
});
export type Notice = Checked<typeof notice>;

const comment = object({ delivery_id: text, came_at: nullable(time), text: nullable(text), identity: text });
/** What somebody said to a notice of this home: a stranger's words. */
export type Comment = Checked<typeof comment>;

const written = object({
  written_id: text,
  label: text,
  title: text,
  text,
  state: oneOf(["waiting", "sent", "refused"]),
  written_at: time,
  due_at: time,
  problem_text: nullable(text),
  takes_comments: flag,
  at_hub: nullable(text),
  comments: list(comment),
});
export type Written = Checked<typeof written>;

const reach = object({ portal_id: text, label: text, cell: nullable(text), cells: list(text) });
export type Reach = Checked<typeof reach>;

export const noticesTold = object({
  notices: list(notice),
  written: list(written),
  hubs: list(reach),
});
export type NoticesTold = Checked<typeof noticesTold>;

function command<F>() {
  return <T>(name: string, answer: Check<T>): Command<F, T> => ({
    type: `clip_consent/${name}`,
    answer,
  });
}

interface OfNotice {
  portal_id: string;
  notice_id: string;
}

export const NOTICES = "clip_consent/notices";
export const NOTICE_COMMANDS = {
  dismiss: command<OfNotice>()("dismiss_notice", anyAnswer),
  comment: command<OfNotice & { text: string; identity: string }>()("comment", caseAnswer),
  send: command<{ portal_id: string; title: string; text: string; cells: string[]; comments: boolean }>()(
    "send_notice",
    anyAnswer,
  ),
  takeBack: command<{ written_id: string }>()("take_back_notice", anyAnswer),
};

/** As docs/portal-protocol.md has them. */
export const NOTICE_LIMITS = { title: 127, text: 2_000, cells: 9 } as const;

export type NoticeFault = "needed" | "titleLong" | "textLong";

/** What is wrong with a notice as it was typed; null if nothing is. */
export function noticeFault(title: string, words: string): NoticeFault | null {
  if (clean(title) === "" || clean(words) === "") return "needed";
  if (characters(clean(title)) > NOTICE_LIMITS.title) return "titleLong";
  return characters(clean(words)) > NOTICE_LIMITS.text ? "textLong" : null;
}

/** Whether a notice can be for all homes of a hub: it names each of its cells. */
export function forAll({ cells }: Reach): boolean {
  return cells.length > 1 && cells.length <= NOTICE_LIMITS.cells;
}

/** Whether something that was written here can still be taken back. */
export function isHeld({ state, due_at: due }: Written, now: number): boolean {
  return state === "waiting" && now < due;
}
