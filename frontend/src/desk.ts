/** The panel's end of the line: the subscription, the commands, what both have told. */

import type { Hass } from "./hass";
import type { KeyPair } from "./keys";
import { absolute } from "./model/address";
import { call, type Command } from "./model/call";
import { isOver, learn, learnCase, mediaOf, type Known, type Media } from "./model/cases";
import { faultOf, faultText } from "./model/errors";
import type { Manner } from "./model/format";
import type { Look } from "./model/history";
import { KeptLinks } from "./model/kept_links";
import type { LanguageName } from "./model/language";
import { withKey } from "./model/link";
import { mannerOf } from "./model/manner";
import type { Choice } from "./model/picker";
import { readEvent, type Case } from "./model/wire";
import { panel } from "./strings/of_panel";

/** Rejects as `callWS` does. */
async function makeKeyPair(): Promise<KeyPair> {
  try {
    return await (await import("./keys")).makeKeyPair();
  } catch {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- told by its code
    throw { code: "key" };
  }
}

/** A test request, and the page of the one who asks. */
export interface SentTest {
  readonly caseId: string;
  readonly link: string;
  /** From when phones may be pushed again, if the test came too soon for it. */
  readonly pushedFrom: number | null;
}

const PATIENCE = 5_000; // milliseconds until a missing snapshot is told

export class Desk {
  known: Known | null = null;
  /** Why there is nothing to show, in words. */
  trouble: string | null = null;
  /** Whether Home Assistant is reached; what is known may be old if not. */
  online = true;
  /** Links with keys in them: made here, kept in this tab only, until the case is over. */
  readonly links = new KeptLinks(() => sessionStorage);
  /** The last test that was sent. Its link has a key in it too; it is gone with the page. */
  test: SentTest | null = null;
  /** What was last chosen for a case: it stands if no clip could be made of it. */
  readonly choices = new Map<string, Choice>();
  /** What was last said of oneself in a case, "" for nothing: it stands too. */
  readonly identities = new Map<string, string>();
  /** Words that were typed and not sent, by what they are for: whatever is drawn meanwhile. */
  readonly typed = new Map<string, string>();
  /** Cases that are over, read from the history. */
  readonly past = new Map<string, Case>();
  /** The case that was last looked at, until its list is back. */
  left: string | null = null;
  /** The last look at the history, for whoever comes back to it from one of its cases. */
  look: Look | null = null;

  #hass: Hass | null = null;
  language: LanguageName = "en";
  #leave: Promise<() => Promise<void>> | null = null;
  #patience = 0;
  readonly #media = new Map<string, Media | null>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get hass(): Hass {
    if (!this.#hass) throw new Error("not connected");
    return this.#hass;
  }

  /** Home Assistant hands over a new object with every state that changes. */
  set hass(hass: Hass) {
    const first = !this.#hass;
    this.#hass = hass;
    if (first) this.connect();
  }

  /** What the home's sentences come in. Another one asks for all of them anew. */
  speak(language: LanguageName): void {
    if (language === this.language) return;
    this.language = language;
    this.past.clear();
    this.look = null;
    if (this.#leave) this.reconnect();
  }

  /** The time by the home's clock, in milliseconds since 1970: what ends there, ends by it. */
  get now(): number {
    return Date.now() + (this.known?.skew ?? 0);
  }

  get manner(): Manner {
    return mannerOf(this.#hass?.locale, this.known?.snapshot.time_zone ?? "UTC");
  }

  connect(): void {
    if (!this.#hass || this.#leave) return;
    this.hass.connection.addEventListener("ready", this.#back);
    this.hass.connection.addEventListener("disconnected", this.#lost);
    this.#join();
  }

  #join(): void {
    const joined = this.hass.connection.subscribeMessage((message) => this.#hear(message), {
      type: "clip_consent/subscribe",
      language: this.language,
    });
    this.#leave = joined;
    this.#wait(() => this.#tell(panel.notLoaded));
    joined.catch((error: unknown) => {
      if (this.#leave !== joined) return;
      this.#tell(this.text(error));
      this.#wait(() => this.reconnect());
    });
  }

  /** Do this in a while, unless a snapshot comes. */
  #wait(then: () => void): void {
    clearTimeout(this.#patience);
    this.#patience = window.setTimeout(then, PATIENCE);
  }

  readonly #lost = (): void => {
    this.online = false;
    this.#changed();
  };

  /** Home Assistant's frontend subscribes again by itself, but fails while we are not loaded. */
  readonly #back = (): void => {
    this.online = true;
    this.#wait(() => this.reconnect());
    this.#changed();
  };

  disconnect(): void {
    this.#hass?.connection.removeEventListener("ready", this.#back);
    this.#hass?.connection.removeEventListener("disconnected", this.#lost);
    const joined = this.#leave;
    this.#leave = null;
    clearTimeout(this.#patience);
    // Rejected: it was told above, and there is nothing to leave.
    joined?.then((leave) => leave()).catch(() => undefined);
  }

  /** Ask for everything anew: the paths to a draft are good for 15 minutes only. */
  reconnect(caseId?: string): void {
    if (caseId !== undefined) this.#media.delete(caseId);
    this.disconnect();
    this.connect();
  }

  /** Call a command; a case in its answer is learnt at once. */
  async call<F extends object, T extends object>(command: Command<F, T>, fields: F): Promise<T> {
    const answer = await call(this.hass, command, fields, this.language);
    if ("case" in answer) this.learn(answer.case as Case);
    return answer;
  }

  learn(one: Case): void {
    this.#tidy([one]);
    if (!this.known) return;
    this.known = learnCase(this.known, one);
    this.#changed();
  }

  find(caseId: string): Case | null {
    return this.known?.cases.get(caseId) ?? this.past.get(caseId) ?? null;
  }

  /** Keep what the history told. */
  remember(cases: readonly Case[]): void {
    for (const one of cases) this.past.set(one.case_id, one);
    this.#tidy(cases);
  }

  media(one: Case): Media | null {
    const media = mediaOf(this.#media.get(one.case_id) ?? null, one, Date.now());
    this.#media.set(one.case_id, media);
    return media;
  }

  /** What went wrong, in words. */
  text(error: unknown): string {
    // a fault of ours is told in a sentence; who looks for it finds it in the console
    if (error instanceof Error) console.error(error);
    return faultText(faultOf(error), panel.faults);
  }

  /** Make a key here and tell the home its public half: the link with the key in it. */
  async keyedLink(register: (recipient: string) => Promise<string>): Promise<string> {
    const { identity, recipient } = await makeKeyPair();
    return withKey(absolute(await register(recipient), location.origin), identity);
  }

  #hear(message: unknown): void {
    const event = readEvent(message);
    if (!event) return;
    if (event.event === "snapshot") {
      clearTimeout(this.#patience);
      this.trouble = null;
      this.online = true;
      this.#keepDone();
    }
    this.known = learn(this.known, event, Date.now());
    this.#tidy(this.known?.cases.values() ?? []);
    this.#changed();
  }

  /** Who has nothing more to fetch needs no link. */
  #tidy(cases: Iterable<Case>): void {
    for (const one of cases) if (isOver(one, this.now)) this.links.delete(one.case_id);
  }

  /** A snapshot holds open cases only; what was just done is still being looked at. */
  #keepDone(): void {
    for (const one of this.known?.cases.values() ?? []) {
      if (one.state === "shared" || one.state === "closed") this.past.set(one.case_id, one);
    }
  }

  #tell(trouble: string): void {
    this.trouble = trouble;
    this.#changed();
  }
}
