/** What a requester's desk remembers on a device, where its user wants that: link and secret. */

import { nullable, object, text, type Checked } from "./shape";

const NAME = "clip-consent-desk";
/** Without a token it is the secret of somebody whose link works no more: a new one may come. */
const kept = object({ token: nullable(text), secret: nullable(text) });
export type Kept = Checked<typeof kept>;

export class KeptDesk {
  readonly #storage: () => Storage;

  /** A browser may refuse even to hand its storage over. */
  constructor(storage: () => Storage) {
    this.#storage = storage;
  }

  read(): Kept | null {
    try {
      const found = this.#storage().getItem(NAME);
      return found === null ? null : kept(JSON.parse(found));
    } catch {
      return null; // switched off, or not ours
    }
  }

  /** Tell whether it will be there next time. */
  write(what: Kept): boolean {
    try {
      this.#storage().setItem(NAME, JSON.stringify(what));
      return true;
    } catch {
      return false; // full, or switched off
    }
  }

  forget(): void {
    try {
      this.#storage().removeItem(NAME);
    } catch {
      // Nothing was kept there.
    }
  }
}
