/** The form of a new request: what was typed and drawn, and sending it. */

import { isWindow, readWindow } from "../model/ask_form";
import type { Area } from "../model/area";
import { callHub } from "../model/portal_call";
import { EMPTY, faultOf } from "../model/portal_draw";
import { checkRequest, timeFaults, type Bench, type Body, type Faults, type Typed } from "../model/portal_form";
import { submitted, type DeskAnswer, type Info } from "../model/portal_wire";
import { desk } from "../strings/of_portal";
import { manner } from "../public/page";
import { AreaMap } from "./area_map";
import { api, refusalText } from "./parts";

/** Makes the key of a new request: its hint, and its public half. */
export type NewKey = () => Promise<{ readonly key_hint: string; readonly recipient: string }>;

export interface Signed {
  readonly token: string;
  readonly info: Info;
  readonly answer: DeskAnswer;
}

const BLANK: Typed = { date: "", from: "", to: "", title: "", text: "", contact: "", caseNumber: "" };

export class RequestForm {
  typed: Typed = BLANK;
  zone = manner.zone;
  faults: Faults = {};
  phase: "filling" | "sending" | "uncertain" = "filling";
  failure: string | null = null;
  bad: "place" | "corners" | null = null;
  located: "failed" | null = null;
  readonly map: AreaMap;
  /** What was sent and may have arrived; sent again unchanged, it is one request. */
  #prepared: (Body & { readonly recipient: string }) | null = null;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.map = new AreaMap(() => {
      if (this.map.draft !== this.#drawn) this.#drew();
      changed();
    });
  }

  #drawn = EMPTY;

  /** Another area heals its fault. */
  #drew(): void {
    this.#drawn = this.map.draft;
    this.faults = without(this.faults, ["area"]);
  }

  /** Begin with what was asked before. */
  start(from: { title: string; text: string; contact: string; case_number: string; area: Area | null } | null): void {
    this.#prepared = null;
    [this.phase, this.failure, this.faults, this.bad] = ["filling", null, {}, null];
    if (!from) return;
    const { title, text, contact, case_number: caseNumber, area } = from;
    this.typed = { ...this.typed, title, text, contact, caseNumber };
    if (area?.kind === "circle") {
      const { latitude, longitude, radius } = area;
      this.map.set({ ...EMPTY, center: { latitude, longitude }, radius });
    } else if (area) {
      this.map.set({ ...EMPTY, kind: "polygon", corners: area.points });
    }
  }

  clear(): void {
    this.typed = BLANK;
    this.map.set(EMPTY);
    this.start(null);
  }

  read(form: HTMLFormElement, touched: string): void {
    const data = new FormData(form);
    const of = (name: keyof Typed | "zone"): string => {
      const value = data.get(name);
      return typeof value === "string" ? value : "";
    };
    this.zone = of("zone");
    this.typed = {
      ...{ date: of("date"), from: of("from"), to: of("to"), title: of("title") },
      ...{ text: of("text"), contact: of("contact"), caseNumber: of("caseNumber") },
    };
    const times = ["date", "from", "to"];
    this.faults = without(this.faults, [...times, "zone"].includes(touched) ? times : [touched]);
  }

  bench(signed: Signed): Bench {
    return { info: signed.info, kind: signed.answer.requester.kind, zone: this.zone, now: Date.now() };
  }

  /** Faults as they are told: of the area and of times that are all there, while typing. */
  live(signed: Signed): Faults {
    const { limits, cells } = signed.info;
    const area = faultOf(this.map.draft, limits, cells);
    const times = isWindow(readWindow(this.typed, this.zone)) ? timeFaults(this.typed, this.bench(signed)) : {};
    const drawn: Faults = area && area !== "none" && area !== "few" ? { area } : {};
    return { ...times, ...drawn, ...this.faults };
  }

  tell(bad: RequestForm["bad"]): void {
    this.bad = bad;
    this.#changed();
  }

  locate(): void {
    const failed = (): void => {
      this.located = "failed";
      this.#changed();
    };
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        this.located = null;
        this.map.set({ ...this.map.draft, kind: "circle", center: { latitude, longitude } });
      },
      failed,
      { timeout: 10_000 },
    );
  }

  edit(): void {
    this.phase = "filling";
    this.failure = null;
    this.#prepared = null; // another text is another request, so it gets another key
    this.#changed();
  }

  /** Send it; true once the hub has it. */
  async submit(signed: Signed, newKey: NewKey): Promise<boolean> {
    if (this.phase === "sending") return false;
    if (!this.#prepared) {
      const checked = checkRequest(this.typed, this.map.draft, this.bench(signed));
      this.faults = "faults" in checked ? checked.faults : {};
      this.failure = null;
      if ("faults" in checked || !(await this.#prepare(checked.body, newKey))) {
        this.#changed();
        return false;
      }
    }
    return this.#send(signed.token);
  }

  async #prepare(body: Body, newKey: NewKey): Promise<boolean> {
    try {
      this.#prepared = { ...body, ...(await newKey()) };
      return true;
    } catch {
      this.failure = desk.refusals.key;
      return false;
    }
  }

  async #send(token: string): Promise<boolean> {
    this.phase = "sending";
    this.failure = null;
    this.#changed();
    const body = { ...this.#prepared, inbox: null };
    const sent = await callHub({ url: api("requests"), check: submitted, token, body }, fetch.bind(globalThis));
    this.phase = sent.kind === "unreachable" ? "uncertain" : "filling";
    if (sent.kind !== "unreachable") this.#prepared = null;
    if (sent.kind === "done") {
      this.clear();
      return true;
    }
    this.failure = sent.kind === "refused" ? refusalText(sent.code) : desk.refusals[sent.kind];
    this.#changed();
    return false;
  }
}

function without(faults: Faults, fields: readonly string[]): Faults {
  const left = Object.entries(faults).filter(([name]) => !fields.includes(name));
  return Object.fromEntries(left);
}
