/** What this browser last saw of a hub's record: so that no other one is put in its place. */

import { HubError } from "./portal_keys";
import type { Recorded, SignedHead } from "./portal_wire";
import { digest, number, object, text, type Checked } from "./shape";

const NAME = "clip-consent-record";
/** A signed head; `at` in milliseconds since 1970, as signed. */
const seen = object({ hub: text, n: number, hash: digest, at: number });
export type Seen = Checked<typeof seen>;

export class KeptHead {
  readonly #storage: () => Storage;

  /** A browser may refuse even to hand its storage over. */
  constructor(storage: () => Storage) {
    this.#storage = storage;
  }

  read(): Seen | null {
    try {
      const found = this.#storage().getItem(NAME);
      return found === null ? null : seen(JSON.parse(found));
    } catch {
      return null; // switched off, or not ours
    }
  }

  write({ hub, n, hash, at }: SignedHead): void {
    try {
      this.#storage().setItem(NAME, JSON.stringify({ hub, n, hash, at }));
    } catch {
      // full, or switched off: the next time is as the first
    }
  }
}

/**
 * Hold a log that was found whole to what was seen of it before. Throws HubError `other`,
 * `rollback` or `fork`, with the entry that was seen last.
 */
export function checkSeen(before: Seen | null, hub: string, log: readonly Recorded[]): void {
  if (!before) return;
  if (before.hub !== hub) throw new HubError("other");
  if (before.n > log.length) throw new HubError("rollback", before.n);
  if (before.n > 0 && log[before.n - 1]?.entry.hash !== before.hash) throw new HubError("fork", before.n);
}
