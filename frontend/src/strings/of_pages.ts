/** The texts of the public pages: English, until another language takes its place. */

import { loadLanguage } from "../public/beside";
import { replaceTexts, spokenOf, type LanguageName, type Texts } from "../model/language";
import * as english from "./pages.en";

export type Language = {
  readonly [Part in keyof typeof english]: Texts<(typeof english)[Part]>;
};

export const { ask, common, status }: Language = structuredClone({ ...english });

/** Loads texts of a language; what it returns puts them in. */
type Load = (name: LanguageName) => Promise<() => void>;

const loads: Load[] = [
  async (name) => {
    const texts: Language = name === "en" ? english : await loadLanguage(name);
    return () => replaceTexts({ ask, common, status }, texts);
  },
];

/** Texts of a page that has more of them. They change together. */
export function alsoSpeak(load: Load): void {
  loads.push(load);
}

/** Speak this language from now on. Rejects if its file cannot be loaded. */
export async function speakIn(name: LanguageName): Promise<void> {
  for (const put of await Promise.all(loads.map((load) => load(name)))) put();
}

/**
 * Speak the first of the wanted languages that there is, and return which. If its file
 * cannot be loaded it is English: better than a page that never comes.
 */
export async function speak(wanted: readonly string[]): Promise<LanguageName> {
  const name = spokenOf(wanted);
  if (name === "en") return name;
  try {
    await speakIn(name);
    return name;
  } catch {
    return "en";
  }
}
