/** Made by the build of what `part_texts` lists: see `panel_texts.mjs`. */

import type { LanguageName } from "../model/language";
import type { PART_TEXTS } from "./part_texts";

export type TextPart = keyof typeof PART_TEXTS;

/** The texts of a language that come first, and how to load the others. */
export interface Spoken {
  readonly common: object;
  readonly panel: object;
  readonly later: Readonly<Record<TextPart, () => Promise<object>>>;
}

export declare const LOADERS: Readonly<Record<LanguageName, () => Promise<Spoken>>>;
