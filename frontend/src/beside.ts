/** The bundles that are loaded when they are needed; each lies beside the one that asks. */

import type * as Keys from "./keys";
import type * as Open from "./open";
import type { LanguageName } from "./model/language";
import type * as Qr from "./qr";
import type { Language } from "./strings/spoken";

/**
 * The query goes along: Python adds the version to the address of the first bundle, and
 * a cached neighbour of an older version must not be loaded with it.
 */
async function beside(name: string): Promise<unknown> {
  const here = new URL(import.meta.url);
  const there = new URL(name, here);
  there.search = here.search;
  return import(there.href);
}

export const loadKeys = async () => (await beside("keys.js")) as typeof Keys;
export const loadOpener = async () => (await beside("open.js")) as typeof Open;
export const loadQr = async () => (await beside("qr.js")) as typeof Qr;
export const loadLanguage = async (name: Exclude<LanguageName, "en">) =>
  (await beside(`${name}.js`)) as Language;
