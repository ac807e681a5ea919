/** A case in one line: what it is called, and how it stands. */

import { html, type TemplateResult } from "lit";

import { fill } from "../model/fill";
import { dayAndClock, spanText, type Manner } from "../model/format";
import type { Case, Request } from "../model/wire";
import { panel } from "../strings/of_panel";

/** The owner's own name for the requester, or how the request came: never a stranger's word. */
export function heading({ label, portal, trust }: Request): string {
  if (portal === "test") return panel.list.came.test; // the label is who pressed the button
  if (label !== "") return label;
  return portal === "service" ? panel.list.came.service : panel.trust[trust];
}

/** What is asked for; of a comment there is no time of footage. */
function about({ name, portal, start, end }: Request, manner: Manner): string {
  return portal === "notice" ? panel.list.came.notice : `${name} · ${spanText(start, end, manner)}`;
}

/** A line of a list: who, for when, how it stands. */
export function caseLine(one: Case, manner: Manner): TemplateResult {
  const { request, state, closed } = one;
  const standing = closed === null ? panel.states[state] : panel.closed[closed];
  const received = fill(panel.list.received, { when: dayAndClock(request.received_at, manner) });
  return html`<strong>${heading(request)}</strong>
    <span>${about(request, manner)}</span>
    <small>${standing} · ${received}</small>`;
}
