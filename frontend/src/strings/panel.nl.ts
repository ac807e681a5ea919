import type * as english from "./panel.en";
import type { Texts } from "../model/language";
import { panel as oneCase } from "./nl/case";
import { panel as clip } from "./nl/clip";
import { panel as history } from "./nl/history";
import { panel as ledger } from "./nl/ledger";
import { panel as links } from "./nl/links";
import { panel as neighbours } from "./nl/neighbours";
import { panel as notices } from "./nl/notices";
import { panel as frame } from "./nl/panel";
import { panel as rules } from "./nl/rules";

export { common } from "./nl/common";

export const panel: Texts<typeof english.panel> = {
  ...frame,
  ...oneCase,
  ...clip,
  ...history,
  ...neighbours,
  ...rules,
  ...ledger,
  ...notices,
  ...links,
};
