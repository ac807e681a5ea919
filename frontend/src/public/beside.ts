/** What the pages load when they need it; it lies beside them. Browsers ask if it is new. */

import type * as Keys from "../keys";
import type * as Open from "../open";
import type { LanguageName } from "../model/language";
import type * as Qr from "../qr";
import type { Language } from "../strings/of_pages";

async function beside(name: string): Promise<unknown> {
  return import(new URL(name, import.meta.url).href);
}

export const loadKeys = async () => (await beside("keys.js")) as typeof Keys;
export const loadOpener = async () => (await beside("open.js")) as typeof Open;
export const loadQr = async () => (await beside("qr.js")) as typeof Qr;
export const loadLanguage = async (name: Exclude<LanguageName, "en">) =>
  (await beside(`pages.${name}.js`)) as Language;
