/** The texts of the moderators' panel, in all languages: it is loaded by few. */

import type { LanguageName, Texts } from "../model/language";
import { hub as de } from "./de/hub";
import { hub as en } from "./en/hub";
import { hub as es } from "./es/hub";
import { hub as fr } from "./fr/hub";
import { hub as nl } from "./nl/hub";

export type HubTexts = Texts<typeof en>;

export const HUB: Readonly<Record<LanguageName, HubTexts>> = { en, de, es, fr, nl };
