/** The desk secret on this page: made or opened, kept by the requester, used for keys. */

import { identityOf, newHint, readSecret, secretFile, secretText } from "../model/portal_secret";
import { loadDeskKeys } from "../public/beside";
import { saveFile } from "../save";
import { fill } from "../model/fill";
import { desk } from "../strings/of_portal";

const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));

export class DeskSecret {
  bytes: Uint8Array | null = null;
  /** As it is written down. */
  text = "";
  /** One that was made here has to be kept before anything is locked with it. */
  kept = true;
  bad = false;
  failed = false;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get ready(): boolean {
    return this.bytes !== null && this.kept;
  }

  async make(): Promise<void> {
    await this.#take(random(32), false);
  }

  /** Open what was typed, or what stands in a file. */
  async open(typed: string): Promise<void> {
    this.failed = false;
    try {
      const { tools } = await loadDeskKeys();
      const found = readSecret(typed, tools);
      this.bad = found === null;
      if (found) await this.#take(found, true);
    } catch {
      this.failed = true;
    }
    this.#changed();
  }

  async #take(bytes: Uint8Array, kept: boolean): Promise<void> {
    this.failed = false;
    try {
      const { tools } = await loadDeskKeys();
      [this.text, this.bytes, this.kept, this.bad] = [secretText(bytes, tools), bytes, kept, false];
    } catch {
      this.failed = true;
    }
    this.#changed();
  }

  forget(): void {
    [this.text, this.bytes, this.kept, this.bad] = ["", null, true, false];
    this.#changed();
  }

  save(hub: string): void {
    const { fileTitle, fileText, recovery, fileName } = desk.secret;
    const sentences = [fill(fileTitle, { hub }), fileText, recovery];
    saveFile(new Blob([secretFile(this.text, sentences)], { type: "text/plain" }), fileName);
  }

  /** The key of a new request: its hint, and its public half. */
  async newKey(): Promise<{ key_hint: string; recipient: string }> {
    if (!this.bytes) throw new Error("no secret");
    const { tools, recipientOf } = await loadDeskKeys();
    const hint = newHint(random);
    return { key_hint: hint, recipient: await recipientOf(identityOf(this.bytes, hint, tools)) };
  }
}
