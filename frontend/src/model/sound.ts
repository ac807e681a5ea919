/** Whether a recording has sound, as far as the draft made of it tells. */

import type { Choice } from "./picker";
import type { Draft } from "./wire";

/** `none`: there was none to take out. */
export type Sound = "with" | "without" | "none";

export function soundOf(draft: Draft): Sound {
  if (draft.audio) return "with";
  return draft.changes.includes("audio_removed") ? "without" : "none";
}

/** Whether it is known that no sound was recorded in all of a choice. */
export function isSilent(choice: Choice, draft: Draft | null): boolean {
  return (
    draft !== null &&
    draft.text === null &&
    soundOf(draft) === "none" &&
    choice.camera === draft.camera_id &&
    choice.start >= draft.start &&
    choice.end <= draft.end
  );
}
