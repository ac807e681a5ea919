/** What a line of the ledger says, in words: who, how, why. Digests stay in its details. */

import type { Entry } from "./answers";
import { fill, word } from "./fill";
import type { Names } from "./ledger";

type Words = Readonly<Record<string, string>>;

/** The sentences that facts are told in. */
export interface FactTexts {
  readonly means: Words;
  readonly closed: Words;
  readonly verdicts: Words;
  readonly portals: Words;
  readonly ways: Words;
  readonly accepting: Words;
  /** Flags that are told where they are set. */
  readonly flags: Words;
  /** With one value, `{value}`. */
  readonly values: Words;
  readonly automation: string;
  readonly settings: string;
}

/** In what order they are told. */
const TOLD: readonly string[] = [
  "portal",
  "invite_id",
  "verdict",
  "rule_id",
  "reason",
  "closed",
  "accepting",
  "problem",
  "clause",
  "camera_id",
  "regions_before",
  "regions_after",
  "cameras",
  "count",
  "pushed",
  "later",
  "open",
  "phones",
  "way",
  "storage",
  "may_have_left",
  "withdrawn_too_late",
  "given_up",
  "lost",
  "user_id",
  "means",
];

/** Return the facts of an entry, those that have words. */
export function factsOf({ kind, data }: Entry, names: Names, texts: FactTexts): readonly string[] {
  return TOLD.filter((key) => Object.hasOwn(data, key))
    .map((key) => fact(kind, key, data[key], names, texts))
    .filter((told) => told !== "");
}

function fact(kind: string, key: string, value: unknown, names: Names, texts: FactTexts): string {
  const own = (words: Words): string => word(words, String(value));
  const named = typeof value === "string" && Object.hasOwn(names, value) ? names[value] : undefined;
  switch (key) {
    case "portal":
      return own(texts.portals);
    case "verdict":
      return own(texts.verdicts);
    case "way":
      return own(texts.ways);
    case "means":
      return own(texts.means);
    case "reason":
    case "closed":
      return value === null ? "" : own(texts.closed);
    case "accepting":
      return own(texts.accepting);
    case "user_id":
      return named ?? (value === null ? nobody(kind, texts) : "");
    case "problem":
    case "clause":
      return named ?? (typeof value === "string" ? value : "");
    case "rule_id":
    case "invite_id":
      return named === undefined ? "" : fill(word(texts.values, key), { value: named });
    case "camera_id":
      return named ?? "";
    case "storage":
      return typeof value === "string" ? fill(word(texts.values, key), { value }) : "";
    case "phones":
      return Array.isArray(value) ? value.join(", ") : "";
    case "regions_before":
    case "regions_after":
    case "cameras":
    case "count":
    case "pushed":
    case "later":
    case "open":
      return fill(word(texts.values, key), { value: Number(value) });
    default:
      return value === true ? word(texts.flags, key) : "";
  }
}

/** A decision without a user is an automation's, an end without one is the home's own. */
function nobody(kind: string, texts: FactTexts): string {
  if (kind === "masks_changed") return texts.settings;
  return kind === "closed" ? "" : texts.automation;
}
