/** What the owner says of themselves beside what is sent: nothing, unless they tick it. */

import { clean, LIMITS } from "./ask_form";
import type { Case } from "./wire";

/** As it stands in the form: what was written stays there while the tick is out. */
export interface Identity {
  readonly said: boolean;
  readonly text: string;
}

export const IDENTITY_MAX = LIMITS.name; // characters

/**
 * What to begin with: what goes along with the draft, else what was tried before. Words that
 * went along with what was shared are not ticked for what comes next.
 */
export function identityOf(
  { draft, state }: Pick<Case, "draft" | "state">,
  tried: string | undefined,
): Identity {
  if (state === "shared") return { said: false, text: tried ?? "" };
  const words = (draft ? draft.identity : tried) ?? "";
  return { said: words !== "", text: words };
}

/** The words that would go along; null where some are wanted and none were written. */
export function wordsOf({ said, text }: Identity): string | null {
  if (!said) return "";
  const words = clean(text);
  return words === "" ? null : words;
}
