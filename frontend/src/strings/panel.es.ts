import type * as english from "./panel.en";
import type { Texts } from "../model/language";
import { panel as oneCase } from "./es/case";
import { panel as clip } from "./es/clip";
import { panel as history } from "./es/history";
import { panel as ledger } from "./es/ledger";
import { panel as links } from "./es/links";
import { panel as neighbours } from "./es/neighbours";
import { panel as notices } from "./es/notices";
import { panel as frame } from "./es/panel";
import { panel as rules } from "./es/rules";

export { common } from "./es/common";

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
