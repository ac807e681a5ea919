import type * as english from "./panel.en";
import type { Texts } from "../model/language";
import { panel as oneCase } from "./fr/case";
import { panel as clip } from "./fr/clip";
import { panel as history } from "./fr/history";
import { panel as ledger } from "./fr/ledger";
import { panel as links } from "./fr/links";
import { panel as neighbours } from "./fr/neighbours";
import { panel as notices } from "./fr/notices";
import { panel as frame } from "./fr/panel";
import { panel as rules } from "./fr/rules";

export { common } from "./fr/common";

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
