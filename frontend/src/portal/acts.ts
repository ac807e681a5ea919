/** What a requester can still do with a request: resolve it, withdraw it, add to it. */

import { clean } from "../model/ask_form";
import type { ActKind } from "../model/portal_acts";
import { callHub } from "../model/portal_call";
import { nothing } from "../model/portal_wire";
import { desk } from "../strings/of_portal";
import { api, refusalText } from "./parts";

/** What is about to be done; nothing is done at one tap. */
export interface Act {
  readonly kind: ActKind;
  readonly doing: boolean;
  readonly failed: string | null;
}

export class Acts {
  #id = "";
  #act: Act | null = null;
  readonly #token: () => string;
  readonly #done: (kind: Act["kind"]) => void;
  readonly #changed: () => void;

  constructor(token: () => string, done: (kind: Act["kind"]) => void, changed: () => void) {
    this.#token = token;
    this.#done = done;
    this.#changed = changed;
  }

  of(id: string): Act | null {
    return id === this.#id ? this.#act : null;
  }

  ask(id: string, kind: Act["kind"]): void {
    this.#id = id;
    this.#show({ kind, doing: false, failed: null });
    document.querySelector<HTMLElement>(`[id="${id}"] :is([data-testid="sure"] [tabindex], #note)`)?.focus();
  }

  leave(): void {
    this.#show(null);
  }

  async run(typed: string): Promise<void> {
    const act = this.#act;
    const text = clean(typed);
    if (!act || act.doing || (act.kind === "note" && text === "")) return;
    this.#show({ ...act, doing: true });
    const body = act.kind === "note" ? { version: 1, text } : { version: 1 };
    const url = api(`requests/${this.#id}/${act.kind}`);
    const called = await callHub({ url, check: nothing, token: this.#token(), body }, fetch.bind(globalThis));
    if (called.kind !== "done") {
      const failed = called.kind === "refused" ? refusalText(called.code) : desk.act.failed;
      this.#show({ ...act, doing: false, failed });
      return;
    }
    this.#show(null);
    this.#done(act.kind);
  }

  #show(act: Act | null): void {
    this.#act = act;
    this.#changed();
  }
}
