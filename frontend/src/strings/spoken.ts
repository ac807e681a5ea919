/** The texts that are shown: English, until another language takes its place. */

import { loadLanguage } from "../beside";
import { replaceTexts, spokenOf, type LanguageName, type Texts } from "../model/language";
import * as english from "./en";

/** What a language file exports. */
export type Language = {
  readonly [Part in keyof typeof english]: Texts<(typeof english)[Part]>;
};

export const { ask, common, panel, status }: Language = structuredClone({ ...english });

let spoken: LanguageName = "en";

/**
 * Speak the first of the wanted languages that there is, and return which. What is on the
 * screen has to be drawn anew. If its file cannot be loaded, all stays as it is.
 */
export async function speak(wanted: readonly string[]): Promise<LanguageName> {
  const name = spokenOf(wanted);
  if (name === spoken) return spoken;
  try {
    const language: Language = name === "en" ? english : await loadLanguage(name);
    replaceTexts({ ask, common, panel, status }, language);
    spoken = name;
  } catch {
    // English is better than a page that never comes
  }
  return spoken;
}
