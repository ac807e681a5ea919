/** Links with a key in them, by case: they outlive a reload of the page, not the tab. */

const PREFIX = "clip-consent-link-";

export class KeptLinks {
  /** Also what there is if the browser keeps nothing. */
  readonly #links = new Map<string, string>();
  readonly #storage: () => Storage;

  /** A browser may refuse even to hand its storage over. */
  constructor(storage: () => Storage) {
    this.#storage = storage;
  }

  get(caseId: string): string | undefined {
    return this.#links.get(caseId) ?? this.#stored(caseId);
  }

  set(caseId: string, link: string): void {
    this.#links.set(caseId, link);
    try {
      this.#storage().setItem(PREFIX + caseId, link);
    } catch {
      // Full, or switched off: it is gone with the page.
    }
  }

  delete(caseId: string): void {
    this.#links.delete(caseId);
    try {
      this.#storage().removeItem(PREFIX + caseId);
    } catch {
      // Nothing was kept there.
    }
  }

  #stored(caseId: string): string | undefined {
    try {
      return this.#storage().getItem(PREFIX + caseId) ?? undefined;
    } catch {
      return undefined;
    }
  }
}
