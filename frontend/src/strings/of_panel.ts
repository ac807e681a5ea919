/**
 * The texts of panel and card, in one language at a time. There are none before `speak`
 * is done: what takes texts when it is loaded is loaded after that.
 */

import { replaceTexts, spokenOf, type LanguageName, type Texts } from "../model/language";
import type * as english from "./panel.en";

type Language = {
  readonly [Part in keyof typeof english]: Texts<(typeof english)[Part]>;
};

export const common = {} as Language["common"];
export const panel = {} as Language["panel"];

const LOADERS: Readonly<Record<LanguageName, () => Promise<Language>>> = {
  en: () => import("./panel.en"),
  de: () => import("./panel.de"),
  es: () => import("./panel.es"),
  fr: () => import("./panel.fr"),
  nl: () => import("./panel.nl"),
};

/**
 * Speak the first of the wanted languages that there is, and return which. What is on the
 * screen has to be drawn anew.
 */
export async function speak(wanted: readonly string[]): Promise<LanguageName> {
  const name = spokenOf(wanted);
  replaceTexts({ common, panel }, await LOADERS[name]());
  return name;
}
