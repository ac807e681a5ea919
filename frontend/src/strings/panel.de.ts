import type * as english from "./panel.en";
import type { Texts } from "../model/language";
import { panel as oneCase } from "./de/case";
import { panel as clip } from "./de/clip";
import { panel as history } from "./de/history";
import { panel as ledger } from "./de/ledger";
import { panel as links } from "./de/links";
import { panel as neighbours } from "./de/neighbours";
import { panel as notices } from "./de/notices";
import { panel as frame } from "./de/panel";
import { panel as rules } from "./de/rules";

export { common } from "./de/common";

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
