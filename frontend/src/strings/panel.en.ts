/** What panel and card say, put together of its areas. */

import { panel as oneCase } from "./en/case";
import { panel as clip } from "./en/clip";
import { panel as history } from "./en/history";
import { panel as ledger } from "./en/ledger";
import { panel as links } from "./en/links";
import { panel as neighbours } from "./en/neighbours";
import { panel as notices } from "./en/notices";
import { panel as frame } from "./en/panel";
import { panel as rules } from "./en/rules";

export { common } from "./en/common";

export const panel = {
  ...frame,
  ...oneCase,
  ...clip,
  ...history,
  ...neighbours,
  ...rules,
  ...ledger,
  ...notices,
  ...links,
} as const;
