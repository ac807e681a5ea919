/**
 * Which texts come with which part of panel and card. What is not listed comes first, with
 * the list of requests.
 */

import type * as english from "./panel.en";

type Names = { readonly [Of in "common" | "panel"]?: readonly (keyof (typeof english)[Of])[] };

export const PART_TEXTS = {
  case: {
    common: ["changes", "copied", "copy", "hideQr", "kinds", "qrAlt", "showQr"],
    panel: [
      "answer",
      "approve",
      "decline",
      "deliveries",
      "discard",
      "draft",
      "free",
      "hiding",
      "identity",
      "key",
      "one",
      "picker",
      "progress",
      "seen",
      "stop",
      "trustText",
      "voluntary",
    ],
  },
  history: { panel: ["deliveries", "history"] },
  ledger: { panel: ["ledger", "rules"] },
  links: { common: ["copied", "copy", "hideQr", "qrAlt", "showQr"], panel: ["links"] },
  map: { panel: ["map"] },
  masks: { panel: ["masks"] },
  neighbours: { common: ["changes"], panel: ["map", "neighbours"] },
  notices: { panel: ["identity", "notices"] },
  rules: { common: ["kinds"], panel: ["ledger", "rules"] },
  seek: { panel: ["one"] },
} as const satisfies Readonly<Record<string, Names>>;

/** Shown by the public pages only. */
export const PAGES_ONLY: readonly (keyof typeof english.common)[] = ["language", "saveFile", "share"];
