/** The texts of a hub's pages: English, until another language takes its place. */

import { loadPortalLanguage } from "../public/beside";
import { replaceTexts, type Texts } from "../model/language";
import { alsoSpeak } from "./of_pages";
import * as english from "./portal.en";

export type PortalLanguage = {
  readonly [Part in keyof typeof english]: Texts<(typeof english)[Part]>;
};

export const { portal, desk }: PortalLanguage = structuredClone({ ...english });

alsoSpeak(async (name) => {
  const texts = name === "en" ? english : await loadPortalLanguage(name);
  return () => replaceTexts({ portal, desk }, texts);
});
