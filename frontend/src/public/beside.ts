/** What the pages load when they need it; it lies beside them. Browsers ask if it is new. */

import type * as DeskKeys from "../desk_keys";
import type * as Keys from "../keys";
import type * as Open from "../open";
import type { LanguageName } from "../model/language";
import type * as Qr from "../qr";
import type { Language } from "../strings/of_pages";
import type { PortalLanguage } from "../strings/of_portal";
import type * as Verify from "../verify";

async function beside(name: string): Promise<unknown> {
  return import(new URL(name, import.meta.url).href);
}

export const loadDeskKeys = async () => (await beside("desk_keys.js")) as typeof DeskKeys;
export const loadKeys = async () => (await beside("keys.js")) as typeof Keys;
export const loadOpener = async () => (await beside("open.js")) as typeof Open;
export const loadQr = async () => (await beside("qr.js")) as typeof Qr;
export const loadVerify = async () => (await beside("verify.js")) as typeof Verify;
export const loadLanguage = async (name: Exclude<LanguageName, "en">) =>
  (await beside(`pages.${name}.js`)) as Language;
export const loadPortalLanguage = async (name: Exclude<LanguageName, "en">) =>
  (await beside(`portal.${name}.js`)) as PortalLanguage;
