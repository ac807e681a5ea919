/**
 * The texts of panel and card, in one language at a time. There are none before `speak` is
 * done, and those of a part not before `learn` is: whoever holds a group of texts when it is
 * loaded holds what they are put into.
 */

import { replaceTexts, spokenOf, type LanguageName, type Texts } from "../model/language";
import type * as english from "./panel.en";
import { LOADERS, type Spoken, type TextPart } from "./panel_texts";

type Language = { readonly [Of in "common" | "panel"]: Texts<(typeof english)[Of]> };

export const common = {} as Language["common"];
export const panel = {} as Language["panel"];

let spoken: Spoken | null = null;
let wantedLast: LanguageName | null = null;
const learnt = new Set<TextPart>();

/**
 * Speak the first of the wanted languages that there is, and return which. What is on the
 * screen has to be drawn anew. Null, and nothing changes, if another was wanted meanwhile.
 * Rejects, and speaks as before, if its texts cannot be loaded.
 */
export async function speak(wanted: readonly string[]): Promise<LanguageName | null> {
  const name = spokenOf(wanted);
  wantedLast = name;
  const first = await LOADERS[name]();
  const more = await Promise.all([...learnt].map((part) => first.later[part]()));
  if (name !== wantedLast) return null; // its texts came late
  spoken = first;
  for (const texts of [{ common: first.common, panel: first.panel }, ...more]) {
    replaceTexts({ common, panel }, texts);
  }
  return name;
}

/** Learn the texts of a part, in what is spoken. Rejects if they cannot be loaded. */
export async function learn(part: TextPart): Promise<void> {
  const language = spoken;
  if (!language) throw new Error("not spoken yet");
  learnt.add(part); // another language has to have them too
  const texts = await language.later[part]();
  if (language === spoken) replaceTexts({ common, panel }, texts);
  else await learn(part);
}
