/**
 * Whether a hub published what was sent to it. Homes seal their answers to the key that they
 * read there: a hub that published another one could open them.
 */

import { logPage, parseText, readItem, whereabouts, type DeskRequest, type Item, type Recorded } from "./portal_wire";
import { callHub } from "./portal_call";

const SAME = ["title", "text", "start", "end", "contact", "case_number", "recipient"] as const;

/** Tell whether an entry of the log publishes this request, as it was sent. */
export function isAsSent(request: DeskRequest, { entry, beside }: Recorded): boolean {
  if (entry.kind !== "published" || entry.id !== request.id || beside === null) return false;
  const item = readable(beside.text);
  if (item?.type !== "request" || item.id !== request.id) return false;
  const area = JSON.stringify(item.area) === JSON.stringify(request.area);
  return area && SAME.every((name) => item[name] === request[name]);
}

function readable(said: string): Item | null {
  try {
    return readItem(parseText(said));
  } catch {
    return null;
  }
}

/**
 * Looks at each open request once; what nobody answered is looked at the next time. So is one that
 * the hub calls open and has not published, under this id: it may have been under another one.
 */
export class PublishedCheck {
  readonly #known = new Map<string, boolean>();
  readonly #missing = new Set<string>();
  readonly #api: (path: string) => string;

  constructor(api: (path: string) => string) {
    this.#api = api;
  }

  differs(id: string): boolean {
    return this.#known.get(id) === false || this.#missing.has(id);
  }

  async look(requests: readonly DeskRequest[], get: typeof fetch): Promise<void> {
    for (const request of requests) {
      if (request.state !== "open" || this.#known.has(request.id)) continue;
      this.#missing.delete(request.id);
      const found = await this.#entry(request.id, get);
      if (found === "missing") this.#missing.add(request.id);
      else if (found) this.#known.set(request.id, isAsSent(request, found));
    }
  }

  async #entry(id: string, get: typeof fetch): Promise<Recorded | "missing" | null> {
    const where = await callHub({ url: this.#api(`requests/${id}`), check: whereabouts }, get);
    if (where.kind === "not_found") return "missing";
    if (where.kind !== "done") return null;
    const page = await callHub({ url: this.#api(`log?from=${where.value.log}`), check: logPage }, get);
    return page.kind === "done" ? (page.value.entries[0] ?? null) : null;
  }
}
